//! Following the log: a wake-up inside the process and through NATS, a poll beneath both for what they miss, and the
//! next events from whichever is nearest.

use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::watch;

use crate::log::{self, Log, RecordedEvent};
use crate::nats::Nats;
use crate::tail::Tail;

const POLL: Duration = Duration::from_millis(50);

/// Knows the last position of the log, wakes who waits for a later one, and reads.
#[derive(Debug, Clone)]
pub struct Feed {
    pool: PgPool,
    head: watch::Receiver<i64>,
    tail: Tail,
}

/// What the writer of this process tells its followers.
#[derive(Debug, Clone)]
pub struct Told {
    head: watch::Sender<i64>,
    tail: Tail,
}

impl Told {
    /// The log is another one than what is kept of it.
    pub(crate) fn diverged(&self) {
        self.tail.clear();
    }

    /// Events of this process that are durable.
    pub(crate) fn committed(&self, events: Vec<RecordedEvent>) {
        let last = events.last().map_or(0, |event| event.position);
        self.tail.append(events);
        raise(&self.head, last);
    }
}

impl Feed {
    /// Starts to follow; the second part is for the writer of this process.
    pub async fn start(
        pool: PgPool,
        log: Log,
        nats: Option<Nats>,
    ) -> Result<(Self, Told), sqlx::Error> {
        let (position, _) = log.head(&pool).await?;
        let (committed, head) = watch::channel(position);
        let tail = Tail::default();
        tokio::spawn(poll(pool.clone(), log, committed.clone(), tail.clone()));
        if let Some(nats) = nats {
            let heard =
                crate::nats::follow(nats, pool.clone(), log, tail.clone(), committed.clone());
            tokio::spawn(heard);
        }
        let told = Told {
            head: committed,
            tail: tail.clone(),
        };
        Ok((Self { pool, head, tail }, told))
    }

    /// The last position known to this process.
    pub fn head(&self) -> i64 {
        *self.head.borrow()
    }

    /// Waits until the log has events beyond a position.
    pub async fn beyond(&mut self, position: i64) {
        // The sender lives as long as the poll, which never ends.
        let _ = self.head.wait_for(|head| *head > position).await;
    }

    /// At most `limit` events after a position, in order: what is in memory without a hole, else from the log.
    pub async fn read(&self, after: i64, limit: i64) -> Result<Vec<RecordedEvent>, sqlx::Error> {
        match self.heard(after, limit) {
            Some(rows) => Ok(rows),
            None => log::read(&self.pool, after, limit).await,
        }
    }

    /// At most `limit` events of a scope after a position, in order; all of them where they are in memory.
    pub async fn read_scope(
        &self,
        scope: &str,
        after: i64,
        limit: i64,
    ) -> Result<Vec<RecordedEvent>, sqlx::Error> {
        match self.tail.read_scope(scope, after, self.head()) {
            Some(rows) => Ok(rows),
            None => log::read_scope(&self.pool, scope, after, limit).await,
        }
    }

    /// The next events, where they are in memory.
    pub fn heard(&self, after: i64, limit: i64) -> Option<Vec<RecordedEvent>> {
        self.tail
            .read(after, usize::try_from(limit).unwrap_or(usize::MAX))
    }
}

/// Tells that the log reaches a position; what is known of it never goes back by that.
pub(crate) fn raise(head: &watch::Sender<i64>, position: i64) {
    head.send_if_modified(|head| {
        let newer = position > *head;
        *head = position.max(*head);
        newer
    });
}

async fn poll(pool: PgPool, log: Log, committed: watch::Sender<i64>, tail: Tail) {
    let mut tick = tokio::time::interval(POLL);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        // Away for now: the next tick asks again, and whoever writes or reads hears it from the database.
        let Ok((position, _)) = log.head(&pool).await else {
            continue;
        };
        let known = *committed.borrow();
        if position < known && matches!(log::hash_at(&pool, known).await, Ok(None)) {
            tracing::warn!(
                position,
                known,
                "the log ends before what was seen of it: it was restored"
            );
            tail.clear();
            committed.send_replace(position);
            continue;
        }
        raise(&committed, position);
    }
}
