//! One process publishes the log, in order. It leads by an advisory lock on the connection through which it reads, and
//! the stream's own sequence fences off a former leader.

use std::time::Duration;

use sqlx::{PgConnection, PgPool};

use super::{Nats, NatsError, failed, message};
use crate::feed::Feed;
use crate::leader;
use crate::log::{self, Log, RecordedEvent};
use crate::outage::Outage;

/// Events published before their acknowledgements are awaited.
const BATCH: i64 = 256;
const PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How often a leader with nothing to publish looks whether it still leads.
const RECHECK: Duration = Duration::from_secs(1);

#[derive(Debug, thiserror::Error)]
enum RelayError {
    #[error(transparent)]
    Nats(#[from] NatsError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Publishes whenever this process leads. Runs for ever.
pub async fn run(pool: PgPool, log: Log, mut feed: Feed, nats: Nats) {
    let mut outage = Outage::of("relay the log to NATS", PAUSE, LONGEST_PAUSE);
    loop {
        if let Err(error) = lead(&pool, &log, &mut feed, &nats, &mut outage).await {
            outage.pause(&error).await;
        }
    }
}

async fn lead(
    pool: &PgPool,
    log: &Log,
    feed: &mut Feed,
    nats: &Nats,
    outage: &mut Outage,
) -> Result<(), RelayError> {
    let mut connection = leader::lead(pool, leader::RELAY).await?;
    let (mut sequence, mut position) = begin(&mut connection, log, nats).await?;
    tracing::info!(position, "this process relays the log to NATS");
    loop {
        let rows = log::read(&mut connection, position, BATCH).await?;
        let Some(last) = rows.last().map(|row| row.position) else {
            outage.over();
            let _ = tokio::time::timeout(RECHECK, feed.beyond(position)).await;
            continue;
        };
        sequence = publish(nats, &rows, sequence).await?;
        outage.over();
        position = last;
    }
}

/// The last sequence of the stream, and the position after which to go on.
async fn begin(
    connection: &mut PgConnection,
    log: &Log,
    nats: &Nats,
) -> Result<(u64, i64), RelayError> {
    let stream = nats.stream().await?;
    let state = stream.get_info().await.map_err(failed)?.state;
    let head = last(connection).await?;
    if state.messages == 0 {
        // New, or lost: what came before is read from the log by whoever needs it.
        return Ok((state.last_sequence, head));
    }
    let raw = stream
        .get_raw_message(state.last_sequence)
        .await
        .map_err(failed)?;
    let Some(published) = message::event(log.id, Some(&raw.headers), &raw.payload) else {
        tracing::warn!(
            subject = %raw.subject,
            "somebody else publishes where this log is relayed; give each installation a NATS account of its own"
        );
        return Ok((state.last_sequence, head));
    };
    let stored = log::hash_at(&mut *connection, published.position).await?;
    if stored.as_ref() == Some(&published.hash) {
        return Ok((state.last_sequence, published.position));
    }
    // The log was restored to an earlier time, or somebody else wrote this: what is not of the log must go.
    tracing::warn!(
        position = published.position,
        "NATS holds events that the log does not have; they are purged"
    );
    stream.purge().await.map_err(failed)?;
    let state = stream.get_info().await.map_err(failed)?.state;
    Ok((state.last_sequence, head))
}

async fn last(connection: &mut PgConnection) -> Result<i64, sqlx::Error> {
    let position = sqlx::query_scalar!("select max(position) from events")
        .fetch_one(connection)
        .await?;
    Ok(position.unwrap_or(0))
}

/// Publishes events one after the other and awaits all acknowledgements. Returns the last sequence.
async fn publish(nats: &Nats, rows: &[RecordedEvent], after: u64) -> Result<u64, NatsError> {
    let largest = nats.client.server_info().max_payload;
    let mut sequence = after;
    let mut acknowledgements = Vec::with_capacity(rows.len());
    for row in rows {
        let body = row.to_line().to_string();
        // Too large for this server: a hole, which consumers fill from the log.
        if body.len() + HEADERS > largest {
            continue;
        }
        let headers = message::headers(nats.log_id, row, sequence);
        let ack = nats
            .jetstream
            .publish_with_headers(message::subject(row), headers, body.into())
            .await
            .map_err(failed)?;
        acknowledgements.push(ack);
        sequence += 1;
    }
    for acknowledgement in acknowledgements {
        acknowledgement.await.map_err(failed)?;
    }
    Ok(sequence)
}

/// Room for headers in the limit of a message.
const HEADERS: usize = 2_048;
