//! Following the log: a wake-up inside the process and through NATS, a poll beneath both for what they miss, and the
//! next events from whichever is nearest.
//!
//! What is known of the log carries an epoch. When the database turns out to hold another log than the one that was
//! seen (a restore, a failover to a copy that lacks the end), the epoch rises, and everything that rests on what was
//! seen before is void: the tail, kept aggregates, commands on their way, streams, positions that readers wait for.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sqlx::PgPool;
use tokio::sync::{Notify, watch};

use crate::log::{self, Log, RecordedEvent};
use crate::nats::Nats;
use crate::supervise::{Health, restart_on_panic};
use crate::tail::Tail;

const POLL: Duration = Duration::from_millis(50);
/// How long wake-ups go unheeded after one that woke for nothing: whoever floods the bus gets few queries for it.
const UNHEEDED: Duration = Duration::from_millis(10);
/// How long a refusal for want of space counts where nothing was tried since.
const REFUSED: Duration = Duration::from_secs(30);
/// Events fetched at once; who is further behind reads the log itself.
const PAGE: i64 = 512;

/// The end of the log as this process knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    pub position: i64,
    pub hash: Vec<u8>,
    /// Raised whenever the log turns out to be another one than was seen.
    pub epoch: u64,
}

/// Knows the last position of the log, wakes who waits for a later one, and reads.
#[derive(Debug, Clone)]
pub struct Feed {
    pool: PgPool,
    known: watch::Receiver<Known>,
    tail: Tail,
    full: Full,
    health: Health,
}

/// When the database last refused an append because its disk is full; nothing where it has taken one since.
#[derive(Debug, Clone, Default)]
struct Full(Arc<Mutex<Option<Instant>>>);

impl Full {
    fn since(&self) -> Option<Instant> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, since: Option<Instant>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = since;
    }
}

/// What the writer of this process tells its followers.
#[derive(Debug, Clone)]
pub struct Told {
    known: watch::Sender<Known>,
    tail: Tail,
    full: Full,
    health: Health,
}

impl Told {
    pub(crate) fn health(&self) -> &Health {
        &self.health
    }

    pub(crate) fn known(&self) -> Known {
        self.known.borrow().clone()
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<Known> {
        self.known.subscribe()
    }

    /// The log is another one than was seen in an epoch, and ends here.
    pub(crate) fn diverged(&self, epoch: u64, (position, hash): (i64, Vec<u8>)) {
        let raised = self.known.send_if_modified(|known| {
            let current = known.epoch == epoch;
            if current {
                self.tail.clear();
                *known = Known {
                    position,
                    hash,
                    epoch: epoch + 1,
                };
            }
            current
        });
        if raised {
            tracing::warn!(
                position,
                "the log is another one than was seen of it: it was restored, or the database is a copy without its \
                 end; what this process knew is void"
            );
        }
    }

    /// The database has refused an append for want of space.
    pub(crate) fn refused_for_space(&self) {
        self.full.set(Some(Instant::now()));
    }

    /// Whether that was the last that it said of appends: a database that then goes away has stopped for that.
    pub(crate) fn is_full(&self) -> bool {
        self.full.since().is_some()
    }

    /// Events of this process that are durable. Tells whether they are now the end of the log as it is known.
    pub(crate) fn committed(&self, epoch: u64, events: Vec<RecordedEvent>) -> bool {
        self.full.set(None);
        let Some(last) = events.last() else {
            return false;
        };
        let end = (last.position, last.hash.clone());
        self.took(|known| known.epoch == epoch, events, end)
    }

    /// Events that were read from a log which holds the end that was known then. Where another end is known by now, they
    /// may be of another log, and are read again.
    fn read(&self, then: &Known, events: Vec<RecordedEvent>, end: (i64, Vec<u8>)) {
        self.took(|known| known == then, events, end);
    }

    /// Keeps events in the tail, then tells that the log reaches a position; what is known of it never goes back within
    /// an epoch.
    fn took(
        &self,
        holds: impl FnOnce(&Known) -> bool,
        events: Vec<RecordedEvent>,
        (position, hash): (i64, Vec<u8>),
    ) -> bool {
        self.known.send_if_modified(|known| {
            if !holds(known) {
                return false;
            }
            self.tail.append(events);
            let newer = position > known.position;
            if newer {
                (known.position, known.hash) = (position, hash);
            }
            newer
        })
    }
}

impl Feed {
    /// Starts to follow; the second part is for the writer of this process.
    pub async fn start(
        pool: PgPool,
        log: Log,
        nats: Option<Nats>,
    ) -> Result<(Self, Told), sqlx::Error> {
        let (position, hash) = log.head(&pool).await?;
        let (known, heard) = watch::channel(Known {
            position,
            hash,
            epoch: 0,
        });
        let tail = Tail::default();
        let (full, health) = (Full::default(), Health::default());
        let told = Told {
            known,
            tail: tail.clone(),
            full: full.clone(),
            health: health.clone(),
        };
        let wake = Arc::new(Notify::new());
        let poll = Poll {
            pool: pool.clone(),
            log,
            told: told.clone(),
            wake: wake.clone(),
        };
        let polling = health.clone();
        tokio::spawn(async move {
            restart_on_panic("log poll", || poll.run(), &polling).await;
        });
        if let Some(nats) = nats {
            let (known, following) = (heard.clone(), health.clone());
            tokio::spawn(async move {
                let follow = || crate::nats::follow(nats.clone(), known.clone(), wake.clone());
                restart_on_panic("NATS subscription", follow, &following).await;
            });
        }
        let feed = Self {
            pool,
            known: heard,
            tail,
            full,
            health,
        };
        Ok((feed, told))
    }

    /// Whether the tasks of this process are well.
    pub fn health(&self) -> &Health {
        &self.health
    }

    /// The last position known to this process.
    pub fn head(&self) -> i64 {
        self.known.borrow().position
    }

    /// How often the log has turned out to be another one than was seen. What was read or written in an earlier epoch
    /// need not be in the log.
    pub fn epoch(&self) -> u64 {
        self.known.borrow().epoch
    }

    /// Whether appends are refused because the database's disk is full.
    pub fn is_full(&self) -> bool {
        let since = self.full.since();
        since.is_some_and(|since| since.elapsed() < REFUSED)
    }

    /// Waits until the log has events beyond a position.
    pub async fn beyond(&mut self, position: i64) {
        // The sender lives as long as the poll, which never ends.
        let _ = self.known.wait_for(|known| known.position > position).await;
    }

    /// Waits until the log is another one than in an epoch, and tells the epoch that holds now.
    pub async fn after_epoch(&mut self, epoch: u64) -> u64 {
        let changed = self.known.wait_for(|known| known.epoch != epoch).await;
        match changed.map(|known| known.epoch) {
            Ok(epoch) => epoch,
            // Nobody looks at the log any more: the process stops.
            Err(_) => std::future::pending().await,
        }
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

/// Asks the database where the log ends: regularly, and when somebody says that it goes on. One question at a time.
struct Poll {
    pool: PgPool,
    log: Log,
    told: Told,
    wake: Arc<Notify>,
}

impl Poll {
    async fn run(&self) {
        let mut tick = tokio::time::interval(POLL);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let woken = tokio::select! {
                _ = tick.tick() => false,
                () = self.wake.notified() => true,
            };
            // Away for now: the next tick asks again, and whoever writes or reads hears it from the database.
            let news = self.look().await.unwrap_or(false);
            if woken && !news {
                tokio::time::sleep(UNHEEDED).await;
            }
        }
    }

    /// Whether there was anything new.
    async fn look(&self) -> Result<bool, sqlx::Error> {
        let known = self.told.known();
        let (end, seen) = self.log.end(&self.pool, known.position).await?;
        if known.position > 0 && seen.as_ref() != Some(&known.hash) {
            self.told.diverged(known.epoch, end);
            return Ok(true);
        }
        if end.0 <= known.position {
            return Ok(false);
        }
        let events = self.fetch(known.position, end.0).await?;
        self.told.read(&known, events, end);
        Ok(true)
    }

    /// What others have appended and the tail does not have, from the log and nowhere else.
    async fn fetch(&self, known: i64, end: i64) -> Result<Vec<RecordedEvent>, sqlx::Error> {
        let reached = self.told.tail.last().unwrap_or(known);
        log::read(&self.pool, reached.max(end - PAGE), PAGE).await
    }
}

#[cfg(test)]
mod tests {
    use chrono::Utc;
    use uuid::Uuid;

    use super::*;

    fn told() -> Told {
        let known = Known {
            position: 5,
            hash: vec![5],
            epoch: 0,
        };
        Told {
            known: watch::channel(known).0,
            tail: Tail::default(),
            full: Full::default(),
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

    /// It may come from another log than the one that took the commit: what is known is one chain.
    #[test]
    fn what_was_read_beside_a_commit_is_read_again() {
        let told = told();
        let then = told.known();
        assert!(told.committed(0, vec![event(6, 6)]));
        told.read(&then, vec![event(6, 60), event(7, 70)], (7, vec![70]));
        assert_eq!((told.known().position, told.known().hash), (6, vec![6]));
        let kept = told.tail.read(5, 10).unwrap();
        let hashes: Vec<_> = kept.into_iter().map(|event| event.hash).collect();
        assert_eq!(hashes, [[6]]);
        let then = told.known();
        told.read(&then, vec![event(7, 7)], (7, vec![7]));
        assert_eq!(told.known().position, 7);
    }

    /// Such events do not end what is known, so that nothing may rest on them.
    #[test]
    fn a_commit_behind_what_is_known_says_so() {
        let told = told();
        let then = told.known();
        told.read(&then, vec![event(6, 6), event(7, 7)], (7, vec![7]));
        assert!(!told.committed(0, vec![event(6, 60)]));
        assert!(!told.committed(1, vec![event(9, 9)]));
        assert!(!told.committed(0, vec![]));
        assert!(told.committed(0, vec![event(8, 8)]));
    }
}
