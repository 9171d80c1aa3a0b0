//! Groups. Managers and administrators see all groups, others those they belong to.

mod member;
mod request;

use domain::Subject;
use domain::group::{Group, GroupCommand, GroupError};
use domain::user::Role;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use projections::group::GroupView;
use projections::group::queries::{self, GroupReader};
use uuid::Uuid;

pub use self::member::MemberApi;
use self::request::{CreateGroup, GroupResource, UpdateGroup};
use crate::http::{Body, Caller, Created, Ctx, List, NoContent, Problem, Single, Tag, Unversioned};

#[derive(Debug, Clone, Copy)]
pub struct GroupApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Groups")]
impl GroupApi {
    /// Lists groups.
    ///
    /// Managers and administrators see all groups, others the groups they belong to.
    #[oai(path = "/groups", method = "get", operation_id = "listGroups")]
    async fn list_groups(
        &self,
        ctx: Ctx,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<GroupResource>>, Problem> {
        let page = ctx.page("groups", limit.0, cursor.0.as_deref())?;
        ctx.list(page, |after, limit| {
            queries::list(&ctx.pool, reader(&ctx.caller), after, limit)
        })
        .await
    }

    /// Creates a group.
    ///
    /// Requires the manager or admin role.
    #[oai(path = "/groups", method = "post", operation_id = "createGroup")]
    async fn create_group(
        &self,
        ctx: Ctx,
        body: Body<CreateGroup>,
    ) -> Result<Created<GroupResource>, Problem> {
        require_group_manager(&ctx.caller)?;
        let id = Uuid::now_v7();
        let command = GroupCommand::CreateGroup {
            editor: ctx.caller.editor(),
            details: body.value.parse(id).map_err(Problem::refused)?,
        };
        let execution = ctx.creation::<Group>(id, &body.bytes, command);
        ctx.create(execution, |id| find(&ctx, id)).await
    }

    /// Reads a group.
    ///
    /// For its members, managers and administrators.
    #[oai(path = "/groups/:id", method = "get", operation_id = "getGroup")]
    async fn get_group(&self, ctx: Ctx, id: Path<Uuid>) -> Result<Single<GroupResource>, Problem> {
        ctx.get(find(&ctx, id.0)).await
    }

    /// Changes a group.
    ///
    /// Changes the given fields and leaves the others. Requires the admin role, or being the manager of this group.
    #[oai(path = "/groups/:id", method = "patch", operation_id = "updateGroup")]
    async fn update_group(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        body: Body<UpdateGroup>,
    ) -> Result<Single<GroupResource>, Problem> {
        ctx.change::<Group, _>(id.0, &body.bytes, || async {
            let before = find(&ctx, id.0).await?;
            let command = GroupCommand::DescribeGroup {
                editor: ctx.caller.editor(),
                details: body.value.parse(&before).map_err(Problem::refused)?,
            };
            Ok((before.version, command))
        })
        .await?;
        ctx.reply(find(&ctx, id.0)).await
    }

    /// Deletes a group.
    ///
    /// Everything shared with the group is no longer shared with it. Requires the admin role, or being the manager of
    /// this group.
    #[oai(path = "/groups/:id", method = "delete", operation_id = "deleteGroup")]
    async fn delete_group(&self, ctx: Ctx, id: Path<Uuid>) -> Result<NoContent, Problem> {
        let command = GroupCommand::DeleteGroup {
            editor: ctx.caller.editor(),
        };
        ctx.delete(find(&ctx, id.0), |_| {
            ctx.command::<Group>(id.0, b"", command)
                .with_key_destruction(&Subject::new("group", id.0))
        })
        .await
    }
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
