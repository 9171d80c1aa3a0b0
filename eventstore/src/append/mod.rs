//! The one append path: a writer task per process that commits concurrent commands in one batch.
//!
//! A batch is one call of `append_events`, so positions are gapless and in commit order across all processes. What
//! became of a batch that the database refused or never answered is asked in [`crate::outcome`]. This file holds what
//! goes in and comes out; `task` runs the batches, `columns` lays them out for the database, `proven` says of which
//! events the database need not look for the one before.

mod columns;
mod proven;
mod task;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use sqlx::{PgConnection, PgPool};
use tokio::sync::{Mutex, mpsc, oneshot, watch};
use uuid::Uuid;

use crate::chain::{self, Fields, Hash};
use crate::feed::{Known, Told};
use crate::keys::NewKey;
use crate::log::{Log, RecordedEvent};
use crate::supervise::restart_on_panic;

use self::task::Task;

/// Commands waiting at most; beyond it the answer is 503 at once.
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
    /// The row that it has become.
    fn recorded(self, placed: &Placed) -> RecordedEvent {
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

/// A claim on a value that must be unique across aggregates, by keyed digest.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reservation {
    pub kind: &'static str,
    pub mac: Vec<u8>,
    pub owner: String,
}

/// What makes a repeated request find its first answer.
#[derive(Debug, Clone)]
pub struct IdempotencyRow {
    pub principal: String,
    pub operation: String,
    pub key: String,
    pub body_mac: Vec<u8>,
    pub command_id: Uuid,
}

/// Rows that stand or fall with a command's events.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    pub keys: Vec<NewKey>,
    pub reservations: Vec<Reservation>,
    pub released: Vec<Reservation>,
    pub idempotency: Option<IdempotencyRow>,
    pub leases: Vec<(Uuid, String)>,
}

/// Further writes of a command in the append's transaction, from the crate that owns their tables. It goes as a batch
/// of one, and may run again when the transaction is tried again.
pub type Extra = Arc<
    dyn for<'c> Fn(&'c mut PgConnection) -> BoxFuture<'c, Result<(), ExtraError>> + Send + Sync,
>;

/// Why further writes of a command failed.
#[derive(Debug, thiserror::Error)]
pub enum ExtraError {
    /// The command is refused with this code.
    #[error("{0}")]
    Refused(&'static str),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Where an event came to stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub position: i64,
    pub recorded_at: DateTime<Utc>,
    pub hash: Vec<u8>,
}

/// Why a command was not appended.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AppendError {
    /// Another command changed the aggregate first.
    #[error("the aggregate has changed")]
    Conflict,
    /// The value is taken.
    #[error("the {0} is taken")]
    Reserved(&'static str),
    /// The idempotency key was used by a command that committed first.
    #[error("the idempotency key is taken")]
    KeyTaken,
    /// The log lost its end (failover, restore): what this process knows is void.
    #[error("the log does not have what this process has seen")]
    Diverged,
    #[error("the further writes were refused: {0}")]
    Refused(&'static str),
    /// Not written, or not known to be written: asking again with the same idempotency key tells.
    #[error("the database cannot be reached")]
    Unavailable,
    #[error("the database's disk is full")]
    StorageFull,
    #[error("too many commands are waiting")]
    Overloaded,
    #[error("the database refused the batch: {0}")]
    Failed(Arc<str>),
}

pub(crate) struct Submission {
    /// In which it was decided: what was read in an earlier one need not be in the log.
    pub epoch: u64,
    pub events: Vec<NewEvent>,
    pub rows: Rows,
    pub extras: Vec<Extra>,
    reply: oneshot::Sender<Result<Vec<Placed>, AppendError>>,
}

impl Submission {
    fn answer(self, result: Result<Vec<Placed>, AppendError>) {
        // Nobody listens when the process shuts down: the command is durable or not all the same.
        let _ = self.reply.send(result);
    }

    /// Everything that no other command of the same batch may name as well.
    fn claims(&self) -> Vec<Claim> {
        let sequences = self.events.iter().map(|event| {
            Claim::Sequence(
                event.aggregate_type,
                event.aggregate_id.clone(),
                event.sequence,
            )
        });
        let reserved = self
            .rows
            .reservations
            .iter()
            .map(|row| Claim::Reservation(row.kind, row.mac.clone()));
        let key = self.rows.idempotency.iter().map(|row| {
            Claim::Key(
                row.principal.clone(),
                row.operation.clone(),
                row.key.clone(),
            )
        });
        sequences.chain(reserved).chain(key).collect()
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

/// The door to the writer task.
#[derive(Debug, Clone)]
pub struct Writer {
    queue: mpsc::Sender<Submission>,
    known: watch::Receiver<Known>,
}

impl std::fmt::Debug for Submission {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Submission").finish_non_exhaustive()
    }
}

impl Writer {
    /// Starts the writer; `told` hears of every batch.
    pub fn start(pool: PgPool, log: Log, told: Told) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let known = told.subscribe();
        let (waiting, health) = (Arc::new(Mutex::new(waiting)), told.health().clone());
        tokio::spawn(async move {
            let start = || Task::new(pool.clone(), log, told.clone()).run(waiting.clone());
            restart_on_panic("log writer", start, &health).await;
        });
        Self { queue, known }
    }

    /// The epoch of what is read from the log now.
    pub(crate) fn epoch(&self) -> u64 {
        self.known.borrow().epoch
    }

    /// Appends the events of one command that was decided in an epoch, all or none.
    pub(crate) async fn append(
        &self,
        epoch: u64,
        events: Vec<NewEvent>,
        rows: Rows,
        extras: Vec<Extra>,
    ) -> Result<Vec<Placed>, AppendError> {
        let (reply, answer) = oneshot::channel();
        let submission = Submission {
            epoch,
            events,
            rows,
            extras,
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
