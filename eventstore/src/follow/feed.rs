//! Follows the log: wake-ups inside the process and through NATS, a poll as fallback, and reads from memory or the
//! database.
//!
//! The known end of the log carries an epoch. When the database no longer holds the log that was read (a restore, a
//! failover to a copy that lacks the end), the epoch is incremented and everything derived from earlier reads is
//! invalid: the tail, cached aggregates, pending commands, streams, positions that readers wait for.

use std::sync::Arc;
use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::{Notify, watch};

use super::log_end::{CommitNotifier, DiskFullState, LogEnd};
use super::nats::{self, Nats};
use super::tail::Tail;
use crate::log::{self, Log, RecordedEvent};
use crate::supervisor::{Health, spawn_until_done};

const POLL_INTERVAL: Duration = Duration::from_millis(50);
/// How long wake-ups are ignored after one without new events, so that flooding the bus causes few queries.
const WAKE_COOLDOWN: Duration = Duration::from_millis(10);
/// How long the disk counts as full after the last refusal if nothing was appended since.
const DISK_FULL_TTL: Duration = Duration::from_secs(30);
/// Maximum number of events fetched into the tail; slower readers read the log.
const PAGE: i64 = 512;

/// Knows the last position of the log, wakes readers that wait for a later one, and reads events.
#[derive(Debug, Clone)]
pub struct Feed {
    pool: PgPool,
    log_end: watch::Receiver<LogEnd>,
    tail: Tail,
    disk_full: DiskFullState,
    health: Health,
}

impl Feed {
    /// Starts the feed and returns the notifier for the writer of this process.
    pub async fn start(
        pool: PgPool,
        log: Log,
        nats: Option<Nats>,
    ) -> Result<(Self, CommitNotifier), sqlx::Error> {
        let (position, hash) = log.head(&pool).await?;
        let (log_end, receiver) = watch::channel(LogEnd {
            position,
            hash,
            epoch: 0,
        });
        let tail = Tail::default();
        let (disk_full, health) = (DiskFullState::default(), Health::default());
        let notifier = CommitNotifier {
            log_end,
            tail: tail.clone(),
            disk_full: disk_full.clone(),
            health: health.clone(),
        };
        let wake = Arc::new(Notify::new());
        let poll = LogPoller {
            pool: pool.clone(),
            log,
            notifier: notifier.clone(),
            wake: wake.clone(),
        };
        spawn_until_done("log poll", health.clone(), move || poll.clone().run());
        if let Some(nats) = nats {
            let log_end = receiver.clone();
            spawn_until_done("NATS subscription", health.clone(), move || {
                nats::follow(nats.clone(), log_end.clone(), wake.clone())
            });
        }
        let feed = Self {
            pool,
            log_end: receiver,
            tail,
            disk_full,
            health,
        };
        Ok((feed, notifier))
    }

    /// The health of the tasks of this process.
    pub fn health(&self) -> &Health {
        &self.health
    }

    /// The last position known to this process.
    pub fn head(&self) -> i64 {
        self.log_end.borrow().position
    }

    /// How many times the log has diverged. Events read or written in an earlier epoch may be missing from the log.
    pub fn epoch(&self) -> u64 {
        self.log_end.borrow().epoch
    }

    /// Whether appends are refused because the database's disk is full.
    pub fn is_full(&self) -> bool {
        let since = self.disk_full.since();
        since.is_some_and(|since| since.elapsed() < DISK_FULL_TTL)
    }

    /// Waits until the log has events beyond a position.
    pub async fn wait_for_position(&mut self, position: i64) {
        // The poller owns a sender and never ends.
        let _ = self
            .log_end
            .wait_for(|log_end| log_end.position > position)
            .await;
    }

    /// Waits until the epoch differs from the given one and returns the new epoch.
    pub async fn wait_for_epoch_change(&mut self, epoch: u64) -> u64 {
        let changed = self
            .log_end
            .wait_for(|log_end| log_end.epoch != epoch)
            .await;
        match changed.map(|log_end| log_end.epoch) {
            Ok(epoch) => epoch,
            // The poller is gone: the process is shutting down.
            Err(_) => std::future::pending().await,
        }
    }

    /// At most `limit` events after a position, in order, from memory if it has them without a gap, else from the
    /// database.
    pub async fn read(&self, after: i64, limit: i64) -> Result<Vec<RecordedEvent>, sqlx::Error> {
        match self.read_cached(after, limit) {
            Some(rows) => Ok(rows),
            None => log::read(&self.pool, after, limit).await,
        }
    }

    /// At most `limit` events of a scope after a position, in order. From memory, the limit does not apply.
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

    /// The next events, if they are in memory.
    pub fn read_cached(&self, after: i64, limit: i64) -> Option<Vec<RecordedEvent>> {
        self.tail
            .read(after, usize::try_from(limit).unwrap_or(usize::MAX))
    }
}

/// Reads the end of the log from the database, periodically and on wake-up, one query at a time.
#[derive(Clone)]
struct LogPoller {
    pool: PgPool,
    log: Log,
    notifier: CommitNotifier,
    wake: Arc<Notify>,
}

impl LogPoller {
    async fn run(self) {
        let mut tick = tokio::time::interval(POLL_INTERVAL);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let woken = tokio::select! {
                _ = tick.tick() => false,
                () = self.wake.notified() => true,
            };
            // On errors the next tick retries; readers and writers see the error themselves.
            let news = self.poll_once().await.unwrap_or(false);
            if woken && !news {
                tokio::time::sleep(WAKE_COOLDOWN).await;
            }
        }
    }

    /// Returns whether the log has changed.
    async fn poll_once(&self) -> Result<bool, sqlx::Error> {
        let log_end = self.notifier.log_end();
        let (end, stored_hash) = self
            .log
            .head_and_hash_at(&self.pool, log_end.position)
            .await?;
        if log_end.position > 0 && stored_hash.as_ref() != Some(&log_end.hash) {
            self.notifier.mark_diverged(log_end.epoch, end);
            return Ok(true);
        }
        if end.0 <= log_end.position {
            return Ok(false);
        }
        let events = self.read_new_events(log_end.position, end.0).await?;
        self.notifier.record_read(&log_end, events, end);
        Ok(true)
    }

    /// Reads the events that other processes have appended.
    async fn read_new_events(
        &self,
        log_end: i64,
        end: i64,
    ) -> Result<Vec<RecordedEvent>, sqlx::Error> {
        let tail_end = self.notifier.tail.last_position().unwrap_or(log_end);
        log::read(&self.pool, tail_end.max(end - PAGE), PAGE).await
    }
}

#[cfg(test)]
mod tests {
    use chrono::Utc;
    use uuid::Uuid;

    use super::*;

    fn notifier() -> CommitNotifier {
        let log_end = LogEnd {
            position: 5,
            hash: vec![5],
            epoch: 0,
        };
        CommitNotifier {
            log_end: watch::channel(log_end).0,
            tail: Tail::default(),
            disk_full: DiskFullState::default(),
            health: Health::default(),
        }
    }

    fn event(position: i64, hash: u8) -> RecordedEvent {
        RecordedEvent {
            position,
            event_id: Uuid::nil(),
            command_id: Uuid::nil(),
            aggregate_type: String::new(),
            aggregate_id: String::new(),
            sequence: 1,
            scope: String::new(),
            event_type: String::new(),
            event_version: String::new(),
            metadata: String::new(),
            payload: String::new(),
            recorded_at: Utc::now(),
            hash: vec![hash],
        }
    }

    /// They may belong to another log than the commit; the known end must stay on one chain.
    #[test]
    fn events_read_concurrently_with_a_commit_are_read_again() {
        let notifier = notifier();
        let basis = notifier.log_end();
        assert!(notifier.record_commit(0, vec![event(6, 6)]));
        notifier.record_read(&basis, vec![event(6, 60), event(7, 70)], (7, vec![70]));
        assert_eq!(
            (notifier.log_end().position, notifier.log_end().hash),
            (6, vec![6])
        );
        let cached = notifier.tail.read(5, 10).unwrap();
        let hashes: Vec<_> = cached.into_iter().map(|event| event.hash).collect();
        assert_eq!(hashes, [[6]]);
        let basis = notifier.log_end();
        notifier.record_read(&basis, vec![event(7, 7)], (7, vec![7]));
        assert_eq!(notifier.log_end().position, 7);
    }

    /// The events of such a commit must not be used as known predecessors.
    #[test]
    fn a_commit_behind_the_known_end_is_reported() {
        let notifier = notifier();
        let basis = notifier.log_end();
        notifier.record_read(&basis, vec![event(6, 6), event(7, 7)], (7, vec![7]));
        assert!(!notifier.record_commit(0, vec![event(6, 60)]));
        assert!(!notifier.record_commit(1, vec![event(9, 9)]));
        assert!(!notifier.record_commit(0, vec![]));
        assert!(notifier.record_commit(0, vec![event(8, 8)]));
    }
}
