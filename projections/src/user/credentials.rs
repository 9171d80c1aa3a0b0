//! Passwords: argon2id, at most a few at once, one run for known and unknown addresses alike.

use argon2::password_hash::{PasswordHasher, SaltString};
use argon2::{Argon2, PasswordHash, PasswordVerifier};
use domain::text;
use sqlx::{PgConnection, PgPool};
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Runs at once; each takes 19 MiB.
static RUNS: Semaphore = Semaphore::const_new(2);
/// Runs that may wait, first come, first served; beyond it the caller is told to come back. The API lets few of each site
/// in at once, so that nobody fills it alone.
static WAITING: Semaphore = Semaphore::const_new(1_024);
/// Longest password in bytes.
pub const MAX_BYTES: usize = 1_024;
/// Shortest password in characters.
pub const MIN_CHARACTERS: usize = 8;

/// Why a password could not be hashed or compared.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    #[error("too many log-ins at once")]
    Busy,
    #[error("the password could not be hashed")]
    Hash,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// The hash of a password.
pub async fn hash(password: String) -> Result<String, PasswordError> {
    let password = text::normalise_password(&password);
    run(move || {
        let salt = SaltString::generate(&mut argon2::password_hash::rand_core::OsRng);
        let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
        hash.map(|hash| hash.to_string())
            .map_err(|_| PasswordError::Hash)
    })
    .await?
}

/// Whether a password is the one of a user. Without a user the same work is done for nothing.
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
    let known = stored.is_some();
    let stored = stored.unwrap_or_else(|| NOBODY.to_owned());
    let mut spellings = vec![text::normalise_password(&password)];
    if !spellings.contains(&password) {
        // It may have been set before passwords were normalised.
        spellings.push(password);
    }
    let fits = run(move || {
        let is_it = |hash: &PasswordHash<'_>, spelling: &String| {
            Argon2::default()
                .verify_password(spelling.as_bytes(), hash)
                .is_ok()
        };
        PasswordHash::new(&stored)
            .is_ok_and(|hash| spellings.iter().any(|spelling| is_it(&hash, spelling)))
    })
    .await?;
    Ok(known && fits)
}

/// The hash of a password that nobody has, with the parameters of all others.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$4q1T1o1NQ8vZ8Yb7f1v3w5y6x7z8A9B0C1D2E3F4G5g";

async fn run<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, PasswordError> {
    let place = WAITING.try_acquire().map_err(|_| PasswordError::Busy)?;
    let run = RUNS.acquire().await.map_err(|_| PasswordError::Busy)?;
    // The permits go with the work: it goes on where its client has hung up, and still takes its memory.
    let guarded = move || {
        let _held = (place, run);
        work()
    };
    tokio::task::spawn_blocking(guarded)
        .await
        .map_err(|_| PasswordError::Hash)
}

/// Sets a user's password, in the transaction of the event that tells of it.
pub async fn set(
    connection: &mut PgConnection,
    user_id: Uuid,
    hash: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into auth_passwords (user_id, hash) values ($1, $2)
         on conflict (user_id) do update set hash = excluded.hash, changed_at = clock_timestamp()",
        user_id,
        hash
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes the password of a user.
pub async fn remove(connection: &mut PgConnection, user_id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from auth_passwords where user_id = $1", user_id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether set-up is over: it never opens again by itself.
pub async fn is_set_up(pool: &PgPool) -> Result<bool, sqlx::Error> {
    let done = sqlx::query_scalar!(r#"select exists (select from auth_setup) as "done!""#)
        .fetch_one(pool)
        .await?;
    Ok(done)
}

/// Closes set-up; tells whether this call was the one that did.
pub async fn close_setup(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let closed = sqlx::query!("insert into auth_setup default values on conflict do nothing")
        .execute(connection)
        .await?;
    Ok(closed.rows_affected() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Else unknown addresses would answer faster.
    #[test]
    fn the_hash_of_nobody_costs_as_much_as_any_other() {
        let hash = PasswordHash::new(NOBODY).unwrap();
        assert!(hash.hash.is_some());
        let (nobody, usual) = (
            argon2::Params::try_from(&hash).unwrap(),
            argon2::Params::default(),
        );
        assert_eq!(
            (nobody.m_cost(), nobody.t_cost(), nobody.p_cost()),
            (usual.m_cost(), usual.t_cost(), usual.p_cost())
        );
    }
}
