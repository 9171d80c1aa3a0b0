//! Members of groups.

use std::sync::Arc;

use domain::group::{Group, GroupCommand};
use domain::text;
use domain::user::Role;
use eventstore::executor::step;
use poem::Result;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use projections::group::queries;
use projections::user::{self, UserView};
use uuid::Uuid;

use super::request::{AddMember, MemberResource};
use super::{find, manages_groups, require_group_manager};
use crate::auth::Auth;
use crate::body::Body;
use crate::cursor::{self, Query as CursorQuery};
use crate::problem::Problem;
use crate::reply::{Created, List, NoContent, Unversioned};
use crate::request_meta::RequestMeta;
use crate::state::App;
use crate::tag::Tag;

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
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<MemberResource>>, Problem> {
        let caller = auth.0;
        let limit = cursor::limit(limit.0)?;
        let text = format!("members of {}", id.0);
        let query = CursorQuery {
            reader: caller.id,
            text: &text,
        };
        let after = app.parse_cursor(query, cursor.0.as_deref())?;
        let position = app.read_position(caller.id, meta.min_position).await?;
        find(&app, &caller, id.0).await?;
        let page = queries::members(&app.pool, id.0, None, after, limit).await?;
        let resource = |member| MemberResource::new(member, manages_groups(&caller));
        let list = List {
            next_cursor: page.next.and_then(|id| app.cursor(query, &id)),
            items: page.items.into_iter().map(resource).collect(),
        };
        Ok(Unversioned::new(list, position))
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
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
        body: Body<AddMember>,
    ) -> Result<Created<MemberResource>, Problem> {
        let caller = auth.0;
        app.read_position(caller.id, None).await?;
        find(&app, &caller, id.0).await?;
        // Checked first, so that others cannot find out who has an account.
        require_group_manager(&caller)?;
        let user = find_user(&app, &body.value).await?;
        let command = GroupCommand::AddMember {
            editor: caller.editor(),
            user_id: user.id,
            role: role_of(&user),
        };
        let steps = vec![step::<Group>(id.0, meta.expected(), command)];
        let execution = meta.execution(&caller, &body.bytes, steps);
        let committed = app.execute(caller.id, execution).await?;
        app.read_position(caller.id, None).await?;
        let version = find(&app, &caller, id.0).await?.version;
        let members = queries::members(&app.pool, id.0, Some(user.id), None, 1).await?;
        let member = members.items.into_iter().next();
        let member = member.ok_or_else(Problem::not_found)?;
        let location = format!("/api/v1/groups/{}/members", id.0);
        let resource = MemberResource::new(member, manages_groups(&caller));
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
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
        user_id: Path<Uuid>,
    ) -> Result<NoContent, Problem> {
        let caller = auth.0;
        app.read_position(caller.id, None).await?;
        if let Some(first) = app.find_repeated(meta.idempotency(&caller, b"")).await? {
            return Ok(NoContent::at(first.position));
        }
        find(&app, &caller, id.0).await?;
        let user = user::queries::find(&app.pool, user_id.0).await?;
        let command = GroupCommand::RemoveMember {
            editor: caller.editor(),
            user_id: user_id.0,
            // Without an account the user is not a member, and the aggregate refuses.
            role: user.as_ref().map_or(Role::Guest, role_of),
        };
        let steps = vec![step::<Group>(id.0, meta.expected(), command)];
        let execution = meta.execution(&caller, b"", steps);
        let committed = app.execute(caller.id, execution).await?;
        app.wait_for_views(caller.id).await?;
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
