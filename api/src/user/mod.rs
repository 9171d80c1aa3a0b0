//! Users: the caller's own account, and for administrators all accounts.

mod preferences;
mod request;

use std::sync::Arc;
use std::time::Duration;

use domain::Subject;
use domain::user::{Origin, Role, User, UserCommand};
use eventstore::Execution;
use eventstore::executor::{Committed, Step, step};
use poem::Result;
use poem::http::StatusCode;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use projections::user::{UserView, credentials, queries, with_erasure};
use uuid::Uuid;

use self::preferences::{PreferencesResource, UpdatePreferences};
use self::request::{ChangePassword, CreateUser, UpdateMe, UpdateUser};
pub use self::request::{UserResource, UserRole};
use crate::account;
use crate::auth::{Auth, Caller};
use crate::body::{Body, CREDENTIALS};
use crate::cursor::{self, Query as CursorQuery};
use crate::job::{self, JobResource};
use crate::problem::Problem;
use crate::reply::{Created, List, NoContent, Single, StartedJob, Unversioned};
use crate::request_meta::RequestMeta;
use crate::state::App;
use crate::tag::Tag;

/// How long a reply waits for the user view.
const VIEW_WAIT: Duration = Duration::from_secs(2);

#[derive(Debug, Clone, Copy)]
pub struct UserApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Users")]
impl UserApi {
    /// Reads the caller's account.
    ///
    /// Name, email and role of the user who is logged in.
    #[oai(path = "/users/me", method = "get", operation_id = "getMe")]
    async fn get_me(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
    ) -> Result<Single<UserResource>, Problem> {
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let user = find(&app, auth.0.id).await?;
        Ok(Single::new(user.clone().into(), user.version, position))
    }

    /// Changes the caller's account.
    ///
    /// Changes the display name.
    #[oai(path = "/users/me", method = "patch", operation_id = "updateMe")]
    async fn update_me(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        body: Body<UpdateMe>,
    ) -> Result<Single<UserResource>, Problem> {
        let id = auth.0.id;
        let command = UserCommand::ChangeDisplayName {
            user_id: id,
            display_name: body.value.display_name,
        };
        let request = (vec![command], &body.bytes[..]);
        change(&app, &auth.0, &meta, id, request).await
    }

    /// Reads the caller's preferences.
    ///
    /// They apply on every device.
    #[oai(
        path = "/users/me/preferences",
        method = "get",
        operation_id = "getPreferences"
    )]
    async fn get_preferences(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
    ) -> Result<Single<PreferencesResource>, Problem> {
        read_preferences(&app, &auth.0, meta.min_position).await
    }

    /// Changes the caller's preferences.
    ///
    /// Changes the given fields and leaves the others.
    #[oai(
        path = "/users/me/preferences",
        method = "patch",
        operation_id = "updatePreferences"
    )]
    async fn update_preferences(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        body: Body<UpdatePreferences>,
    ) -> Result<Single<PreferencesResource>, Problem> {
        let command = UserCommand::ChangePreferences {
            change: body.value.into(),
        };
        let steps = vec![step::<User>(auth.0.id, meta.expected(), command)];
        let execution = meta.execution(&auth.0, &body.bytes, steps);
        app.execute(auth.0.id, execution).await?;
        read_preferences(&app, &auth.0, None).await
    }

    /// Changes the caller's password.
    ///
    /// Ends all other sessions of the caller.
    #[oai(
        path = "/users/me/password",
        method = "put",
        operation_id = "changePassword"
    )]
    async fn change_password(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        body: Body<ChangePassword, CREDENTIALS>,
    ) -> Result<NoContent, Problem> {
        let caller = auth.0;
        let account = caller.id.to_string();
        let limits = &app.limits;
        let attempt = limits.try_password(&account, meta.address, &meta.allowance);
        let attempt = attempt.await?;
        if let Some(first) = app
            .find_repeated(meta.idempotency(&caller, &body.bytes))
            .await?
        {
            attempt.refund();
            return Ok(NoContent::at(first.position));
        }
        let current =
            account::check_password_size("/current_password", body.value.current_password)?;
        let matches = credentials::verify(&app.pool, Some(caller.id), current).await;
        if !matches!(matches, Ok(false)) {
            attempt.refund();
        }
        if !matches? {
            return Err(Problem::invalid(
                "/current_password",
                "wrong_password",
                "current_password is not correct",
            ));
        }
        let password = account::check_new_password("/new_password", body.value.new_password)?;
        let steps = vec![step::<User>(
            caller.id,
            meta.expected(),
            UserCommand::ChangePassword {},
        )];
        let execution = meta.execution(&caller, &body.bytes, steps);
        let execution =
            account::with_new_password(execution, caller.id, password, caller.session).await?;
        let committed = app.execute(caller.id, execution).await?;
        app.forget_sessions();
        Ok(NoContent::at(committed.position))
    }

    /// Lists all users.
    ///
    /// Requires the admin role.
    #[oai(path = "/users", method = "get", operation_id = "listUsers")]
    async fn list_users(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<UserResource>>, Problem> {
        auth.0.require_admin()?;
        let limit = cursor::limit(limit.0)?;
        let query = CursorQuery {
            reader: auth.0.id,
            text: "users",
        };
        let after = app.parse_cursor(query, cursor.0.as_deref())?;
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let page = queries::list(&app.pool, after, limit).await?;
        let list = List {
            next_cursor: page.next.and_then(|key| app.cursor(query, &key)),
            items: page.items.into_iter().map(Into::into).collect(),
        };
        Ok(Unversioned::new(list, position))
    }

    /// Creates a user.
    ///
    /// Requires the admin role.
    #[oai(path = "/users", method = "post", operation_id = "createUser")]
    async fn create_user(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        body: Body<CreateUser>,
    ) -> Result<Created<UserResource>, Problem> {
        auth.0.require_admin()?;
        let account = account::NewAccount {
            user_id: Uuid::now_v7(),
            role: body.value.role.into(),
            email: body.value.email,
            display_name: body.value.display_name,
            password: body.value.password,
            origin: Origin::Admin,
        };
        let mut execution = account::registration(account, meta.context(&auth.0)).await?;
        execution.idempotency = meta.idempotency(&auth.0, &body.bytes);
        let committed = app.execute(auth.0.id, execution).await?;
        let id = committed
            .events
            .first()
            .map_or_else(Uuid::nil, |event| event.aggregate_id);
        app.read_position(auth.0.id, None).await?;
        let user = find(&app, id).await?;
        let (version, position) = (user.version, committed.position);
        Ok(Created::new(
            user.into(),
            format!("/api/v1/users/{id}"),
            version,
            position,
        ))
    }

    /// Reads a user.
    ///
    /// Requires the admin role.
    #[oai(path = "/users/:id", method = "get", operation_id = "getUser")]
    async fn get_user(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<Single<UserResource>, Problem> {
        auth.0.require_admin()?;
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let user = find(&app, id.0).await?;
        Ok(Single::new(user.clone().into(), user.version, position))
    }

    /// Erases a user.
    ///
    /// Erases the account at once, and everything that the user owns in a job. This cannot be undone. Requires the
    /// admin role; administrators cannot erase themselves, and the last administrator cannot be erased.
    #[oai(path = "/users/:id", method = "delete", operation_id = "deleteUser")]
    async fn delete_user(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<StartedJob<JobResource>, Problem> {
        let caller = auth.0;
        caller.require_admin()?;
        app.read_position(caller.id, None).await?;
        if app
            .find_repeated(meta.idempotency(&caller, b""))
            .await?
            .is_some()
        {
            let job = job::find_erasure(&app, &caller, id.0).await?;
            return Ok(job::started_job(job));
        }
        let user = find(&app, id.0).await?;
        if user.id == caller.id {
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "yourself",
                "you cannot delete your own account; ask another administrator",
            ));
        }
        let job = (Uuid::now_v7(), caller.id);
        let erase = || {
            let command = UserCommand::EraseUser {};
            let steps = vec![step::<User>(id.0, meta.expected(), command)];
            with_erasure(meta.execution(&caller, b"", steps), id.0, job)
        };
        execute_guarded(&app, &caller, id.0, erase).await?;
        app.keys.forget(&Subject::new("user", id.0));
        app.forget_sessions();
        Ok(job::started_job(job::find(&app, &caller, job.0).await?))
    }

    /// Changes a user.
    ///
    /// Changes the role, or suspends or reactivates the user. Requires the admin role; the last administrator stays
    /// one.
    #[oai(path = "/users/:id", method = "patch", operation_id = "updateUser")]
    async fn update_user(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
        body: Body<UpdateUser>,
    ) -> Result<Single<UserResource>, Problem> {
        auth.0.require_admin()?;
        find(&app, id.0).await?;
        let mut update = body.value;
        let committed = loop {
            match change_account(&app, &auth.0, &meta, id.0, (update, &body.bytes)).await {
                // The account is already suspended or active: apply the rest of the request.
                Err(problem) if update.is_already_applied(&problem) => update.suspended = None,
                committed => break committed?,
            }
        };
        app.forget_sessions();
        changed_account(&app, id.0, body.value, &committed).await
    }
}

/// Changes role and suspension of an account in one command.
async fn change_account(
    app: &App,
    caller: &Caller,
    meta: &RequestMeta,
    id: Uuid,
    (update, body): (UpdateUser, &[u8]),
) -> Result<Committed, Problem> {
    let commands = update.commands();
    let suspends = update.suspended == Some(true);
    let loses_admin = suspends
        || update
            .role
            .is_some_and(|role| Role::from(role) < Role::Admin);
    let build = || {
        let execution = meta.execution(caller, body, steps(meta, id, commands.clone()));
        match suspends {
            true => account::without_sessions(execution, id, None),
            false => execution,
        }
    };
    match loses_admin {
        true => execute_guarded(app, caller, id, build).await,
        false => app.execute(caller.id, build()).await,
    }
}

/// Executes a command that may remove an administrator, unless it is the last one.
async fn execute_guarded(
    app: &App,
    caller: &Caller,
    id: Uuid,
    build: impl Fn() -> Execution,
) -> Result<Committed, Problem> {
    let guarded = account::refuse_for_admins(build(), id);
    match app.try_execute(caller.id, guarded).await {
        Err(error) if account::needs_admin_guard(&error) => {
            let _guard = account::guard_last_admin(&app.pool, &app.log, &app.progress, id).await?;
            app.execute(caller.id, build()).await
        }
        executed => Ok(executed?),
    }
}

/// The account after a change, even if the view does not show it in time.
async fn changed_account(
    app: &App,
    id: Uuid,
    update: UpdateUser,
    committed: &Committed,
) -> Result<Single<UserResource>, Problem> {
    // If nothing had to change, the decision was based on the log as this process knows it.
    let decided = match committed.position {
        0 => app.feed.head(),
        position => position,
    };
    let reached = app.progress.wait_for(decided, VIEW_WAIT).await?;
    let mut user = UserResource::from(find(app, id).await?);
    if reached < decided {
        user.role = update.role.unwrap_or(user.role);
        user.suspended = update.suspended.unwrap_or(user.suspended);
        let last = committed.events.last();
        user.version = last.map_or(user.version, |event| event.version);
    }
    let version = user.version;
    Ok(Single::new(
        user,
        version,
        decided.min(reached).max(committed.position),
    ))
}

async fn find(app: &App, id: Uuid) -> Result<UserView, Problem> {
    queries::find(&app.pool, id)
        .await?
        .ok_or_else(Problem::not_found)
}

async fn read_preferences(
    app: &App,
    caller: &Caller,
    min_position: Option<i64>,
) -> Result<Single<PreferencesResource>, Problem> {
    let position = app.read_position(caller.id, min_position).await?;
    let version = find(app, caller.id).await?.version;
    let preferences = queries::preferences(&app.pool, caller.id).await?;
    let resource = PreferencesResource::new(version, preferences);
    Ok(Single::new(resource, version, position))
}

/// Executes commands on a user in one transaction, and returns the changed user.
async fn change(
    app: &App,
    caller: &Caller,
    meta: &RequestMeta,
    id: Uuid,
    (commands, body): (Vec<UserCommand>, &[u8]),
) -> Result<Single<UserResource>, Problem> {
    let execution = meta.execution(caller, body, steps(meta, id, commands));
    app.execute(caller.id, execution).await?;
    let position = app.read_position(caller.id, None).await?;
    let user = find(app, id).await?;
    let version = user.version;
    Ok(Single::new(user.into(), version, position))
}

/// The steps of commands on one user; only the first one checks the expected version.
fn steps(meta: &RequestMeta, id: Uuid, commands: Vec<UserCommand>) -> Vec<Box<dyn Step>> {
    let expected = std::iter::once(meta.expected()).chain(std::iter::repeat(None));
    commands
        .into_iter()
        .zip(expected)
        .map(|(command, expected)| step::<User>(id, expected, command))
        .collect()
}
