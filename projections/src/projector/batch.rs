//! Applies a batch of events to a view. Events that cannot be applied park their scopes.

use std::panic::AssertUnwindSafe;

use eventstore::log::{self, LogError, OpenedEvent, UnsupportedEvent};
use eventstore::supervisor::panic_message;
use futures_util::FutureExt;
use sqlx::{Acquire, PgConnection};

use super::parking::{park, parked_scopes};
use super::{ApplyError, EventSource, Projector};

/// The events for a projector in a range of the log, and the end of that range.
pub(crate) struct Batch {
    pub events: Vec<OpenedEvent>,
    /// Events that this version does not support.
    pub unsupported: Vec<UnsupportedEvent>,
    pub position: i64,
    pub hash: Vec<u8>,
}

/// Reads the next range of the log, if there is one. Only events for the projector are decrypted.
pub(crate) async fn read_batch(
    source: &EventSource,
    projector: &dyn Projector,
    after: i64,
    limit: i64,
) -> Result<Option<Batch>, LogError> {
    let mut rows = source.feed.read(after, limit).await?;
    let Some((position, hash)) = rows.last().map(|row| (row.position, row.hash.clone())) else {
        return Ok(None);
    };
    rows.retain(|row| projector.handles(&row.aggregate_type));
    let (events, unsupported) = log::open_supported(&source.log, &source.keys, rows).await?;
    Ok(Some(Batch {
        events,
        unsupported,
        position,
        hash,
    }))
}

/// Applies a batch. If that fails, applies events one by one, so that a failing event parks only its own scope.
/// Unsupported events park their scopes as well.
pub(crate) async fn apply_or_park(
    transaction: &mut PgConnection,
    projector: &dyn Projector,
    mut events: Vec<&OpenedEvent>,
    unsupported: &[UnsupportedEvent],
) -> Result<(), sqlx::Error> {
    if events.is_empty() && unsupported.is_empty() {
        return Ok(());
    }
    let mut parked = parked_scopes(transaction, projector).await?;
    let follows_unsupported = |event: &OpenedEvent| {
        unsupported
            .iter()
            .any(|first| first.scope == event.scope && first.position < event.position)
    };
    events.retain(|event| !parked.contains(&event.scope) && !follows_unsupported(event));
    if try_apply(transaction, projector, &events).await?.is_some() {
        for event in events {
            if parked.contains(&event.scope) {
                continue;
            }
            if let Some(error) = try_apply(transaction, projector, &[event]).await? {
                parked.insert(event.scope.clone());
                park(
                    transaction,
                    projector,
                    (&event.scope, event.position),
                    &error,
                )
                .await?;
            }
        }
    }
    for event in unsupported {
        if parked.insert(event.scope.clone()) {
            park(
                transaction,
                projector,
                (&event.scope, event.position),
                &event.error,
            )
            .await?;
        }
    }
    Ok(())
}

/// Applies events. A panic becomes an error, so that it parks a scope and does not stop the projector.
pub(super) async fn apply(
    projector: &dyn Projector,
    connection: &mut PgConnection,
    events: &[&OpenedEvent],
) -> Result<(), ApplyError> {
    let applied = AssertUnwindSafe(projector.apply(connection, events)).catch_unwind();
    match applied.await {
        Ok(result) => result,
        Err(panic) => Err(ApplyError::Panicked(panic_message(&*panic).to_owned())),
    }
}

/// Applies events within a savepoint. Returns the error if they caused one, after rolling them back.
async fn try_apply(
    transaction: &mut PgConnection,
    projector: &dyn Projector,
    events: &[&OpenedEvent],
) -> Result<Option<ApplyError>, sqlx::Error> {
    let mut savepoint = transaction.begin().await?;
    match apply(projector, &mut savepoint, events).await {
        Ok(()) => savepoint.commit().await.map(|()| None),
        Err(ApplyError::Database(error)) if !is_caused_by_event(&error) => Err(error),
        Err(error) => {
            savepoint.rollback().await?;
            Ok(Some(error))
        }
    }
}

/// Whether a statement failed because another session held a lock for too long.
pub fn is_lock_timeout(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| code == "55P03")
}

/// Whether an event caused the error (data exceptions, violated constraints), not an unavailable or full database.
pub(super) fn is_caused_by_event(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| code.starts_with("22") || code.starts_with("23"))
}
