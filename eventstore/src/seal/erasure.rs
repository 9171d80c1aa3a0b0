//! Destroys keys: fields sealed under them then read `[erased]`, in the log and in every copy of it.

use chrono::{DateTime, Utc};
use domain::{ENDINGS, Ending};
use sqlx::{PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

use crate::log::LogError;

/// Destroys the keys of subjects, in the transaction of the event that records it. A tombstone remains, so that no
/// subject gets a second key.
pub async fn destroy_keys(
    connection: &mut PgConnection,
    subjects: &[String],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update subject_keys set wrapped = null, destroyed_at = clock_timestamp()
         where subject = any($1) and wrapped is not null",
        subjects
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Releases every value that an owner has reserved, such as an email address.
pub async fn release_claims(connection: &mut PgConnection, owner: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from reservations where owner = $1", owner)
        .execute(connection)
        .await?;
    Ok(())
}

/// Finds aggregates whose keys are destroyed although the log has no event that ends them. This happens after
/// restoring a backup that is older than the erasure.
pub async fn find_unrecorded(pool: &PgPool) -> Result<Vec<(Ending, Uuid)>, LogError> {
    // The subject of an aggregate's own key has the name of its type.
    let (types, endings): (Vec<String>, Vec<String>) = ENDINGS
        .iter()
        .map(|(_, name, ending)| ((*name).to_owned(), (*ending).to_owned()))
        .unzip();
    let rows = sqlx::query!(
        r#"select t.subject as "kind!", e.aggregate_id
           from unnest($1::text[], $2::text[], $3::text[]) as t (subject, aggregate_type, ended)
           join subject_keys k on k.wrapped is null and k.subject like t.subject || ':%'
           join events e on e.aggregate_type = t.aggregate_type and e.sequence = 1
                         and e.aggregate_id = split_part(k.subject, ':', 2)
           where not exists (select from events x where x.aggregate_type = e.aggregate_type
                             and x.aggregate_id = e.aggregate_id and x.event_type = t.ended)
           order by e.position"#,
        &types,
        &types,
        &endings
    )
    .fetch_all(pool)
    .await?;
    let ending = |kind: &str| ENDINGS.iter().find(|(_, name, _)| *name == kind);
    Ok(rows
        .into_iter()
        .filter_map(|row| Some((ending(&row.kind)?.0, row.aggregate_id.parse().ok()?)))
        .collect())
}

/// When the most recent key was destroyed.
pub async fn last_destroyed_at(
    executor: impl PgExecutor<'_>,
) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    sqlx::query_scalar!("select max(destroyed_at) from subject_keys where wrapped is null")
        .fetch_one(executor)
        .await
}

/// The subjects whose keys are destroyed.
pub async fn list_destroyed(pool: &PgPool) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!("select subject from subject_keys where wrapped is null")
        .fetch_all(pool)
        .await
}
