//! `convosphere users`

use std::io::{BufRead, Read};
use std::time::Duration;

use api::account::{
    NewAccount, check_new_password, guard_last_admin, needs_admin_guard, refuse_for_admins,
    registration, with_new_password, without_sessions,
};
use domain::text;
use domain::user::{
    ChangePassword, ChangeRole, EraseUser, Origin, ReactivateUser, Role, SuspendUser, UserCommand,
};
use eventstore::Execution;
use eventstore::Health;
use eventstore::command::{Committed, Context, step};
use projections::command_write::CommandWrite;
use projections::job::{JobStatus, queries as jobs};
use projections::user::{UserView, queries, with_erasure};
use serde_json::{Value, json};
use uuid::Uuid;

use tokio::sync::watch;

use application::ProcessKind;
use workers::JobTracker;

use crate::api_client::text_field;
use crate::arguments::{RoleName, Users};
use crate::failure::Failure;
use crate::installation::Installation;
use crate::output;
use crate::privileges::OsUser;

/// How long a command waits for the read models. If no server runs, the command updates them itself.
const VIEW_LIMIT: Duration = Duration::from_secs(10);
const PAGE: usize = 200;
/// How often the status of a job is polled.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

pub async fn run(
    i: &Installation,
    command: Users,
    json: bool,
    user: &OsUser,
) -> Result<(), Failure> {
    // If no server runs, this process updates the read models; otherwise both share the checkpoints.
    let _projecting = workers::start_projecting(&i.source(), &i.progress, &Health::default());
    i.progress.wait_for(i.feed.head(), VIEW_LIMIT).await?;
    let context = Context::cli(&user.0);
    match command {
        Users::List => list(i, json).await,
        Users::Show { user } => {
            show(&to_json(&find(i, &user).await?), json);
            Ok(())
        }
        Users::Create {
            email,
            name,
            role,
            password_stdin: _,
        } => create(i, context, email, name, role.into(), json).await,
        Users::Update { user, role } => {
            let user = find(i, &user).await?;
            let role = Role::from(role);
            update(i, context, &user, ChangeRole { role }.into(), json).await
        }
        Users::Suspend { user } => {
            let user = find(i, &user).await?;
            suspend(i, context, &user, json).await
        }
        Users::Reactivate { user } => {
            let user = find(i, &user).await?;
            update(i, context, &user, ReactivateUser.into(), json).await
        }
        Users::Delete { user, yes } => {
            let user = find(i, &user).await?;
            let id = user.id.to_string();
            confirm(user.email.as_deref().unwrap_or(&id), yes)?;
            erase(i, context, &user).await
        }
        Users::SetPassword {
            user,
            password_stdin: _,
        } => set_password(i, context, &find(i, &user).await?).await,
    }
}

async fn list(i: &Installation, json: bool) -> Result<(), Failure> {
    let mut after = None;
    loop {
        let page = queries::list(&i.pool, after, PAGE).await?;
        for user in &page.items {
            show(&to_json(user), json);
        }
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
}

/// A user as the HTTP API represents it.
fn to_json(user: &UserView) -> Value {
    json!({
        "id": user.id, "email": user.email, "display_name": user.display_name, "role": user.role.0,
        "suspended": user.suspended, "created_at": user.created_at,
    })
}

pub fn show(user: &Value, json: bool) {
    if json {
        return output::print_data(&user.to_string());
    }
    let state = match user["suspended"] == true {
        true => "suspended",
        false => "active",
    };
    output::print_data(&output::sanitize(&format!(
        "{}  {:<8} {state:<9} {}  {}",
        text_field(user, "id"),
        text_field(user, "role"),
        user["email"].as_str().unwrap_or("(local, no address)"),
        text_field(user, "display_name")
    )));
}

/// Finds a user by id or email address.
pub async fn find(i: &Installation, name: &str) -> Result<UserView, Failure> {
    let id = match Uuid::parse_str(name) {
        Ok(id) => Some(id),
        Err(_) => {
            let mac = i
                .keys
                .mac("email", text::normalise_email(name).as_bytes())
                .await?;
            queries::find_by_email(&i.pool, &mac).await?
        }
    };
    let user = match id {
        Some(id) => queries::find(&i.pool, id).await?,
        None => None,
    };
    user.ok_or_else(|| Failure::NotFound(format!("there is no user {name}")))
}

async fn create(
    i: &Installation,
    context: Context,
    email: String,
    display_name: String,
    role: Role,
    json: bool,
) -> Result<(), Failure> {
    let user_id = i.clock.new_id();
    let account = NewAccount {
        user_id,
        role,
        email,
        display_name,
        password: read_password()?,
        origin: Origin::Cli,
    };
    let mut execution = registration(account, context).await?;
    if role == Role::Admin {
        // The first administrator closes set-up, no matter how the account was created.
        execution = execution.with_write(CommandWrite::CloseSetup);
    }
    let committed = i.executor.execute(execution).await?;
    show_updated(i, &committed, user_id, json).await
}

async fn update(
    i: &Installation,
    context: Context,
    user: &UserView,
    command: UserCommand,
    json: bool,
) -> Result<(), Failure> {
    let make = || {
        let step = step(user.id, None, command.clone());
        Execution::new(context.clone(), vec![step])
    };
    let committed = match command {
        UserCommand::ChangeRole(ChangeRole { role }) if role < Role::Admin => {
            execute_keeping_an_admin(i, user.id, make).await?
        }
        _ => i.executor.execute(make()).await?,
    };
    show_updated(i, &committed, user.id, json).await
}

async fn suspend(
    i: &Installation,
    context: Context,
    user: &UserView,
    json: bool,
) -> Result<(), Failure> {
    let id = user.id;
    let make = || {
        let steps = vec![step(id, None, SuspendUser)];
        without_sessions(Execution::new(context.clone(), steps), id, None)
    };
    let committed = execute_keeping_an_admin(i, id, make).await?;
    show_updated(i, &committed, id, json).await
}

/// Executes a command that may remove an administrator; refuses to remove the last one.
async fn execute_keeping_an_admin(
    i: &Installation,
    user_id: Uuid,
    make: impl Fn() -> Execution,
) -> Result<Committed, Failure> {
    match i.executor.execute(refuse_for_admins(make(), user_id)).await {
        Err(error) if needs_admin_guard(&error) => {
            let _guard = guard_last_admin(&i.pool, &i.log, &i.progress, user_id).await?;
            Ok(i.executor.execute(make()).await?)
        }
        executed => Ok(executed?),
    }
}

/// Asks the user to confirm an irreversible action by typing the name again.
pub fn confirm(name: &str, yes: bool) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    output::print_message(&output::sanitize(&format!(
        "This permanently deletes {name} and everything that this user owns, also from backups. Type {name} to confirm:"
    )));
    let mut typed = String::new();
    std::io::stdin().lock().take(4_096).read_line(&mut typed)?;
    if typed.trim() == name {
        return Ok(());
    }
    Err(Failure::Usage(
        "not confirmed; nothing was deleted".to_owned(),
    ))
}

async fn erase(i: &Installation, context: Context, user: &UserView) -> Result<(), Failure> {
    let job = (i.clock.new_id(), Uuid::nil());
    let make = || {
        let steps = vec![step(user.id, None, EraseUser)];
        with_erasure(Execution::new(context.clone(), steps), user.id, job)
    };
    let committed = execute_keeping_an_admin(i, user.id, make).await?;
    // If a server runs, either process may run the job.
    let (stop, stopping) = watch::channel(false);
    let tracker = JobTracker::default();
    let config = i.application_config(ProcessKind::Command)?;
    let context = config.job_context(&i.core, stopping, &tracker);
    let working = workers::start_jobs(context, &Health::default());
    let erased = wait_for_job(i, job).await;
    // This process may have claimed other jobs as well: release them.
    stop.send_replace(true);
    let _ = tokio::time::timeout(VIEW_LIMIT, tracker.wait_until_idle()).await;
    drop(working);
    erased?;
    i.progress.wait_for(committed.position, VIEW_LIMIT).await?;
    output::print_message(
        "the user is erased; the log is still valid, and encrypted personal data reads [erased]",
    );
    Ok(())
}

/// Waits for a job; fails if the job fails.
async fn wait_for_job(i: &Installation, (id, requested_by): (Uuid, Uuid)) -> Result<(), Failure> {
    loop {
        let job = jobs::find(&i.pool, requested_by, id).await?;
        match job.as_ref().map(|job| *job.status) {
            Some(JobStatus::Queued | JobStatus::Running) => tokio::time::sleep(POLL_INTERVAL).await,
            Some(JobStatus::Completed) => return Ok(()),
            Some(JobStatus::Failed | JobStatus::Cancelled) | None => {
                let error = job.and_then(|job| job.error).unwrap_or_default();
                return Err(Failure::failed(std::io::Error::other(error)));
            }
        }
    }
}

async fn set_password(i: &Installation, context: Context, user: &UserView) -> Result<(), Failure> {
    let password = check_new_password("password", read_password()?)?;
    let steps = vec![step(user.id, None, ChangePassword)];
    let execution = Execution::new(context, steps);
    let execution = with_new_password(execution, user.id, password, None).await?;
    i.executor.execute(execution).await?;
    output::print_message("the password is set; all sessions of the user have ended");
    Ok(())
}

async fn show_updated(
    i: &Installation,
    committed: &Committed,
    id: Uuid,
    json: bool,
) -> Result<(), Failure> {
    i.progress.wait_for(committed.position, VIEW_LIMIT).await?;
    if let Some(user) = queries::find(&i.pool, id).await? {
        show(&to_json(&user), json);
    }
    Ok(())
}

/// Reads the password from standard input, without the line break.
pub fn read_password() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .take(4_096)
        .read_to_string(&mut text)
        .map_err(|error| Failure::Usage(format!("cannot read the password: {error}")))?;
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Guest => Self::Guest,
            RoleName::User => Self::User,
            RoleName::Manager => Self::Manager,
            RoleName::Admin => Self::Admin,
        }
    }
}
