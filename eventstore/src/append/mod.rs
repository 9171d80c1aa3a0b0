//! The only append path: one writer task per process that commits concurrent commands in one batch.
//!
//! A batch is one call of `append_events`, so positions are gapless and in commit order across all processes. When the
//! database refuses a batch or the connection breaks, [`outcome`] looks up which commands were committed.
//! [`task`] runs the batches, [`events`] lays their events out for the database, [`side_row`] and [`side_write`] are what is
//! committed with them, and [`predecessors`] tracks which events need no predecessor check.

mod events;
mod failure;
mod outcome;
mod predecessors;
mod side_row;
mod side_write;
mod task;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use tokio::sync::{Mutex, mpsc, oneshot, watch};
use uuid::Uuid;

use crate::follow::{CommitNotifier, LogEnd};
use crate::log::chain::{self, Fields, Hash};
use crate::log::{Log, RecordedEvent};
use crate::supervisor::spawn_until_done;
use crate::transient::Transient;

use self::task::WriterTask;
pub use side_row::{IdempotencyRow, LeaseRow, Release, Reservation, SideRow};
pub use side_write::{SideWrite, SideWriteError};

/// Maximum number of queued commands; further ones are refused at once (503).
const QUEUE: usize = 4_096;

/// An event that is ready for the log: sealed, in its final bytes.
#[derive(Debug, Clone)]
pub struct NewEvent {
    pub event_id: Uuid,
    pub command_id: Uuid,
    pub aggregate_type: &'static str,
    pub aggregate_id: String,
    pub sequence: i64,
    pub scope: String,
    pub event_type: String,
    pub event_version: String,
    pub metadata: String,
    pub payload: String,
    pub digest: Hash,
}

impl NewEvent {
    /// Sets the digest over all other fields.
    #[must_use]
    pub fn with_digest(mut self, log: &Log) -> Self {
        self.digest = chain::digest(
            log.id,
            &Fields {
                event_id: self.event_id,
                command_id: self.command_id,
                aggregate_type: self.aggregate_type,
                aggregate_id: &self.aggregate_id,
                sequence: self.sequence,
                scope: &self.scope,
                event_type: &self.event_type,
                event_version: &self.event_version,
                metadata: &self.metadata,
                payload: &self.payload,
            },
        );
        self
    }
}

impl NewEvent {
    /// Combines the event with its placement in the log.
    fn into_recorded(self, placed: &Placement) -> RecordedEvent {
        RecordedEvent {
            position: placed.position,
            event_id: self.event_id,
            command_id: self.command_id,
            aggregate_type: self.aggregate_type.to_owned(),
            aggregate_id: self.aggregate_id,
            sequence: self.sequence,
            scope: self.scope,
            event_type: self.event_type,
            event_version: self.event_version,
            metadata: self.metadata,
            payload: self.payload,
            recorded_at: placed.recorded_at,
            hash: placed.hash.clone(),
        }
    }
}

/// The position, time and hash assigned to an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    pub position: i64,
    pub recorded_at: DateTime<Utc>,
    pub hash: Vec<u8>,
}

/// Why a command was not appended.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AppendError {
    /// Another command changed the aggregate first.
    #[error("another command changed the aggregate; retry")]
    Conflict,
    /// Another aggregate holds the value.
    #[error("the {0} is already in use")]
    Reserved(&'static str),
    /// The idempotency key was used by a command that committed first.
    #[error("another request has used the idempotency key")]
    KeyTaken,
    /// The log lost its end (failover, restore): the state of this process is stale.
    #[error("the log no longer contains events that this process has read; retry the command")]
    Diverged,
    #[error("a write beside the events was refused: {0}")]
    Refused(&'static str),
    /// Not written, or not known to be written; a retry with the same idempotency key finds out.
    #[error("cannot reach the database; check that it is running")]
    Unavailable,
    #[error("the disk of the database is full; free some space")]
    StorageFull,
    #[error("too many commands are queued; retry later")]
    Overloaded,
    #[error("the database refused the batch: {0}")]
    Failed(Arc<str>),
}

impl Transient for AppendError {
    fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Unavailable | Self::StorageFull | Self::Overloaded | Self::Diverged
        )
    }
}

pub(crate) struct Submission {
    /// The epoch of the decision: events read in an earlier epoch may be missing from the log.
    pub epoch: u64,
    pub events: Vec<NewEvent>,
    pub rows: Vec<SideRow>,
    pub writes: Vec<Arc<dyn SideWrite>>,
    reply: oneshot::Sender<Result<Vec<Placement>, AppendError>>,
}

impl Submission {
    fn respond(self, result: Result<Vec<Placement>, AppendError>) {
        // The receiver is gone when the process shuts down; this does not affect durability.
        let _ = self.reply.send(result);
    }

    /// The unique keys of this command: two commands of one batch must not share any.
    fn claims(&self) -> Vec<Claim> {
        let sequences = self.events.iter().map(|event| {
            Claim::Sequence(
                event.aggregate_type,
                event.aggregate_id.clone(),
                event.sequence,
            )
        });
        let rows = self.rows.iter().filter_map(|row| match row {
            SideRow::Reservation(row) => Some(Claim::Reservation(row.kind, row.mac.clone())),
            SideRow::IdempotencyKey(row) => Some(Claim::Key(
                row.principal.clone(),
                row.operation.clone(),
                row.key.clone(),
            )),
            SideRow::Key(_) | SideRow::Release(_) | SideRow::Lease(_) => None,
        });
        sequences.chain(rows).collect()
    }
}

#[derive(PartialEq, Eq, Hash)]
enum Claim {
    Sequence(&'static str, String, i64),
    Reservation(&'static str, Vec<u8>),
    Key(String, String, String),
}

impl Claim {
    fn error(&self) -> AppendError {
        match self {
            Self::Sequence(..) => AppendError::Conflict,
            Self::Reservation(kind, _) => AppendError::Reserved(kind),
            Self::Key(..) => AppendError::KeyTaken,
        }
    }
}

/// Handle to the writer task.
#[derive(Debug, Clone)]
pub struct Writer {
    queue: mpsc::Sender<Submission>,
    log_end: watch::Receiver<LogEnd>,
}

impl std::fmt::Debug for Submission {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Submission").finish_non_exhaustive()
    }
}

impl Writer {
    /// Starts the writer task, which reports every committed batch to `notifier`.
    pub fn start(pool: PgPool, log: Log, notifier: CommitNotifier) -> Self {
        let (queue, queued) = mpsc::channel(QUEUE);
        let log_end = notifier.subscribe();
        let (queued, health) = (Arc::new(Mutex::new(queued)), notifier.health().clone());
        spawn_until_done("log writer", health, move || {
            WriterTask::new(pool.clone(), log, notifier.clone()).run(queued.clone())
        });
        Self { queue, log_end }
    }

    /// The current epoch of the log.
    pub(crate) fn epoch(&self) -> u64 {
        self.log_end.borrow().epoch
    }

    /// Appends the events of one command atomically; `epoch` is the one it was decided in.
    pub(crate) async fn append(
        &self,
        epoch: u64,
        events: Vec<NewEvent>,
        rows: Vec<SideRow>,
        writes: Vec<Arc<dyn SideWrite>>,
    ) -> Result<Vec<Placement>, AppendError> {
        let (reply, answer) = oneshot::channel();
        let submission = Submission {
            epoch,
            events,
            rows,
            writes,
            reply,
        };
        self.queue
            .try_send(submission)
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => AppendError::Overloaded,
                mpsc::error::TrySendError::Closed(_) => AppendError::Unavailable,
            })?;
        answer.await.unwrap_or(Err(AppendError::Unavailable))
    }
}
