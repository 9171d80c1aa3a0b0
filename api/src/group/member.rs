//! Members of groups.

use domain::group::{Group, GroupCommand};
use domain::text;
use domain::user::Role;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use projections::group::queries;
use projections::user::{self, UserView};
use uuid::Uuid;

use super::request::{AddMember, MemberResource};
use super::{find, manages_groups, require_group_manager};
use crate::http::{Body, Created, Ctx, List, NoContent, Problem, Tag, Unversioned};
use crate::state::App;

#[derive(Debug, Clone, Copy)]
pub struct MemberApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Groups")]
impl MemberApi {
    /// Lists the members of a group.
    ///
    /// Email addresses are shown to managers and administrators only.
    #[oai(
        path = "/groups/:id/members",
        method = "get",
        operation_id = "listMembers"
    )]
    async fn list_members(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<MemberResource>>, Problem> {
        let caller = &ctx.caller;
        let query = format!("members of {}", id.0);
        let page = ctx.page(query, limit.0, cursor.0.as_deref())?;
        ctx.list(page, async |after, limit| {
            find(&ctx, id.0).await?;
            let page = queries::members(&ctx.pool, id.0, None, after, limit).await?;
            let for_manager = manages_groups(caller);
            Ok::<_, Problem>(page.map(|member| MemberResource::new(member, for_manager)))
        })
        .await
    }

    /// Adds a user to a group.
    ///
    /// By id or email. Managers can add users below the manager role, and themselves; administrators can add everyone.
    #[oai(
        path = "/groups/:id/members",
        method = "post",
        operation_id = "addMember"
    )]
    async fn add_member(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        body: Body<AddMember>,
    ) -> Result<Created<MemberResource>, Problem> {
        let caller = &ctx.caller;
        ctx.catch_up().await?;
        find(&ctx, id.0).await?;
        // Checked first, so that others cannot find out who has an account.
        require_group_manager(caller)?;
        let user = find_user(&ctx.app, &body.value).await?;
        let command = GroupCommand::AddMember {
            editor: caller.editor(),
            user_id: user.id,
            role: role_of(&user),
        };
        let execution = ctx.command::<Group>(id.0, &body.bytes, command);
        let committed = ctx.execute(execution).await?;
        ctx.catch_up().await?;
        let version = find(&ctx, id.0).await?.version;
        let members = queries::members(&ctx.pool, id.0, Some(user.id), None, 1).await?;
        let member = members.items.into_iter().next();
        let member = member.ok_or_else(Problem::not_found)?;
        let location = format!("/api/v1/groups/{}/members", id.0);
        let resource = MemberResource::new(member, manages_groups(caller));
        Ok(Created::new(
            resource,
            location,
            version,
            committed.position,
        ))
    }

    /// Removes a user from a group.
    ///
    /// Members can also remove themselves.
    #[oai(
        path = "/groups/:id/members/:user_id",
        method = "delete",
        operation_id = "removeMember"
    )]
    async fn remove_member(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        user_id: Path<Uuid>,
    ) -> Result<NoContent, Problem> {
        let caller = &ctx.caller;
        ctx.catch_up().await?;
        if let Some(first) = ctx.find_repeated(b"").await? {
            return Ok(NoContent::at(first.position));
        }
        find(&ctx, id.0).await?;
        let user = user::queries::find(&ctx.pool, user_id.0).await?;
        let command = GroupCommand::RemoveMember {
            editor: caller.editor(),
            user_id: user_id.0,
            // Without an account the user is not a member, and the aggregate refuses.
            role: user.as_ref().map_or(Role::Guest, role_of),
        };
        let execution = ctx.command::<Group>(id.0, b"", command);
        let committed = ctx.execute(execution).await?;
        ctx.catch_up().await?;
        Ok(NoContent::at(committed.position))
    }
}

/// The role of a user, which decides who may add or remove them; if it is unknown, only administrators may.
fn role_of(user: &UserView) -> Role {
    Role::parse(&user.role).unwrap_or(Role::Admin)
}

/// Finds the user that a request names.
async fn find_user(app: &App, input: &AddMember) -> Result<UserView, Problem> {
    let (pointer, id) = match (input.user_id, &input.email) {
        (Some(id), None) => ("/user_id", Some(id)),
        (None, Some(email)) => {
            let comparable = text::normalise_email(email);
            let mac = app.keys.mac("email", comparable.as_bytes()).await?;
            (
                "/email",
                user::queries::find_by_email(&app.pool, &mac).await?,
            )
        }
        _ => {
            return Err(Problem::invalid(
                "/user_id",
                "one_of_two",
                "send either user_id or email",
            ));
        }
    };
    let user = match id {
        Some(id) => user::queries::find(&app.pool, id).await?,
        None => None,
    };
    user.filter(|user| user.email.is_some()).ok_or_else(|| {
        Problem::invalid(
            pointer,
            "no_such_user",
            "there is no user with this id or address; create an account first",
        )
    })
}
