//! Following the log: a wake-up inside the process and through NATS, a poll beneath both for what they miss, and the
//! next events from whichever is nearest.

use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::watch;

use crate::log::{self, Log, RecordedEvent};
use crate::nats::{Nats, Tail};

const POLL: Duration = Duration::from_millis(50);

/// Knows the last position of the log, wakes who waits for a later one, and reads.
#[derive(Debug, Clone)]
pub struct Feed {
    pool: PgPool,
    head: watch::Receiver<i64>,
    tail: Tail,
}

impl Feed {
    /// Starts to follow; the sender is for the writer of this process.
    pub async fn start(
        pool: PgPool,
        log: Log,
        nats: Option<Nats>,
    ) -> Result<(Self, watch::Sender<i64>), sqlx::Error> {
        let (position, _) = log.head(&pool).await?;
        let (committed, head) = watch::channel(position);
        let tail = Tail::default();
        tokio::spawn(poll(pool.clone(), log, committed.clone(), tail.clone()));
        if let Some(nats) = nats {
            let heard =
                crate::nats::follow(nats, pool.clone(), log, tail.clone(), committed.clone());
            tokio::spawn(heard);
        }
        Ok((Self { pool, head, tail }, committed))
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

    /// At most `limit` events after a position, in order: what NATS has told without a hole, else from the log.
    pub async fn read(&self, after: i64, limit: i64) -> Result<Vec<RecordedEvent>, sqlx::Error> {
        match self.heard(after, limit) {
            Some(rows) => Ok(rows),
            None => log::read(&self.pool, after, limit).await,
        }
    }

    /// The same where NATS has told the next event.
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
