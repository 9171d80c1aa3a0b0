//! People: oneself, and for administrators everybody.

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
use projections::user::{UserView, credentials, erasure, queries};
use uuid::Uuid;

use self::preferences::{PreferencesResource, UpdatePreferences};
use self::request::{ChangePassword, CreateUser, UpdateMe, UpdateUser};
pub use self::request::{UserResource, UserRole};
use crate::account;
use crate::answer::{Begun, Done, List, Made, One, Plain};
use crate::auth::{Auth, Caller};
use crate::body::{Body, CREDENTIALS};
use crate::cursor::{self, Query as CursorQuery};
use crate::head::Head;
use crate::job::{self, JobResource};
use crate::problem::Problem;
use crate::state::App;
use crate::tag::Tag;

/// How long an answer waits for the view of users.
const VIEWS: Duration = Duration::from_secs(2);

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
        head: Head,
    ) -> Result<One<UserResource>, Problem> {
        let position = app.read_position(auth.0.id, head.min_position).await?;
        let user = find(&app, auth.0.id).await?;
        Ok(One::new(user.clone().into(), user.version, position))
    }

    /// Changes the caller's account.
    ///
    /// Changes the display name.
    #[oai(path = "/users/me", method = "patch", operation_id = "updateMe")]
    async fn update_me(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        body: Body<UpdateMe>,
    ) -> Result<One<UserResource>, Problem> {
        let id = auth.0.id;
        let command = UserCommand::ChangeDisplayName {
            user_id: id,
            display_name: body.value.display_name,
        };
        let asked = (vec![command], &body.bytes[..]);
        change(&app, &auth.0, &head, id, asked).await
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
        head: Head,
    ) -> Result<One<PreferencesResource>, Problem> {
        preferences_of(&app, &auth.0, head.min_position).await
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
        head: Head,
        body: Body<UpdatePreferences>,
    ) -> Result<One<PreferencesResource>, Problem> {
        let command = UserCommand::ChangePreferences {
            change: body.value.into(),
        };
        let steps = vec![step::<User>(auth.0.id, head.expected(), command)];
        let execution = head.execution(&auth.0, &body.bytes, steps);
        app.execute(auth.0.id, execution).await?;
        preferences_of(&app, &auth.0, None).await
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
        head: Head,
        body: Body<ChangePassword, CREDENTIALS>,
    ) -> Result<Done, Problem> {
        let caller = auth.0;
        let account = caller.id.to_string();
        let limits = &app.limits;
        let attempt = limits.try_password(&account, head.address, &head.allowance);
        let attempt = attempt.await?;
        if let Some(first) = app.repeated(head.idempotency(&caller, &body.bytes)).await? {
            attempt.spare();
            return Ok(Done::at(first.position));
        }
        let current = account::bounded("/current_password", body.value.current_password)?;
        let fits = credentials::verify(&app.pool, Some(caller.id), current).await;
        if !matches!(fits, Ok(false)) {
            attempt.spare();
        }
        if !fits? {
            return Err(Problem::invalid(
                "/current_password",
                "wrong_password",
                "current_password is not the current password",
            ));
        }
        let password = account::acceptable("/new_password", body.value.new_password)?;
        let steps = vec![step::<User>(
            caller.id,
            head.expected(),
            UserCommand::ChangePassword {},
        )];
        let execution = head.execution(&caller, &body.bytes, steps);
        let execution =
            account::new_password(execution, caller.id, password, caller.session).await?;
        let committed = app.execute(caller.id, execution).await?;
        app.forget_sessions();
        Ok(Done::at(committed.position))
    }

    /// Lists all users.
    ///
    /// Requires the role admin.
    #[oai(path = "/users", method = "get", operation_id = "listUsers")]
    async fn list_users(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Plain<List<UserResource>>, Problem> {
        auth.0.admin()?;
        let limit = cursor::limit(limit.0)?;
        let query = CursorQuery {
            reader: auth.0.id,
            text: "users",
        };
        let after = app.parse_cursor(query, cursor.0.as_deref())?;
        let position = app.read_position(auth.0.id, head.min_position).await?;
        let page = queries::list(&app.pool, after, limit).await?;
        let list = List {
            next_cursor: page.next.and_then(|key| app.cursor(query, &key)),
            items: page.items.into_iter().map(Into::into).collect(),
        };
        Ok(Plain::new(list, position))
    }

    /// Creates a user.
    ///
    /// Requires the role admin.
    #[oai(path = "/users", method = "post", operation_id = "createUser")]
    async fn create_user(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        body: Body<CreateUser>,
    ) -> Result<Made<UserResource>, Problem> {
        auth.0.admin()?;
        let account = account::NewAccount {
            user_id: Uuid::now_v7(),
            role: body.value.role.into(),
            email: body.value.email,
            display_name: body.value.display_name,
            password: body.value.password,
            origin: Origin::Admin,
        };
        let mut execution = account::registration(account, head.context(&auth.0)).await?;
        execution.idempotency = head.idempotency(&auth.0, &body.bytes);
        let committed = app.execute(auth.0.id, execution).await?;
        let id = committed
            .events
            .first()
            .map_or_else(Uuid::nil, |event| event.aggregate_id);
        app.read_position(auth.0.id, None).await?;
        let user = find(&app, id).await?;
        let (version, position) = (user.version, committed.position);
        Ok(Made::new(
            user.into(),
            format!("/api/v1/users/{id}"),
            version,
            position,
        ))
    }

    /// Reads a user.
    ///
    /// Requires the role admin.
    #[oai(path = "/users/:id", method = "get", operation_id = "getUser")]
    async fn get_user(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        id: Path<Uuid>,
    ) -> Result<One<UserResource>, Problem> {
        auth.0.admin()?;
        let position = app.read_position(auth.0.id, head.min_position).await?;
        let user = find(&app, id.0).await?;
        Ok(One::new(user.clone().into(), user.version, position))
    }

    /// Erases a user.
    ///
    /// Erases the account at once, and everything that the user owns in a job. This cannot be undone. Requires the role
    /// admin; administrators cannot erase themselves, and the last administrator cannot be erased.
    #[oai(path = "/users/:id", method = "delete", operation_id = "deleteUser")]
    async fn delete_user(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        id: Path<Uuid>,
    ) -> Result<Begun<JobResource>, Problem> {
        let caller = auth.0;
        caller.admin()?;
        app.read_position(caller.id, None).await?;
        if app
            .repeated(head.idempotency(&caller, b""))
            .await?
            .is_some()
        {
            let job = job::erasing(&app, &caller, id.0).await?;
            return Ok(job::begun(job));
        }
        let user = find(&app, id.0).await?;
        if user.id == caller.id {
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "yourself",
                "another administrator can erase your account",
            ));
        }
        let job = (Uuid::now_v7(), caller.id);
        let erase = || {
            let command = UserCommand::EraseUser {};
            let steps = vec![step::<User>(id.0, head.expected(), command)];
            erasure(head.execution(&caller, b"", steps), id.0, job)
        };
        take_away(&app, &caller, id.0, erase).await?;
        app.keys.forget(&Subject::new("user", id.0));
        app.forget_sessions();
        Ok(job::begun(job::find(&app, &caller, job.0).await?))
    }

    /// Changes a user.
    ///
    /// Changes the role, or suspends or reactivates the user. Requires the role admin; the last administrator stays
    /// one.
    #[oai(path = "/users/:id", method = "patch", operation_id = "updateUser")]
    async fn update_user(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        id: Path<Uuid>,
        body: Body<UpdateUser>,
    ) -> Result<One<UserResource>, Problem> {
        auth.0.admin()?;
        find(&app, id.0).await?;
        let mut left = body.value;
        let committed = loop {
            match change_account(&app, &auth.0, &head, id.0, (left, &body.bytes)).await {
                // It is so already: what else is asked for remains to be done.
                Err(problem) if left.is_so_already(&problem) => left.suspended = None,
                committed => break committed?,
            }
        };
        app.forget_sessions();
        account_after(&app, id.0, body.value, &committed).await
    }
}

/// Changes role and state of an account, both or neither.
async fn change_account(
    app: &App,
    caller: &Caller,
    head: &Head,
    id: Uuid,
    (update, body): (UpdateUser, &[u8]),
) -> Result<Committed, Problem> {
    let commands = update.commands();
    let suspends = update.suspended == Some(true);
    let loses = suspends
        || update
            .role
            .is_some_and(|role| Role::from(role) < Role::Admin);
    let make = || {
        let execution = head.execution(caller, body, steps(head, id, commands.clone()));
        match suspends {
            true => account::without_sessions(execution, id, None),
            false => execution,
        }
    };
    match loses {
        true => take_away(app, caller, id, make).await,
        false => app.execute(caller.id, make()).await,
    }
}

/// Executes a command that may take an administrator away; the last one stays.
async fn take_away(
    app: &App,
    caller: &Caller,
    id: Uuid,
    make: impl Fn() -> Execution,
) -> Result<Committed, Problem> {
    let cautious = account::unless_admin(make(), id);
    match app.try_execute(caller.id, cautious).await {
        Err(error) if account::is_about_an_admin(&error) => {
            let _guard = account::keep_an_admin(&app.pool, &app.log, &app.progress, id).await?;
            app.execute(caller.id, make()).await
        }
        executed => Ok(executed?),
    }
}

/// An account after a change, also where the view does not show it in time.
async fn account_after(
    app: &App,
    id: Uuid,
    update: UpdateUser,
    committed: &Committed,
) -> Result<One<UserResource>, Problem> {
    // Where nothing had to change, the log said so as far as it was known here.
    let decided = match committed.position {
        0 => app.feed.head(),
        position => position,
    };
    let reached = app.progress.reach(decided, VIEWS).await?;
    let mut user = UserResource::from(find(app, id).await?);
    if reached < decided {
        user.role = update.role.unwrap_or(user.role);
        user.suspended = update.suspended.unwrap_or(user.suspended);
        let last = committed.events.last();
        user.version = last.map_or(user.version, |event| event.version);
    }
    let version = user.version;
    Ok(One::new(
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

async fn preferences_of(
    app: &App,
    caller: &Caller,
    min_position: Option<i64>,
) -> Result<One<PreferencesResource>, Problem> {
    let position = app.read_position(caller.id, min_position).await?;
    let version = find(app, caller.id).await?.version;
    let preferences = queries::preferences(&app.pool, caller.id).await?;
    let resource = PreferencesResource::new(version, preferences);
    Ok(One::new(resource, version, position))
}

/// Executes commands on a user, all or none, and answers with the changed row.
async fn change(
    app: &App,
    caller: &Caller,
    head: &Head,
    id: Uuid,
    (commands, body): (Vec<UserCommand>, &[u8]),
) -> Result<One<UserResource>, Problem> {
    let execution = head.execution(caller, body, steps(head, id, commands));
    app.execute(caller.id, execution).await?;
    let position = app.read_position(caller.id, None).await?;
    let user = find(app, id).await?;
    let version = user.version;
    Ok(One::new(user.into(), version, position))
}

/// Commands on one user, at the version that the caller expects before the first of them.
fn steps(head: &Head, id: Uuid, commands: Vec<UserCommand>) -> Vec<Box<dyn Step>> {
    let expected = std::iter::once(head.expected()).chain(std::iter::repeat(None));
    commands
        .into_iter()
        .zip(expected)
        .map(|(command, expected)| step::<User>(id, expected, command))
        .collect()
}
