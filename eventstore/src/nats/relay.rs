//! Publishes the log to NATS in order, from one process. The leader holds an advisory lock on the connection that it
//! reads through, and the stream's sequence fences off former leaders.

use std::time::Duration;

use sqlx::{PgConnection, PgPool};

use super::{Nats, NatsError, message, nats_error};
use crate::feed::Feed;
use crate::leader;
use crate::log::{self, Log, RecordedEvent};
use crate::outage::Outage;

/// Number of events published before awaiting their acknowledgements.
const BATCH: i64 = 256;
const PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How often an idle leader checks that it still leads.
const RECHECK: Duration = Duration::from_secs(1);

#[derive(Debug, thiserror::Error)]
enum RelayError {
    #[error(transparent)]
    Nats(#[from] NatsError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Publishes whenever this process leads. Never returns.
pub async fn run(pool: PgPool, log: Log, mut feed: Feed, nats: Nats) {
    let mut outage = Outage::new("relay the log to NATS", PAUSE, LONGEST_PAUSE);
    loop {
        if let Err(error) = relay_while_leading(&pool, &log, &mut feed, &nats, &mut outage).await {
            outage.pause(&error).await;
        }
    }
}

async fn relay_while_leading(
    pool: &PgPool,
    log: &Log,
    feed: &mut Feed,
    nats: &Nats,
    outage: &mut Outage,
) -> Result<(), RelayError> {
    let mut connection = leader::acquire_leadership(pool, leader::RELAY).await?;
    let (mut sequence, mut position) = find_start(&mut connection, log, nats).await?;
    tracing::info!(position, "relaying the log to NATS from this process");
    loop {
        let rows = log::read(&mut connection, position, BATCH).await?;
        let Some(last) = rows.last().map(|row| row.position) else {
            outage.record_success();
            let _ = tokio::time::timeout(RECHECK, feed.wait_for_position(position)).await;
            continue;
        };
        sequence = publish(nats, &rows, sequence).await?;
        outage.record_success();
        position = last;
    }
}

/// Returns the last sequence of the stream and the position to continue after.
async fn find_start(
    connection: &mut PgConnection,
    log: &Log,
    nats: &Nats,
) -> Result<(u64, i64), RelayError> {
    let stream = nats.stream().await?;
    let state = stream.get_info().await.map_err(nats_error)?.state;
    let head = last_position(connection).await?;
    if state.messages == 0 {
        // New or lost stream: consumers read earlier events from the database.
        return Ok((state.last_sequence, head));
    }
    let raw = stream
        .get_raw_message(state.last_sequence)
        .await
        .map_err(nats_error)?;
    let Some(published) = message::event(log.id, Some(&raw.headers), &raw.payload) else {
        tracing::warn!(
            subject = %raw.subject,
            "another publisher uses the stream of this log; give each installation its own NATS account"
        );
        return Ok((state.last_sequence, head));
    };
    let stored = log::hash_at(&mut *connection, published.position).await?;
    if stored.as_ref() == Some(&published.hash) {
        return Ok((state.last_sequence, published.position));
    }
    // The log was restored, or another publisher wrote this: events that are not in the log must go.
    tracing::warn!(
        position = published.position,
        "NATS has events that are not in the log; purging the stream"
    );
    stream.purge().await.map_err(nats_error)?;
    let state = stream.get_info().await.map_err(nats_error)?.state;
    Ok((state.last_sequence, head))
}

async fn last_position(connection: &mut PgConnection) -> Result<i64, sqlx::Error> {
    let position = sqlx::query_scalar!("select max(position) from events")
        .fetch_one(connection)
        .await?;
    Ok(position.unwrap_or(0))
}

/// Publishes events in order and awaits all acknowledgements. Returns the last sequence.
async fn publish(nats: &Nats, rows: &[RecordedEvent], after: u64) -> Result<u64, NatsError> {
    let largest = nats.client.server_info().max_payload;
    let mut sequence = after;
    let mut acknowledgements = Vec::with_capacity(rows.len());
    for row in rows {
        let body = row.to_line().to_string();
        // Too large for this server: consumers read it from the database.
        if body.len() + HEADERS > largest {
            continue;
        }
        let headers = message::headers(nats.log_id, row, sequence);
        let ack = nats
            .jetstream
            .publish_with_headers(message::subject(row), headers, body.into())
            .await
            .map_err(nats_error)?;
        acknowledgements.push(ack);
        sequence += 1;
    }
    for acknowledgement in acknowledgements {
        acknowledgement.await.map_err(nats_error)?;
    }
    Ok(sequence)
}

/// Bytes reserved for headers.
const HEADERS: usize = 2_048;
