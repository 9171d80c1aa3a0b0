//! Saves the sealed text of running answers periodically, so that it survives a crash of the worker.

use std::collections::BTreeSet;

use domain::personal::{Personal, Subject};
use domain::response::Answer;
use sqlx::PgPool;
use uuid::Uuid;

use eventstore::log::{Log, LogError};
use eventstore::seal::keys::Keys;
use eventstore::seal::vault::{self, SealContext, random_bytes};

/// How often a running answer is saved.
pub const INTERVAL: std::time::Duration = std::time::Duration::from_secs(2);

/// The run and attempt that a text belongs to.
#[derive(Debug, Clone, Copy)]
pub struct RunAttempt {
    pub id: Uuid,
    pub conversation_id: Uuid,
    pub attempt: u32,
}

fn seal_context<'a>(log: &Log, run: &'a str, attempt: i32) -> SealContext<'a> {
    SealContext {
        log_id: log.id,
        aggregate_type: "response",
        aggregate_id: run,
        sequence: i64::from(attempt),
        event_type: "partial_answer",
    }
}

/// Saves the text of a run, replacing an earlier one.
pub async fn save(
    pool: &PgPool,
    log: &Log,
    keys: &Keys,
    run: RunAttempt,
    answer: &Answer,
) -> Result<(), LogError> {
    let subject = Subject::new("conversation", run.conversation_id);
    let ring = keys.load(&BTreeSet::from([subject.clone()])).await?;
    let (id, attempt) = (run.id.to_string(), attempt_number(run.attempt));
    let mut sealed = serde_json::json!(Personal::new([subject], answer));
    vault::seal(
        &mut sealed,
        "/answer",
        seal_context(log, &id, attempt),
        &ring,
        &mut random_bytes,
    )?;
    // A dynamic query: sqlx would declare the parameter jsonb.
    sqlx::query(
        "insert into partial_answers (run, attempt, sealed) values ($1, $2, $3::text::json)
         on conflict (run) do update set attempt = excluded.attempt, sealed = excluded.sealed,
             saved_at = clock_timestamp()
         where partial_answers.attempt <= excluded.attempt",
    )
    .bind(run.id)
    .bind(attempt)
    .bind(sealed.to_string())
    .execute(pool)
    .await?;
    Ok(())
}

/// Loads the saved text of a run.
pub async fn load(
    pool: &PgPool,
    log: &Log,
    keys: &Keys,
    run: RunAttempt,
) -> Result<Option<Answer>, LogError> {
    let row = sqlx::query!(
        r#"select attempt, sealed::text as "sealed!" from partial_answers where run = $1"#,
        run.id
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let subject = Subject::new("conversation", run.conversation_id);
    let ring = keys.load(&BTreeSet::from([subject])).await?;
    let id = run.id.to_string();
    let mut value = serde_json::from_str(&row.sealed).map_err(|_| LogError::Unreadable(0))?;
    vault::open(
        &mut value,
        "/answer",
        seal_context(log, &id, row.attempt),
        &ring,
    )?;
    let answer: Personal<Answer> =
        serde_json::from_value(value).map_err(|_| LogError::Unreadable(0))?;
    // `None` if it was erased meanwhile.
    Ok(answer.plain().cloned())
}

/// Deletes the text saved by this attempt or an earlier one.
pub async fn delete(pool: &PgPool, run: Uuid, attempt: u32) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from partial_answers where run = $1 and attempt <= $2",
        run,
        attempt_number(attempt)
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Deletes texts not updated for a day: their runs have ended or were deleted with their conversations.
pub async fn prune(pool: &PgPool) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from partial_answers where saved_at < clock_timestamp() - interval '24 hours'"
    )
    .execute(pool)
    .await?;
    Ok(())
}

fn attempt_number(attempt: u32) -> i32 {
    i32::try_from(attempt).unwrap_or(i32::MAX)
}
