//! The end of the log as this process knows it, and its changes.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tokio::sync::watch;

use super::tail::Tail;
use crate::log::RecordedEvent;
use crate::supervisor::Health;

/// The end of the log as this process knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LogEnd {
    pub position: i64,
    pub hash: Vec<u8>,
    /// Incremented whenever the log has diverged.
    pub epoch: u64,
}

/// When the database last refused an append because its disk is full; `None` after a successful append.
#[derive(Debug, Clone, Default)]
pub(super) struct DiskFullState(Arc<Mutex<Option<Instant>>>);

impl DiskFullState {
    pub(super) fn since(&self) -> Option<Instant> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, since: Option<Instant>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = since;
    }
}

/// Reports commits of this process to the feed.
#[derive(Debug, Clone)]
pub struct CommitNotifier {
    pub(super) log_end: watch::Sender<LogEnd>,
    pub(super) tail: Tail,
    pub(super) disk_full: DiskFullState,
    pub(super) health: Health,
}

impl CommitNotifier {
    pub(crate) fn health(&self) -> &Health {
        &self.health
    }

    pub(crate) fn log_end(&self) -> LogEnd {
        self.log_end.borrow().clone()
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<LogEnd> {
        self.log_end.subscribe()
    }

    /// Ends an epoch: the log has diverged and now ends at the given position.
    pub(crate) fn mark_diverged(&self, epoch: u64, (position, hash): (i64, Vec<u8>)) {
        let raised = self.log_end.send_if_modified(|log_end| {
            let current = log_end.epoch == epoch;
            if current {
                self.tail.clear();
                *log_end = LogEnd {
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
                "the log no longer contains events that this process has read: it was restored, or the database failed \
                 over to a copy that lacks the end; cached state was dropped"
            );
        }
    }

    /// Records that the database refused an append because its disk is full.
    pub(crate) fn record_disk_full(&self) {
        self.disk_full.set(Some(Instant::now()));
    }

    /// Whether the last append was refused for that reason: a database that is then unavailable has stopped because of
    /// it.
    pub(crate) fn is_full(&self) -> bool {
        self.disk_full.since().is_some()
    }

    /// Records durable events of this process. Returns whether they are now the known end of the log.
    pub(crate) fn record_commit(&self, epoch: u64, events: Vec<RecordedEvent>) -> bool {
        self.disk_full.set(None);
        let Some(last) = events.last() else {
            return false;
        };
        let end = (last.position, last.hash.clone());
        self.advance(|log_end| log_end.epoch == epoch, events, end)
    }

    /// Records events read from a log that contained `basis`. They are dropped if the known end has changed since,
    /// because they may come from another log; the next poll reads them again.
    pub(super) fn record_read(
        &self,
        basis: &LogEnd,
        events: Vec<RecordedEvent>,
        end: (i64, Vec<u8>),
    ) {
        self.advance(|log_end| log_end == basis, events, end);
    }

    /// Adds events to the tail, then publishes the new end. Within an epoch the end never moves back.
    fn advance(
        &self,
        holds: impl FnOnce(&LogEnd) -> bool,
        events: Vec<RecordedEvent>,
        (position, hash): (i64, Vec<u8>),
    ) -> bool {
        self.log_end.send_if_modified(|log_end| {
            if !holds(log_end) {
                return false;
            }
            self.tail.append(events);
            let newer = position > log_end.position;
            if newer {
                (log_end.position, log_end.hash) = (position, hash);
            }
            newer
        })
    }
}
