//! Passwords: argon2id, a few computations at once, and one for unknown addresses as well.

use argon2::password_hash::{PasswordHasher, SaltString};
use argon2::{Argon2, PasswordHash, PasswordVerifier};
use domain::text;
use eventstore::seal::vault::random_bytes;
use sqlx::{PgConnection, PgPool};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::statement::execute;

/// Concurrent computations; each needs 19 MiB.
static COMPUTATIONS: Semaphore = Semaphore::const_new(2);
/// Callers that may wait, in order of arrival; more are refused. The API limits each client address, so that none can fill
/// the queue alone.
static QUEUE: Semaphore = Semaphore::const_new(1_024);
/// The maximum length of a password in bytes.
pub const MAX_BYTES: usize = 1_024;
/// The minimum length of a password in characters.
pub const MIN_CHARACTERS: usize = 8;

/// The refusal of a set-up that is already complete.
pub const SETUP_OVER: &str = "setup_over";

/// Why a password could not be hashed or compared.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    #[error("too many sign-ins at once")]
    Busy,
    #[error("cannot hash the password")]
    Hash,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Hashes a password.
pub async fn hash(password: String) -> Result<String, PasswordError> {
    let password = text::normalise_password(&password);
    run(move || {
        let salt = random_bytes::<16>().map_err(|_| PasswordError::Hash)?;
        let salt = SaltString::encode_b64(&salt).map_err(|_| PasswordError::Hash)?;
        let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
        hash.map(|hash| hash.to_string())
            .map_err(|_| PasswordError::Hash)
    })
    .await?
}

/// Whether a password is that of a user. Without a user the same work is done, so that the response time tells nothing.
pub async fn verify(
    pool: &PgPool,
    user_id: Option<Uuid>,
    password: String,
) -> Result<bool, PasswordError> {
    let stored = match user_id {
        Some(id) => {
            sqlx::query_scalar!("select hash from auth_passwords where user_id = $1", id)
                .fetch_optional(pool)
                .await?
        }
        None => None,
    };
    let has_password = stored.is_some();
    let stored = stored.unwrap_or_else(|| DUMMY_HASH.to_owned());
    let mut spellings = vec![text::normalise_password(&password)];
    if !spellings.contains(&password) {
        // The password may have been set before passwords were normalised.
        spellings.push(password);
    }
    let is_correct = run(move || {
        let matches = |hash: &PasswordHash<'_>, spelling: &String| {
            Argon2::default()
                .verify_password(spelling.as_bytes(), hash)
                .is_ok()
        };
        PasswordHash::new(&stored)
            .is_ok_and(|hash| spellings.iter().any(|spelling| matches(&hash, spelling)))
    })
    .await?;
    Ok(has_password && is_correct)
}

/// A hash that no password has, with the same parameters as real ones.
const DUMMY_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$4q1T1o1NQ8vZ8Yb7f1v3w5y6x7z8A9B0C1D2E3F4G5g";

async fn run<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, PasswordError> {
    let queue_permit = QUEUE.try_acquire().map_err(|_| PasswordError::Busy)?;
    let permit = COMPUTATIONS
        .acquire()
        .await
        .map_err(|_| PasswordError::Busy)?;
    // The work holds the permits: it continues, and needs its memory, even if the client has disconnected.
    let guarded = move || {
        let _permits = (queue_permit, permit);
        work()
    };
    tokio::task::spawn_blocking(guarded)
        .await
        .map_err(|_| PasswordError::Hash)
}

/// Sets a user's password, in the transaction of its event.
pub async fn set(
    connection: &mut PgConnection,
    user_id: Uuid,
    hash: &str,
) -> Result<(), sqlx::Error> {
    execute!(
        connection,
        "insert into auth_passwords (user_id, hash) values ($1, $2)
         on conflict (user_id) do update set hash = excluded.hash, changed_at = clock_timestamp()",
        user_id,
        hash
    )
}

/// Removes the password of a user.
pub async fn remove(connection: &mut PgConnection, user_id: Uuid) -> Result<(), sqlx::Error> {
    execute!(
        connection,
        "delete from auth_passwords where user_id = $1",
        user_id
    )
}

/// Whether setup is complete. It never reopens by itself.
pub async fn is_set_up(pool: &PgPool) -> Result<bool, sqlx::Error> {
    let is_set_up = sqlx::query_scalar!(r#"select exists (select from auth_setup) as "done!""#)
        .fetch_one(pool)
        .await?;
    Ok(is_set_up)
}

/// Closes setup. Returns whether this call closed it.
pub async fn close_setup(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let closed = sqlx::query!("insert into auth_setup default values on conflict do nothing")
        .execute(connection)
        .await?;
    Ok(closed.rows_affected() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Otherwise the response time would reveal unknown addresses.
    #[test]
    fn the_dummy_hash_costs_as_much_as_a_real_one() {
        let hash = PasswordHash::new(DUMMY_HASH).unwrap();
        assert!(hash.hash.is_some());
        let (dummy, default) = (
            argon2::Params::try_from(&hash).unwrap(),
            argon2::Params::default(),
        );
        assert_eq!(
            (dummy.m_cost(), dummy.t_cost(), dummy.p_cost()),
            (default.m_cost(), default.t_cost(), default.p_cost())
        );
    }
}
