//! Sessions and their rotating refresh tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::user::Role;
use eventstore::seal::vault::{DataKey, VaultError, random_bytes};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use sqlx::types::Text;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::statement::execute;

/// A refresh token. Its owner receives it; only its digest is stored.
#[derive(Debug, Clone)]
pub struct RefreshToken(String);

impl RefreshToken {
    pub fn generate() -> Result<Self, VaultError> {
        let bytes: [u8; 32] = random_bytes()?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn digest(token: &str) -> Vec<u8> {
        Sha256::digest(token.as_bytes()).to_vec()
    }

    /// The successor of a token. It is derived with a key of the installation, so that it can be sent again after a lost
    /// response, although only digests are stored.
    fn successor(key: &DataKey, token: &str) -> Self {
        Self(URL_SAFE_NO_PAD.encode(mac(key, &[b"successor", token.as_bytes()])))
    }
}

/// Recognises a device that repeats a request. A keyed digest, so that it reveals nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device(Vec<u8>);

impl Device {
    /// Derived from the user agent and the network.
    pub fn new(key: &DataKey, user_agent: Option<&str>, network: &str) -> Self {
        let agent = user_agent.unwrap_or_default();
        Self(mac(key, &[b"device", agent.as_bytes(), network.as_bytes()]))
    }
}

fn mac(key: &DataKey, parts: &[&[u8]]) -> Vec<u8> {
    // HMAC takes keys of any length.
    let Ok(mac) = <Hmac<Sha256> as Mac>::new_from_slice(key) else {
        return vec![];
    };
    let framed = parts.iter().fold(mac, |mac, part| {
        mac.chain_update(part.len().to_be_bytes())
            .chain_update(part)
    });
    framed.finalize().into_bytes().to_vec()
}

/// A session of a user, for its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionView {
    pub id: Uuid,
    pub created_at: DateTime<Utc>,
    pub used_at: DateTime<Utc>,
    /// Sealed under the key of the user.
    pub user_agent: Option<String>,
}

/// The user of a session, and whether it can be used now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionState {
    pub user_id: Uuid,
    /// `None` while the view does not contain the user, because it is being rebuilt or lags.
    pub role: Option<Text<Role>>,
    pub usable: bool,
    /// Whether it was last marked as used more than a minute ago.
    pub stale: bool,
}

/// Starts a session, in the transaction of its event.
pub async fn start(
    connection: &mut PgConnection,
    session_id: Uuid,
    user_id: Uuid,
    token: &RefreshToken,
) -> Result<(), sqlx::Error> {
    execute!(
        connection,
        "insert into auth_sessions (id, user_id) values ($1, $2)",
        session_id,
        user_id
    )?;
    insert_token(connection, session_id, token, None).await
}

async fn insert_token(
    connection: &mut PgConnection,
    session_id: Uuid,
    token: &RefreshToken,
    parent: Option<&[u8]>,
) -> Result<(), sqlx::Error> {
    execute!(
        connection,
        "insert into auth_refresh_tokens (hash, session_id, parent_hash, expires_at)
         values ($1, $2, $3, clock_timestamp() + interval '30 days')
         on conflict (hash) do nothing",
        RefreshToken::digest(token.as_str()),
        session_id,
        parent
    )
}

/// The result of using a refresh token.
#[derive(Debug)]
pub enum Rotation {
    /// The session continues with a new token.
    Rotated {
        session_id: Uuid,
        user_id: Uuid,
        token: RefreshToken,
    },
    /// The token was used before: somebody else may have it, so the whole session is revoked.
    Reused { session_id: Uuid, user_id: Uuid },
    /// The session was revoked earlier because of a reused token.
    RevokedForReuse,
    /// Unknown, expired, or of a session that has ended.
    Invalid,
}

/// Exchanges a refresh token for its successor. Until the successor is used, and for at most an hour, the same device
/// receives the same successor again, since responses get lost, browsers exit before they store cookies, and tabs wake at
/// the same time. From another device, or later, a used token revokes the session. So a session has only one valid token
/// chain.
pub async fn rotate(
    pool: &PgPool,
    key: &DataKey,
    token: &str,
    device: &Device,
) -> Result<Rotation, sqlx::Error> {
    let hash = RefreshToken::digest(token);
    let mut transaction = pool.begin().await?;
    let row = sqlx::query!(
        r#"select t.session_id, s.user_id, s.ended_by_reuse,
                  (s.revoked_at is null and t.expires_at > clock_timestamp()) as "usable!",
                  (t.used_at is null
                   or (t.used_at > clock_timestamp() - interval '1 hour' and coalesce(t.device = $2, true)
                       and not exists (select from auth_refresh_tokens c where c.parent_hash = t.hash
                                       and c.used_at is not null))) as "honoured!"
           from auth_refresh_tokens t join auth_sessions s on s.id = t.session_id
           where t.hash = $1 for update of t, s"#,
        hash,
        device.0
    )
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(row) = row else {
        return Ok(Rotation::Invalid);
    };
    if !row.usable {
        return Ok(match row.ended_by_reuse {
            true => Rotation::RevokedForReuse,
            false => Rotation::Invalid,
        });
    }
    let (session_id, user_id) = (row.session_id, row.user_id);
    if row.honoured {
        let token = use_token(&mut transaction, key, (session_id, token), device).await?;
        transaction.commit().await?;
        return Ok(Rotation::Rotated {
            session_id,
            user_id,
            token,
        });
    }
    execute!(
        transaction,
        "update auth_sessions set revoked_at = clock_timestamp(), ended_by_reuse = true where id = $1",
        session_id
    )?;
    transaction.commit().await?;
    Ok(Rotation::Reused {
        session_id,
        user_id,
    })
}

/// Marks a token of a session as used by a device, and stores its successor if it is new.
async fn use_token(
    connection: &mut PgConnection,
    key: &DataKey,
    (session_id, token): (Uuid, &str),
    device: &Device,
) -> Result<RefreshToken, sqlx::Error> {
    let hash = RefreshToken::digest(token);
    let successor = RefreshToken::successor(key, token);
    execute!(
        connection,
        "update auth_refresh_tokens
         set used_at = coalesce(used_at, clock_timestamp()), device = coalesce(device, $2) where hash = $1",
        hash,
        device.0
    )?;
    // A successor from before successors were derived.
    execute!(
        connection,
        "delete from auth_refresh_tokens where parent_hash = $1 and session_id = $2 and hash <> $3",
        hash,
        session_id,
        RefreshToken::digest(successor.as_str())
    )?;
    insert_token(&mut *connection, session_id, &successor, Some(&hash)).await?;
    execute!(
        connection,
        "update auth_sessions set used_at = clock_timestamp() where id = $1",
        session_id
    )?;
    Ok(successor)
}

/// Revokes a session, in the transaction of its event.
pub async fn revoke(connection: &mut PgConnection, session_id: Uuid) -> Result<(), sqlx::Error> {
    execute!(
        connection,
        "update auth_sessions set revoked_at = clock_timestamp() where id = $1 and revoked_at is null",
        session_id
    )
}

/// Revokes all sessions of a user, optionally except one.
pub async fn revoke_all(
    connection: &mut PgConnection,
    user_id: Uuid,
    except: Option<Uuid>,
) -> Result<(), sqlx::Error> {
    execute!(
        connection,
        "update auth_sessions set revoked_at = clock_timestamp()
         where user_id = $1 and revoked_at is null and id is distinct from $2",
        user_id,
        except
    )
}

/// Stores the sealed user agent of a new session.
pub async fn set_user_agent(
    pool: &PgPool,
    session_id: Uuid,
    sealed_agent: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update auth_sessions set user_agent = $2 where id = $1",
        session_id,
        sealed_agent
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Deletes all sessions of a user and, by cascade, their tokens.
pub async fn erase(connection: &mut PgConnection, user_id: Uuid) -> Result<(), sqlx::Error> {
    execute!(
        connection,
        "delete from auth_sessions where user_id = $1",
        user_id
    )
}

/// Deletes expired tokens, and sessions without a token or revoked more than 30 days ago.
pub async fn prune(pool: &PgPool) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from auth_refresh_tokens where expires_at < clock_timestamp()")
        .execute(pool)
        .await?;
    // A new session gets its token in the same transaction, and access tokens are valid only for minutes.
    sqlx::query!(
        "delete from auth_sessions s
         where s.revoked_at < clock_timestamp() - interval '30 days'
            or (s.used_at < clock_timestamp() - interval '1 day'
                and not exists (select from auth_refresh_tokens t where t.session_id = s.id))"
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Lists the sessions of a user that are not revoked.
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

/// Returns the state of a session.
pub async fn state(pool: &PgPool, session_id: Uuid) -> Result<Option<SessionState>, sqlx::Error> {
    sqlx::query_as!(
        SessionState,
        r#"select s.user_id, u.role as "role?: _", (s.revoked_at is null and not coalesce(u.suspended, false)) as "usable!",
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

/// Returns the states of sessions; unknown ones are left out.
pub async fn states(pool: &PgPool, ids: &[Uuid]) -> Result<Vec<(Uuid, SessionState)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select s.id, s.user_id, u.role as "role?: Text<Role>",
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

/// Counts the users with a session that was used in the last five minutes.
pub async fn count_active_users(pool: &PgPool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(distinct user_id) as "count!" from auth_sessions
           where revoked_at is null and used_at > clock_timestamp() - interval '5 minutes'"#
    )
    .fetch_one(pool)
    .await
}
