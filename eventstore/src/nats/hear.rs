//! What NATS tells of the log: verified against the chain before it is kept, never trusted for holes.

use std::time::Duration;

use async_nats::jetstream::consumer::{DeliverPolicy, pull};
use futures_util::StreamExt;
use sqlx::PgPool;
use tokio::sync::watch;

use super::{Nats, NatsError, failed, message};
use crate::feed::raise;
use crate::log::{self, Log, RecordedEvent};
use crate::tail::Tail;

const PAUSE: Duration = Duration::from_millis(500);

/// Hears what the relay publishes. Runs for ever.
pub(crate) async fn follow(
    nats: Nats,
    pool: PgPool,
    log: Log,
    tail: Tail,
    head: watch::Sender<i64>,
) {
    loop {
        if let Err(error) = listen(&nats, &pool, &log, &tail, &head).await {
            tracing::info!(%error, "the tail of the log is heard anew");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn listen(
    nats: &Nats,
    pool: &PgPool,
    log: &Log,
    tail: &Tail,
    head: &watch::Sender<i64>,
) -> Result<(), NatsError> {
    let consumer = nats
        .stream()
        .await?
        .create_consumer(pull::OrderedConfig {
            deliver_policy: DeliverPolicy::New,
            ..pull::OrderedConfig::default()
        })
        .await
        .map_err(failed)?;
    let mut messages = consumer.messages().await.map_err(failed)?;
    while let Some(message) = messages.next().await {
        let message = message.map_err(failed)?;
        let Some(event) = message::event(log.id, message.headers.as_ref(), &message.payload) else {
            continue;
        };
        let position = event.position;
        if accept(pool, log, tail, event).await.map_err(failed)? {
            raise(head, position);
        }
    }
    Ok(())
}

/// The hash before a position, where the log has it.
async fn before(pool: &PgPool, log: &Log, position: i64) -> Result<Option<Vec<u8>>, sqlx::Error> {
    match position {
        1 => Ok(Some(log.genesis.to_vec())),
        position => log::hash_at(pool, position - 1).await,
    }
}

/// Takes an event that goes on with the stretch, or begins a new one; one that the chain refuses is dropped.
async fn accept(
    pool: &PgPool,
    log: &Log,
    tail: &Tail,
    event: RecordedEvent,
) -> Result<bool, sqlx::Error> {
    let fits = |previous: &[u8]| event.expected_hash(log, previous).as_slice() == event.hash;
    if let Some((last, hash)) = tail.last() {
        if event.position <= last && tail.knows(event.position, &event.hash) {
            return Ok(false);
        }
        if event.position == last + 1 && fits(&hash) {
            tail.push(event);
            return Ok(true);
        }
        // A hole, or another history: the log was restored to an earlier time.
        tail.clear();
    }
    let previous = before(pool, log, event.position).await?;
    if previous.is_some_and(|previous| fits(&previous)) {
        tail.push(event);
        return Ok(true);
    }
    tracing::warn!(
        position = event.position,
        "NATS told an event that is not of this log"
    );
    Ok(false)
}
