//! Accounts: the rules of passwords, and the commands that change credentials and sessions with their events.
//!
//! Used by the HTTP interface and by the command line.

use std::time::Duration;

use domain::user::{Origin, Role, User, UserCommand, UserError};
use domain::{Refusal, text};
use eventstore::executor::{Context, step};
use eventstore::{Execution, ExecutorError, Log, leader};
use poem::http::StatusCode;
use projections::Progress;
use projections::user::{credentials, queries, sessions};
use sqlx::{PgPool, Postgres, Transaction};
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::{Instant, sleep, timeout_at};
use uuid::Uuid;

use crate::problem::Problem;

/// How long a command waits for the view of users.
const VIEWS: Duration = Duration::from_secs(2);

/// A password that may be compared: bounded, so that hashing it costs no more than any other.
pub fn bounded(pointer: &str, password: String) -> Result<String, Problem> {
    if password.len() > credentials::LIMIT {
        return Err(Problem::invalid(
            pointer,
            "too_long",
            format!("a password may have at most {} bytes", credentials::LIMIT),
        ));
    }
    Ok(password)
}

/// A password that may be set: any characters but U+0000, spaces at the ends included.
pub fn acceptable(pointer: &str, password: String) -> Result<String, Problem> {
    let password = bounded(pointer, password)?;
    if password.chars().count() < credentials::MINIMUM {
        return Err(Problem::invalid(
            pointer,
            "too_short",
            format!(
                "a password needs at least {} characters",
                credentials::MINIMUM
            ),
        ));
    }
    if password.contains('\0') {
        return Err(Problem::invalid(
            pointer,
            "control_character",
            "a password must not contain U+0000",
        ));
    }
    Ok(password)
}

/// An address that may be looked for, in the form in which addresses are compared: bounded and shaped like one.
pub fn address(pointer: &str, email: &str) -> Result<String, Problem> {
    let email = text::parse_email_shape(email).ok_or_else(|| {
        Problem::invalid(
            pointer,
            "invalid_email",
            "email must be an address such as ada@example.org, of at most 254 bytes",
        )
    })?;
    Ok(text::normalise_email(&email))
}

/// An account to make.
#[derive(Debug)]
pub struct NewAccount {
    pub user_id: Uuid,
    pub role: Role,
    pub email: String,
    pub display_name: String,
    pub password: String,
    pub origin: Origin,
}

/// The command that makes an account, with its address reserved and its password set.
pub async fn registration(account: NewAccount, context: Context) -> Result<Execution, Problem> {
    let password = acceptable("/password", account.password)?;
    let comparable = text::normalise_email(&account.email);
    let id = account.user_id;
    let command = UserCommand::RegisterUser {
        user_id: id,
        role: account.role,
        email: Some(account.email),
        display_name: account.display_name,
        origin: account.origin,
    };
    let hash = credentials::hash(password).await?;
    let mut execution = Execution::new(context, vec![step::<User>(id, None, command)]);
    execution
        .reserve
        .push(("email", comparable, id.to_string()));
    Ok(with_password(execution, id, hash))
}

/// Sets a password with a command that changes it, and ends all sessions but one.
pub async fn new_password(
    execution: Execution,
    user_id: Uuid,
    password: String,
    kept_session: Option<Uuid>,
) -> Result<Execution, Problem> {
    let hash = credentials::hash(password).await?;
    let execution = with_password(execution, user_id, hash);
    Ok(without_sessions(execution, user_id, kept_session))
}

fn with_password(execution: Execution, user_id: Uuid, hash: String) -> Execution {
    execution.with_write(move |connection| {
        let hash = hash.clone();
        Box::pin(async move { Ok(credentials::set(connection, user_id, &hash).await?) })
    })
}

/// Ends all sessions of a user but one with a command.
pub fn without_sessions(execution: Execution, user_id: Uuid, kept: Option<Uuid>) -> Execution {
    execution.with_write(move |connection| {
        Box::pin(async move { Ok(sessions::revoke_all(connection, user_id, kept).await?) })
    })
}

/// How long a command waits for another one that takes an administrator away.
const OTHERS: Duration = Duration::from_secs(5);
/// How often a lock that another process holds is tried again.
const PAUSE: Duration = Duration::from_millis(25);
/// Commands of this process that take an administrator away wait here, and hold no connection meanwhile.
static ADMIN_CHANGES: Mutex<()> = Mutex::const_new(());

/// The permission to take an administrator away: one command of the whole installation has it at a time. Hold it until
/// the command is durable, and never while somebody is asked.
#[derive(Debug)]
pub struct AdminGuard {
    #[expect(dead_code, reason = "held until dropped")]
    lock: Transaction<'static, Postgres>,
    #[expect(dead_code, reason = "held until dropped")]
    turn: MutexGuard<'static, ()>,
}

/// The same command, refused where it is about an administrator: that is for its aggregate to say, not for a view.
#[must_use]
pub fn unless_admin(mut execution: Execution, user_id: Uuid) -> Execution {
    let require = step::<User>(user_id, None, UserCommand::RequireNotAdmin {});
    execution.steps.insert(0, require);
    execution
}

/// Whether a command was refused because it is about an administrator: another try needs an [`AdminGuard`].
pub fn is_about_an_admin(error: &ExecutorError) -> bool {
    matches!(error, ExecutorError::Refused(refusal) if refusal.code() == UserError::IsAdmin.code())
}

/// Refuses to take the last administrator away.
pub async fn keep_an_admin(
    pool: &PgPool,
    log: &Log,
    progress: &Progress,
    user_id: Uuid,
) -> Result<AdminGuard, Problem> {
    let deadline = Instant::now() + OTHERS;
    let turn = timeout_at(deadline, ADMIN_CHANGES.lock());
    let turn = turn.await.map_err(|_| busy())?;
    let lock = lock_admins(pool, deadline).await?;
    // What others decided under the lock is durable: the view is asked when it shows that.
    let (head, _) = log.head(pool).await?;
    if progress.reach(head, VIEWS).await? < head {
        return Err(Problem::unavailable(
            "projection_behind",
            "the view of users is not there yet; try again",
        ));
    }
    if queries::other_admins(pool, user_id).await? == 0 {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "last_admin",
            "the last administrator can be neither demoted, suspended nor erased",
        ));
    }
    Ok(AdminGuard { lock, turn })
}

/// Takes the lock of the installation. While another process has it, no connection is held.
async fn lock_admins(
    pool: &PgPool,
    deadline: Instant,
) -> Result<Transaction<'static, Postgres>, Problem> {
    loop {
        let mut transaction = pool.begin().await?;
        if leader::try_lock_admin_changes(&mut transaction).await? {
            return Ok(transaction);
        }
        drop(transaction);
        if Instant::now() >= deadline {
            return Err(busy());
        }
        sleep(PAUSE).await;
    }
}

fn busy() -> Problem {
    Problem::unavailable(
        "contended",
        "other changes of administrators are under way; try again",
    )
}
