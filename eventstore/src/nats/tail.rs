//! The last stretch of the log as NATS tells it: verified against the chain, kept in memory, never trusted for holes.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_nats::jetstream::consumer::{DeliverPolicy, pull};
use futures_util::StreamExt;
use sqlx::PgPool;
use tokio::sync::watch;

use super::{Nats, NatsError, failed, message};
use crate::feed::raise;
use crate::log::{self, Log, RecordedEvent};

/// Events kept at most, and their bytes.
const KEPT: usize = 4_096;
const KEPT_BYTES: usize = 32 * 1024 * 1024;
const PAUSE: Duration = Duration::from_millis(500);

/// Events that came through NATS: a stretch without holes whose chain was verified.
#[derive(Debug, Clone, Default)]
pub struct Tail {
    kept: Arc<Mutex<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    events: VecDeque<RecordedEvent>,
    bytes: usize,
}

impl Tail {
    /// At most `limit` events after a position, where the stretch has the next one.
    pub fn read(&self, after: i64, limit: usize) -> Option<Vec<RecordedEvent>> {
        let kept = self.lock();
        let first = kept.events.front()?.position;
        let skipped = usize::try_from(after + 1 - first).ok()?;
        let found: Vec<RecordedEvent> = kept
            .events
            .iter()
            .skip(skipped)
            .take(limit)
            .cloned()
            .collect();
        (!found.is_empty()).then_some(found)
    }

    fn last(&self) -> Option<(i64, Vec<u8>)> {
        let kept = self.lock();
        let last = kept.events.back()?;
        Some((last.position, last.hash.clone()))
    }

    /// Whether an event is the one that was told, or lies before the stretch.
    fn knows(&self, position: i64, hash: &[u8]) -> bool {
        let kept = self.lock();
        let first = kept.events.front().map_or(0, |event| event.position);
        let Ok(place) = usize::try_from(position - first) else {
            return true;
        };
        kept.events
            .get(place)
            .is_some_and(|event| event.hash == hash)
    }

    fn push(&self, event: RecordedEvent) {
        let mut kept = self.lock();
        kept.bytes += size(&event);
        kept.events.push_back(event);
        while kept.events.len() > KEPT || kept.bytes > KEPT_BYTES {
            let Some(gone) = kept.events.pop_front() else {
                break;
            };
            kept.bytes -= size(&gone);
        }
    }

    /// Forgets everything: the log no longer has it.
    pub(crate) fn clear(&self) {
        *self.lock() = Kept::default();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn size(event: &RecordedEvent) -> usize {
    event.metadata.len() + event.payload.len()
}

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
