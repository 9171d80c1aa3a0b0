//! Scopes with an event that a view could not apply. The view goes on without them, and they can be retried.

use std::collections::HashSet;

use eventstore::log::{self, LogError};
use sqlx::{PgConnection, PgPool};

use crate::projector::{EventSource, Projector, apply_or_park, lock};

const PAGE_SIZE: i64 = 500;

/// A scope that a view has parked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedScope {
    pub scope: String,
    /// The first event that the view could not apply.
    pub position: i64,
    pub error: String,
}

/// Lists the scopes that a view has parked.
pub async fn list(pool: &PgPool, projection: &str) -> Result<Vec<ParkedScope>, sqlx::Error> {
    sqlx::query_as!(
        ParkedScope,
        "select scope, position, error from parked_aggregates where projection = $1 order by position",
        projection
    )
    .fetch_all(pool)
    .await
}

/// Whether any view has parked a scope.
pub async fn is_parked(pool: &PgPool, scope: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from parked_aggregates where scope = $1) as "parked!""#,
        scope
    )
    .fetch_one(pool)
    .await
}

/// The result of a retry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RetryOutcome {
    NotParked,
    Applied,
    /// The view failed again.
    Parked(ParkedScope),
}

/// Applies the events of a parked scope again, from the one that failed up to the position of the view.
pub async fn retry(
    source: &EventSource,
    projector: &dyn Projector,
    scope: &str,
) -> Result<RetryOutcome, LogError> {
    let mut transaction = source.pool.begin().await?;
    let checkpoint = lock(&mut transaction, &source.log, projector).await?;
    let failed = sqlx::query_scalar!(
        "delete from parked_aggregates where projection = $1 and scope = $2 returning position",
        projector.name(),
        scope
    )
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(failed) = failed else {
        return Ok(RetryOutcome::NotParked);
    };
    let mut after = failed - 1;
    loop {
        let mut rows = log::read_scope(&source.pool, scope, after, PAGE_SIZE).await?;
        rows.retain(|row| row.position <= checkpoint.position);
        let Some(last) = rows.last() else { break };
        after = last.position;
        rows.retain(|row| {
            projector
                .aggregates()
                .contains(&row.aggregate_type.as_str())
        });
        let (events, unsupported) = log::open_supported(&source.log, &source.keys, rows).await?;
        apply_or_park(
            &mut transaction,
            projector,
            events.iter().collect(),
            &unsupported,
        )
        .await?;
    }
    transaction.commit().await?;
    let parked = list(&source.pool, projector.name()).await?;
    Ok(parked
        .into_iter()
        .find(|parked| parked.scope == scope)
        .map_or(RetryOutcome::Applied, RetryOutcome::Parked))
}

/// Parks a scope: the view ignores it from an event on. Records the error.
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
        "cannot project an event; its scope is parked"
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

/// The names of the scopes that a projector has parked.
pub(crate) async fn parked_scopes(
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
