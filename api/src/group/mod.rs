//! Groups. Managers and administrators see all groups, others those they belong to.

mod create;
mod delete;
mod get;
mod list;
mod member;
mod update;
mod wire;

use domain::group::GroupError;
use domain::user::Role;
use poem::Result;
use poem_openapi::{OpenApi, Tags};
use projections::group::GroupView;
use projections::group::queries::{self, GroupReader};
use uuid::Uuid;

use crate::http::{Caller, Ctx, Problem};

/// The area of the contract.
#[derive(Tags)]
pub(crate) enum Tag {
    /// Groups of users, with whom knowledge bases are shared.
    Groups,
}

/// The operations of this feature.
pub(crate) fn operations() -> impl OpenApi {
    (
        list::Operation,
        create::Operation,
        get::Operation,
        update::Operation,
        delete::Operation,
        member::operations(),
    )
}

/// Whether the caller manages groups, and therefore sees all of them.
fn manages_groups(caller: &Caller) -> bool {
    caller.role >= Role::Manager
}

fn require_group_manager(caller: &Caller) -> Result<(), Problem> {
    match manages_groups(caller) {
        true => Ok(()),
        false => Err(Problem::refused(GroupError::NotGroupManager)),
    }
}

/// The caller as a reader of groups.
pub(crate) fn reader(caller: &Caller) -> GroupReader {
    GroupReader {
        id: caller.id,
        manages_groups: manages_groups(caller),
    }
}

/// Finds a group that the caller may see.
async fn find(ctx: &Ctx, id: Uuid) -> Result<GroupView, Problem> {
    queries::find(&ctx.pool, reader(&ctx.caller), id)
        .await?
        .ok_or_else(Problem::not_found)
}
