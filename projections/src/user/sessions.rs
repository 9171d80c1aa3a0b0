//! Sessions and their rotated refresh tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use eventstore::vault::{VaultError, random};
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// A refresh token, told to its owner once; only its digest is stored.
#[derive(Debug, Clone)]
pub struct RefreshToken(String);

impl RefreshToken {
    pub fn generate() -> Result<Self, VaultError> {
        let bytes: [u8; 32] = random()?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn digest(token: &str) -> Vec<u8> {
        Sha256::digest(token.as_bytes()).to_vec()
    }
}

/// A session of a user, for its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionView {
    pub id: Uuid,
    pub created_at: DateTime<Utc>,
    pub used_at: DateTime<Utc>,
    pub user_agent: Option<String>,
}

/// Who a session belongs to and whether it may be used now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionState {
    pub user_id: Uuid,
    /// None while the view does not show the user: it is being made anew, or follows the log.
    pub role: Option<String>,
    pub usable: bool,
    /// Whether it is a while since it was last marked as used.
    pub stale: bool,
}

/// Begins a session, in the transaction of the event that tells of it.
pub async fn start(
    connection: &mut PgConnection,
    session_id: Uuid,
    user_id: Uuid,
    user_agent: Option<&str>,
    token: &RefreshToken,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into auth_sessions (id, user_id, user_agent) values ($1, $2, $3)",
        session_id,
        user_id,
        user_agent
    )
    .execute(&mut *connection)
    .await?;
    insert_token(connection, session_id, token, None).await
}

async fn insert_token(
    connection: &mut PgConnection,
    session_id: Uuid,
    token: &RefreshToken,
    parent: Option<&[u8]>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into auth_refresh_tokens (hash, session_id, parent_hash, expires_at)
         values ($1, $2, $3, clock_timestamp() + interval '30 days')",
        RefreshToken::digest(token.as_str()),
        session_id,
        parent
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What became of a refresh token.
#[derive(Debug)]
pub enum Rotation {
    /// The session goes on with a new token.
    Rotated {
        session_id: Uuid,
        user_id: Uuid,
        token: RefreshToken,
    },
    /// The token was used before: somebody else may have it, so its whole family is revoked.
    Reused { session_id: Uuid, user_id: Uuid },
    /// Unknown, expired, or of a session that has ended.
    Invalid,
}

/// Exchanges a refresh token for its successor. The immediate predecessor is honoured once more within 10 s, for two
/// tabs that refresh at once; any older one revokes the family.
pub async fn rotate(
    pool: &PgPool,
    token: &str,
    next: RefreshToken,
) -> Result<Rotation, sqlx::Error> {
    let hash = RefreshToken::digest(token);
    let mut transaction = pool.begin().await?;
    let row = sqlx::query!(
        r#"select t.session_id, s.user_id,
                  (s.revoked_at is null and t.expires_at > clock_timestamp()) as "usable!",
                  t.used_at is null as "fresh!",
                  (t.used_at > clock_timestamp() - interval '10 seconds' and not t.grace_used
                   and not exists (select from auth_refresh_tokens c where c.parent_hash = t.hash
                                   and c.used_at is not null)) as "graced"
           from auth_refresh_tokens t join auth_sessions s on s.id = t.session_id
           where t.hash = $1 for update of t, s"#,
        hash
    )
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(row) = row.filter(|row| row.usable) else {
        return Ok(Rotation::Invalid);
    };
    let (session_id, user_id) = (row.session_id, row.user_id);
    let graced = row.graced == Some(true);
    if !row.fresh && !graced {
        revoke(&mut transaction, session_id).await?;
        transaction.commit().await?;
        return Ok(Rotation::Reused {
            session_id,
            user_id,
        });
    }
    sqlx::query!(
        "update auth_refresh_tokens set used_at = coalesce(used_at, clock_timestamp()), grace_used = $2 where hash = $1",
        hash,
        graced
    )
    .execute(&mut *transaction)
    .await?;
    insert_token(&mut transaction, session_id, &next, Some(&hash)).await?;
    sqlx::query!(
        "update auth_sessions set used_at = clock_timestamp() where id = $1",
        session_id
    )
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(Rotation::Rotated {
        session_id,
        user_id,
        token: next,
    })
}

/// Ends a session, in the transaction of the event that tells of it.
pub async fn revoke(connection: &mut PgConnection, session_id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update auth_sessions set revoked_at = clock_timestamp() where id = $1 and revoked_at is null",
        session_id
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends all sessions of a user, except one.
pub async fn revoke_all(
    connection: &mut PgConnection,
    user_id: Uuid,
    except: Option<Uuid>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update auth_sessions set revoked_at = clock_timestamp()
         where user_id = $1 and revoked_at is null and id is distinct from $2",
        user_id,
        except
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The sessions of a user that have not ended.
pub async fn list(pool: &PgPool, user_id: Uuid) -> Result<Vec<SessionView>, sqlx::Error> {
    sqlx::query_as!(
        SessionView,
        "select id, created_at, used_at, user_agent from auth_sessions
         where user_id = $1 and revoked_at is null order by id",
        user_id
    )
    .fetch_all(pool)
    .await
}

/// Whether a session may be used now, and by whom.
pub async fn state(pool: &PgPool, session_id: Uuid) -> Result<Option<SessionState>, sqlx::Error> {
    sqlx::query_as!(
        SessionState,
        r#"select s.user_id, u.role as "role?", (s.revoked_at is null and not coalesce(u.suspended, false)) as "usable!",
                  s.used_at < clock_timestamp() - interval '1 minute' as "stale!"
           from auth_sessions s left join view_users u on u.id = s.user_id where s.id = $1"#,
        session_id
    )
    .fetch_optional(pool)
    .await
}

/// Marks a session as used now.
pub async fn touch(pool: &PgPool, session_id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update auth_sessions set used_at = clock_timestamp()
         where id = $1 and used_at < clock_timestamp() - interval '1 minute'",
        session_id
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// The same for many sessions at once; those that do not exist are left out.
pub async fn states(pool: &PgPool, ids: &[Uuid]) -> Result<Vec<(Uuid, SessionState)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select s.id, s.user_id, u.role as "role?",
                  (s.revoked_at is null and not coalesce(u.suspended, false)) as "usable!",
                  s.used_at < clock_timestamp() - interval '1 minute' as "stale!"
           from auth_sessions s left join view_users u on u.id = s.user_id where s.id = any($1)"#,
        ids
    )
    .fetch_all(pool)
    .await?;
    let states = rows.into_iter().map(|row| {
        let state = SessionState {
            user_id: row.user_id,
            role: row.role,
            usable: row.usable,
            stale: row.stale,
        };
        (row.id, state)
    });
    Ok(states.collect())
}

/// Marks sessions as used now.
pub async fn touch_all(pool: &PgPool, ids: &[Uuid]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update auth_sessions set used_at = clock_timestamp()
         where id = any($1) and used_at < clock_timestamp() - interval '1 minute'",
        ids
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// How many people have used one of their sessions in the last five minutes.
pub async fn active_people(pool: &PgPool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(distinct user_id) as "count!" from auth_sessions
           where revoked_at is null and used_at > clock_timestamp() - interval '5 minutes'"#
    )
    .fetch_one(pool)
    .await
}
