//! Groups. Managers and administrators see all groups, others those they belong to.

mod member;
mod request;

use std::sync::Arc;

use domain::Subject;
use domain::group::{Group, GroupCommand, GroupError};
use domain::user::Role;
use eventstore::executor::step;
use poem::Result;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use projections::group::GroupView;
use projections::group::queries::{self, GroupReader};
use uuid::Uuid;

pub use self::member::MemberApi;
use self::request::{CreateGroup, GroupResource, UpdateGroup};
use crate::auth::{Auth, Caller};
use crate::body::Body;
use crate::cursor::{self, Query as CursorQuery};
use crate::merge::Merge;
use crate::problem::Problem;
use crate::reply::{Created, List, NoContent, Single, Unversioned};
use crate::request_meta::RequestMeta;
use crate::state::App;
use crate::tag::Tag;

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
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<GroupResource>>, Problem> {
        let limit = cursor::limit(limit.0)?;
        let query = CursorQuery {
            reader: auth.0.id,
            text: "groups",
        };
        let after = app.parse_cursor(query, cursor.0.as_deref())?;
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let page = queries::list(&app.pool, reader(&auth.0), after, limit).await?;
        let list = List {
            next_cursor: page.next.and_then(|id| app.cursor(query, &id)),
            items: page.items.into_iter().map(Into::into).collect(),
        };
        Ok(Unversioned::new(list, position))
    }

    /// Creates a group.
    ///
    /// Requires the manager or admin role.
    #[oai(path = "/groups", method = "post", operation_id = "createGroup")]
    async fn create_group(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        body: Body<CreateGroup>,
    ) -> Result<Created<GroupResource>, Problem> {
        let caller = auth.0;
        require_group_manager(&caller)?;
        let id = Uuid::now_v7();
        let command = GroupCommand::CreateGroup {
            editor: caller.editor(),
            details: body.value.parse(id).map_err(Problem::refused)?,
        };
        let steps = vec![step::<Group>(id, None, command)];
        let execution = meta.execution(&caller, &body.bytes, steps);
        let committed = app.execute(caller.id, execution).await?;
        let id = committed
            .events
            .first()
            .map_or(id, |event| event.aggregate_id);
        app.read_position(caller.id, None).await?;
        let view = find(&app, &caller, id).await?;
        let (version, location) = (view.version, format!("/api/v1/groups/{id}"));
        Ok(Created::new(
            view.into(),
            location,
            version,
            committed.position,
        ))
    }

    /// Reads a group.
    ///
    /// For its members, managers and administrators.
    #[oai(path = "/groups/:id", method = "get", operation_id = "getGroup")]
    async fn get_group(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<Single<GroupResource>, Problem> {
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let view = find(&app, &auth.0, id.0).await?;
        let version = view.version;
        Ok(Single::new(view.into(), version, position))
    }

    /// Changes a group.
    ///
    /// Changes the given fields and leaves the others. Requires the admin role, or being the manager of this group.
    #[oai(path = "/groups/:id", method = "patch", operation_id = "updateGroup")]
    async fn update_group(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
        body: Body<UpdateGroup>,
    ) -> Result<Single<GroupResource>, Problem> {
        let caller = auth.0;
        app.read_position(caller.id, None).await?;
        let mut merge = Merge::new(&app, &caller, &meta, &body.bytes);
        let mut done = merge.is_repeated().await?;
        while !done {
            let before = find(&app, &caller, id.0).await?;
            let command = GroupCommand::DescribeGroup {
                editor: caller.editor(),
                details: body.value.parse(&before).map_err(Problem::refused)?,
            };
            done = merge
                .try_step::<Group>(id.0, before.version, command)
                .await?;
        }
        let position = app.read_position(caller.id, None).await?;
        let view = find(&app, &caller, id.0).await?;
        let version = view.version;
        Ok(Single::new(view.into(), version, position))
    }

    /// Deletes a group.
    ///
    /// Everything shared with the group is no longer shared with it. Requires the admin role, or being the manager of
    /// this group.
    #[oai(path = "/groups/:id", method = "delete", operation_id = "deleteGroup")]
    async fn delete_group(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<NoContent, Problem> {
        let caller = auth.0;
        app.read_position(caller.id, None).await?;
        if let Some(first) = app.find_repeated(meta.idempotency(&caller, b"")).await? {
            return Ok(NoContent::at(first.position));
        }
        find(&app, &caller, id.0).await?;
        let command = GroupCommand::DeleteGroup {
            editor: caller.editor(),
        };
        let steps = vec![step::<Group>(id.0, meta.expected(), command)];
        let subject = Subject::new("group", id.0);
        let execution = meta
            .execution(&caller, b"", steps)
            .with_key_destruction(&subject);
        let committed = app.execute(caller.id, execution).await?;
        app.keys.forget(&subject);
        app.wait_for_views(caller.id).await?;
        Ok(NoContent::at(committed.position))
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
async fn find(app: &App, caller: &Caller, id: Uuid) -> Result<GroupView, Problem> {
    queries::find(&app.pool, reader(caller), id)
        .await?
        .ok_or_else(Problem::not_found)
}
