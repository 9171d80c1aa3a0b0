//! `POST /groups/:id/members`

use domain::group;
use domain::text;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use projections::group::queries;
use projections::user::{self, UserView};
use uuid::Uuid;

use crate::group::Tag;
use crate::group::wire::{AddMember, MemberResource};
use crate::group::{find, manages_groups, require_group_manager};
use crate::http::{Body, Created, Ctx, Problem};
use crate::state::App;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Groups")]
impl Operation {
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
        ctx.catch_up().await?;
        find(&ctx, id.0).await?;
        // Checked first, so that others cannot find out who has an account.
        require_group_manager(&ctx.caller)?;
        let user = find_user(&ctx.app, &body.value).await?;
        let command = group::AddMember {
            editor: ctx.caller.editor(),
            user_id: user.id,
            role: user.role.0,
        };
        let execution = ctx.command(id.0, &body.bytes, command);
        let committed = ctx.execute(execution).await?;
        reply_with_member(&ctx, (id.0, user.id), committed.position).await
    }
}

/// Replies with a member who was added at a position, and the version of the group.
async fn reply_with_member(
    ctx: &Ctx,
    (group_id, user_id): (Uuid, Uuid),
    position: i64,
) -> Result<Created<MemberResource>, Problem> {
    ctx.catch_up().await?;
    let version = find(ctx, group_id).await?.version;
    let members = queries::members(&ctx.pool, group_id, Some(user_id), None, 1).await?;
    let member = members.items.into_iter().next();
    let member = member.ok_or_else(Problem::not_found)?;
    let member = MemberResource::new(member, manages_groups(&ctx.caller));
    let location = format!("/api/v1/groups/{group_id}/members");
    Ok(Created::new(member, location, version, position))
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
