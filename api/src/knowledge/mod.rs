//! Knowledge bases: the caller's own, those shared with the caller's groups and those for everyone.

mod create;
mod delete;
mod get;
mod list;
mod search;
mod update;
mod wire;

use domain::knowledge::{KnowledgeError, Readers};
use poem::Result;
use poem_openapi::{OpenApi, Tags};
use projections::group::queries as groups;
use projections::knowledge::{KnowledgeBaseView, queries};
use uuid::Uuid;

use self::wire::KnowledgeVisibility;
use crate::group;
use crate::http::{Ctx, Problem};

/// The area of the contract.
#[derive(Tags)]
pub(crate) enum Tag {
    /// Knowledge bases and the documents that assistants answer from.
    Knowledge,
}

/// The operations of this feature.
pub(crate) fn operations() -> impl OpenApi {
    (
        list::Operation,
        create::Operation,
        get::Operation,
        update::Operation,
        delete::Operation,
        search::Operation,
    )
}

/// Resolves the requested readers. The caller must be able to see groups that the knowledge base is not yet shared
/// with.
async fn choose_readers(
    ctx: &Ctx,
    (visibility, group_ids): (Option<KnowledgeVisibility>, Option<&[Uuid]>),
    already: &[Uuid],
) -> Result<Option<Readers>, Problem> {
    let readers = wire::readers(visibility, group_ids).map_err(Problem::refused)?;
    if matches!(readers, Some(Readers::Groups(_))) {
        let ids = group_ids.unwrap_or_default();
        let visible = groups::filter_readable(&ctx.pool, group::reader(&ctx.caller), ids).await?;
        let known = |id: &Uuid| visible.contains(id) || already.contains(id);
        if let Some(place) = ids.iter().position(|id| !known(id)) {
            return Err(Problem::invalid(
                &format!("/group_ids/{place}"),
                "no_such_group",
                "this group does not exist, or you are not a member",
            ));
        }
    }
    Ok(readers)
}

/// Finds a knowledge base that the caller may read.
pub(crate) async fn find(ctx: &Ctx, id: Uuid) -> Result<KnowledgeBaseView, Problem> {
    queries::find(&ctx.pool, ctx.caller.id, id)
        .await?
        .ok_or_else(Problem::not_found)
}

/// Finds a knowledge base that the caller owns.
pub(crate) async fn find_owned(ctx: &Ctx, id: Uuid) -> Result<KnowledgeBaseView, Problem> {
    let base = find(ctx, id).await?;
    match base.owner_id == ctx.caller.id {
        true => Ok(base),
        false => Err(Problem::refused(KnowledgeError::NotOwner)),
    }
}
