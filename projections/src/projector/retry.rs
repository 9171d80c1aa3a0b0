//! Applies the events of a parked scope again.

use eventstore::log::{self, LogError};

use super::batch::apply_or_park;
use super::checkpoint::lock;
use super::parking::{self, ParkedScope};
use super::{EventSource, Projector};

const PAGE_SIZE: i64 = 500;

/// The result of a retry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RetryOutcome {
    NotParked,
    Applied,
    /// The view failed again.
    Parked(ParkedScope),
}

/// Applies the events of a parked scope again, from the one that failed up to the position of the view.
pub async fn retry_parked(
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
        rows.retain(|row| projector.handles(&row.aggregate_type));
        let (events, unsupported) = log::open_supported(&source.log, &source.keys, rows).await?;
        let events = events.iter().collect();
        apply_or_park(&mut transaction, projector, events, &unsupported).await?;
    }
    transaction.commit().await?;
    let parked = parking::list(&source.pool, projector.name()).await?;
    Ok(parked
        .into_iter()
        .find(|parked| parked.scope == scope)
        .map_or(RetryOutcome::Applied, RetryOutcome::Parked))
}
