//! Accounts: the rules of passwords, and the commands that change credentials and sessions with their events.
//!
//! Used by the HTTP interface and by the command line.

use domain::user::{Origin, Role, User, UserCommand};
use std::time::Duration;

use domain::text;
use eventstore::executor::{Context, step};
use eventstore::{Execution, Log, leader};
use poem::http::StatusCode;
use projections::Progress;
use projections::user::{UserView, credentials, queries, sessions};
use sqlx::{PgPool, Postgres, Transaction};
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
    let email = text::shaped_email(email).ok_or_else(|| {
        Problem::invalid(
            pointer,
            "invalid_email",
            "email must be an address such as ada@example.org, of at most 254 bytes",
        )
    })?;
    Ok(text::comparable_email(&email))
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
    let comparable = text::comparable_email(&account.email);
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
    execution.also(move |connection| {
        let hash = hash.clone();
        Box::pin(async move { Ok(credentials::set(connection, user_id, &hash).await?) })
    })
}

/// Ends all sessions of a user but one with a command.
pub fn without_sessions(execution: Execution, user_id: Uuid, kept: Option<Uuid>) -> Execution {
    execution.also(move |connection| {
        Box::pin(async move { Ok(sessions::revoke_all(connection, user_id, kept).await?) })
    })
}

/// The word on who is an administrator: one command of the whole installation has it at a time.
#[derive(Debug)]
pub struct Word(
    #[expect(dead_code, reason = "held until dropped")] Option<Transaction<'static, Postgres>>,
);

/// Refuses to take the last administrator away. Hold the word until the command is durable, so that two administrators
/// cannot take away each other.
pub async fn keep_an_admin(
    pool: &PgPool,
    log: &Log,
    progress: &Progress,
    user: &UserView,
) -> Result<Word, Problem> {
    if user.role != "admin" {
        return Ok(Word(None));
    }
    let mut held = pool.begin().await?;
    leader::word_on_admins(&mut held).await?;
    // Whoever had the word before is durable: the view is asked when it shows that.
    let (head, _) = log.head(pool).await?;
    if progress.reach(head, VIEWS).await? < head {
        return Err(Problem::unavailable(
            "projection_behind",
            "the view of users is not there yet; try again",
        ));
    }
    if queries::other_admins(pool, user.id).await? == 0 {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "last_admin",
            "the last administrator can be neither demoted, suspended nor erased",
        ));
    }
    Ok(Word(Some(held)))
}
