//! Scopes whose events a view could not take: the feed goes on without them, and they can be tried again.

use std::collections::HashSet;

use eventstore::log::{self, LogError};
use sqlx::{PgConnection, PgPool};

use crate::projector::{EventSource, Projector, lock, take};

const PAGE: i64 = 500;

/// A scope that a view waits with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedScope {
    pub scope: String,
    /// The first event that the view could not take.
    pub position: i64,
    pub error: String,
}

/// The scopes that a view waits with.
pub async fn list(pool: &PgPool, projection: &str) -> Result<Vec<ParkedScope>, sqlx::Error> {
    sqlx::query_as!(
        ParkedScope,
        "select scope, position, error from parked_aggregates where projection = $1 order by position",
        projection
    )
    .fetch_all(pool)
    .await
}

/// Whether any view waits with a scope.
pub async fn is_parked(pool: &PgPool, scope: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from parked_aggregates where scope = $1) as "parked!""#,
        scope
    )
    .fetch_one(pool)
    .await
}

/// How a further try went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RetryOutcome {
    NotParked,
    Applied,
    /// The view could not take it again.
    Parked(ParkedScope),
}

/// Takes the events of a parked scope again, from the one that failed to where the view is.
pub async fn retry(
    source: &EventSource,
    projector: &dyn Projector,
    scope: &str,
) -> Result<RetryOutcome, LogError> {
    let mut transaction = source.pool.begin().await?;
    let checkpoint = lock(&mut transaction, &source.log, projector).await?;
    let freed = sqlx::query_scalar!(
        "delete from parked_aggregates where projection = $1 and scope = $2 returning position",
        projector.name(),
        scope
    )
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(failed) = freed else {
        return Ok(RetryOutcome::NotParked);
    };
    let mut after = failed - 1;
    loop {
        let mut rows = log::read_scope(&source.pool, scope, after, PAGE).await?;
        rows.retain(|row| row.position <= checkpoint.position);
        let Some(last) = rows.last() else { break };
        after = last.position;
        rows.retain(|row| {
            projector
                .aggregates()
                .contains(&row.aggregate_type.as_str())
        });
        let (events, foreign) = log::open_supported(&source.log, &source.keys, rows).await?;
        take(
            &mut transaction,
            projector,
            events.iter().collect(),
            &foreign,
        )
        .await?;
    }
    transaction.commit().await?;
    let again = list(&source.pool, projector.name()).await?;
    Ok(again
        .into_iter()
        .find(|parked| parked.scope == scope)
        .map_or(RetryOutcome::Applied, RetryOutcome::Parked))
}

/// Keeps a scope out of a view from an event on, and says why.
pub(crate) async fn park(
    connection: &mut PgConnection,
    projector: &dyn Projector,
    (scope, position): (&str, i64),
    error: &str,
) -> Result<(), sqlx::Error> {
    tracing::error!(
        projection = projector.name(),
        position,
        scope,
        error,
        "an event could not be projected: its scope is parked"
    );
    sqlx::query!(
        "insert into parked_aggregates (projection, scope, position, error) values ($1, $2, $3, $4)",
        projector.name(),
        scope,
        position,
        error
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The scopes that a projector has parked.
pub(crate) async fn parked(
    connection: &mut PgConnection,
    projector: &dyn Projector,
) -> Result<HashSet<String>, sqlx::Error> {
    let scopes = sqlx::query_scalar!(
        "select scope from parked_aggregates where projection = $1",
        projector.name()
    )
    .fetch_all(connection)
    .await?;
    Ok(scopes.into_iter().collect())
}
