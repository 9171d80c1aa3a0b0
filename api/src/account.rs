//! Accounts: password rules, and commands that change credentials and sessions in the same transaction as their events.
//! The command line uses them too.

use std::time::Duration;

use domain::user::{Origin, RegisterUser, RequireNotAdmin, Role, UserError};
use domain::{Refusal, text};
use eventstore::command::idempotency::Idempotency;
use eventstore::command::{Context, step};
use eventstore::seal::vault::random_bytes;
use eventstore::{Execution, ExecutorError, Keys, Log};
use hmac::{Hmac, Mac};
use poem::http::StatusCode;
use projections::Progress;
use projections::command_write::CommandWrite;
use projections::user::{credentials, queries};
use runtime::leader;
use sha2::Sha256;
use sqlx::{PgPool, Postgres, Transaction};
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::{Instant, sleep, timeout_at};
use uuid::Uuid;

use crate::http::Problem;

/// How long a command waits for the user view.
const VIEW_WAIT: Duration = Duration::from_secs(2);

/// Checks the size of a password before it is compared, so that the cost of hashing is bounded.
pub fn check_password_size(pointer: &str, password: String) -> Result<String, Problem> {
    if password.len() > credentials::MAX_BYTES {
        return Err(Problem::invalid(
            pointer,
            "too_long",
            format!(
                "password must have at most {} bytes",
                credentials::MAX_BYTES
            ),
        ));
    }
    Ok(password)
}

/// Checks a new password. Any characters except U+0000 are allowed, including leading and trailing spaces.
pub fn check_new_password(pointer: &str, password: String) -> Result<String, Problem> {
    let password = check_password_size(pointer, password)?;
    if password.chars().count() < credentials::MIN_CHARACTERS {
        return Err(Problem::invalid(
            pointer,
            "too_short",
            format!(
                "password must have at least {} characters",
                credentials::MIN_CHARACTERS
            ),
        ));
    }
    if password.contains('\0') {
        return Err(Problem::invalid(
            pointer,
            "control_character",
            "password must not contain U+0000",
        ));
    }
    Ok(password)
}

/// Characters of generated passwords that are not mistaken for others; their number divides 256.
const PASSWORD_ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Characters of a generated password, 100 bits in all.
const PASSWORD_CHARACTERS: usize = 20;
const PASSWORD_GROUP: usize = 4;

/// Generates a password. It is derived from the request if that may be repeated, so that a repetition returns it again
/// although it is stored nowhere.
pub(crate) async fn generate_password(
    keys: &Keys,
    request: Option<&Idempotency>,
) -> Result<String, Problem> {
    let seed = match request {
        Some(request) => format!(
            "{:?}",
            (&request.principal, &request.operation, &request.key)
        )
        .into_bytes(),
        None => random_bytes::<32>()
            .map_err(|error| Problem::internal(&error))?
            .to_vec(),
    };
    let key = keys.signing_key("generated-password").await?;
    let mac = <Hmac<Sha256> as Mac>::new_from_slice(&key);
    let mac = mac.map_err(|error| Problem::internal(&error))?;
    let bytes = mac.chain_update(seed).finalize().into_bytes();
    let characters: Vec<char> = bytes
        .iter()
        .take(PASSWORD_CHARACTERS)
        .map(|byte| char::from(PASSWORD_ALPHABET[usize::from(byte % 32)]))
        .collect();
    let groups = characters.chunks(PASSWORD_GROUP).map(String::from_iter);
    Ok(groups.collect::<Vec<_>>().join("-"))
}

/// Parses an email address and returns the normalized form in which addresses are compared.
pub fn parse_email(pointer: &str, email: &str) -> Result<String, Problem> {
    let email = text::parse_email_shape(email).ok_or_else(|| {
        Problem::invalid(
            pointer,
            "invalid_email",
            "email must be an address such as ada@example.org with at most 254 bytes",
        )
    })?;
    Ok(text::normalise_email(&email))
}

/// An account to create.
#[derive(Debug)]
pub struct NewAccount {
    pub user_id: Uuid,
    pub role: Role,
    pub email: String,
    pub display_name: String,
    pub password: String,
    pub origin: Origin,
}

/// Builds the command that creates an account, reserves its address and sets its password.
pub async fn registration(account: NewAccount, context: Context) -> Result<Execution, Problem> {
    let password = check_new_password("/password", account.password)?;
    let comparable = text::normalise_email(&account.email);
    let id = account.user_id;
    let command = RegisterUser {
        user_id: id,
        role: account.role,
        email: Some(account.email),
        display_name: account.display_name,
        origin: account.origin,
    };
    let hash = credentials::hash(password).await?;
    let mut execution = Execution::new(context, vec![step(id, None, command)]);
    execution
        .reserve
        .push(("email", comparable, id.to_string()));
    Ok(with_password(execution, id, hash))
}

/// Adds a new password to a command, and ends all sessions of the user but `except`.
pub async fn with_new_password(
    execution: Execution,
    user_id: Uuid,
    password: String,
    except: Option<Uuid>,
) -> Result<Execution, Problem> {
    let hash = credentials::hash(password).await?;
    let execution = with_password(execution, user_id, hash);
    Ok(without_sessions(execution, user_id, except))
}

fn with_password(execution: Execution, user_id: Uuid, hash: String) -> Execution {
    execution.with_write(CommandWrite::SetPassword {
        user: user_id,
        hash,
    })
}

/// Ends all sessions of a user but `except` in the transaction of a command.
pub fn without_sessions(execution: Execution, user_id: Uuid, except: Option<Uuid>) -> Execution {
    execution.with_write(CommandWrite::EndSessions {
        user: user_id,
        except,
    })
}

/// How long a command waits for other commands that remove an administrator.
const GUARD_WAIT: Duration = Duration::from_secs(5);
/// Pause between attempts to take a lock that another process holds.
const PAUSE: Duration = Duration::from_millis(25);
/// Serialises such commands within this process, so that waiting ones hold no database connection.
static ADMIN_CHANGES: Mutex<()> = Mutex::const_new(());

/// Permission to remove an administrator; one command of the installation holds it at a time. Hold it until the command
/// is durable, and never while waiting for a person.
#[derive(Debug)]
pub struct AdminGuard {
    #[expect(dead_code, reason = "held until dropped")]
    lock: Transaction<'static, Postgres>,
    #[expect(dead_code, reason = "held until dropped")]
    in_process: MutexGuard<'static, ()>,
}

/// Makes a command fail if the user is an administrator. The aggregate decides that, because a view may be stale.
#[must_use]
pub fn refuse_for_admins(mut execution: Execution, user_id: Uuid) -> Execution {
    let require = step(user_id, None, RequireNotAdmin);
    execution.steps.insert(0, require);
    execution
}

/// Whether a command failed because the user is an administrator; a retry needs an [`AdminGuard`].
pub fn needs_admin_guard(error: &ExecutorError) -> bool {
    matches!(error, ExecutorError::Refused(refusal) if refusal.code() == UserError::IsAdmin.code())
}

/// Fails if the user is the last administrator.
pub async fn guard_last_admin(
    pool: &PgPool,
    log: &Log,
    progress: &Progress,
    user_id: Uuid,
) -> Result<AdminGuard, Problem> {
    let deadline = Instant::now() + GUARD_WAIT;
    let in_process = timeout_at(deadline, ADMIN_CHANGES.lock());
    let in_process = in_process.await.map_err(|_| busy())?;
    let lock = lock_admins(pool, deadline).await?;
    // Earlier holders of the lock have committed: the view must show their changes before it is queried.
    let (head, _) = log.head(pool).await?;
    if progress.wait_for(head, VIEW_WAIT).await? < head {
        return Err(Problem::unavailable(
            "projection_behind",
            "the user list is not up to date yet; try again",
        ));
    }
    if queries::count_other_admins(pool, user_id).await? == 0 {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "last_admin",
            "the last administrator cannot be demoted, suspended or deleted",
        ));
    }
    Ok(AdminGuard { lock, in_process })
}

/// Takes the lock of the installation. Holds no connection while another process has the lock.
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
        "other changes of administrators are in progress; try again",
    )
}
