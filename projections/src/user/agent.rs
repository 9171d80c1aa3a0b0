//! The user agents of sessions. They are sealed like all personal data, so that destroying the key erases them.

use std::collections::BTreeSet;

use domain::Subject;
use domain::personal::Personal;
use eventstore::seal::keys::KeyError;
use eventstore::seal::vault::{self, SealContext, VaultError, random_bytes};
use eventstore::{Keys, Log};
use uuid::Uuid;

/// Seals the user agent of a session of a user.
pub async fn seal(
    (log, keys): (&Log, &Keys),
    (user_id, session_id): (Uuid, Uuid),
    agent: &str,
) -> Result<String, KeyError> {
    let subject = Subject::new("user", user_id);
    let ring = keys.load(&BTreeSet::from([subject.clone()])).await?;
    let mut value = serde_json::json!(Personal::new([subject], agent));
    let id = session_id.to_string();
    vault::seal(
        &mut value,
        "/user_agent",
        seal_context(log, &id),
        &ring,
        &mut random_bytes,
    )?;
    Ok(value.to_string())
}

/// Opens a sealed user agent; `None` if the key of the user was destroyed.
pub async fn open(
    (log, keys): (&Log, &Keys),
    (user_id, session_id): (Uuid, Uuid),
    sealed: &str,
) -> Result<Option<String>, KeyError> {
    let ring = keys
        .load(&BTreeSet::from([Subject::new("user", user_id)]))
        .await?;
    let id = session_id.to_string();
    let malformed = |_| VaultError::Malformed("/user_agent".to_owned());
    let mut value = serde_json::from_str(sealed).map_err(malformed)?;
    vault::open(&mut value, "/user_agent", seal_context(log, &id), &ring)?;
    let agent: Personal<String> = serde_json::from_value(value).map_err(malformed)?;
    Ok(agent.plain().cloned())
}

fn seal_context<'a>(log: &Log, session_id: &'a str) -> SealContext<'a> {
    SealContext {
        log_id: log.id,
        aggregate_type: "session",
        aggregate_id: session_id,
        sequence: 0,
        event_type: "user_agent",
    }
}
