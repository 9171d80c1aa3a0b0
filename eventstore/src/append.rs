//! The one append path: a writer task per process that commits concurrent commands in one batch.
//!
//! A batch is one call of `append_events`, so positions are gapless and in commit order across all processes. What
//! became of a batch that the database refused or never answered is asked in [`crate::outcome`].

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use sqlx::{PgConnection, PgPool};
use tokio::sync::{mpsc, oneshot, watch};
use uuid::Uuid;

use crate::chain::{self, Fields, Hash};
use crate::keys::NewKey;
use crate::log::Log;
use crate::outcome::{self, Fate};

/// Commands waiting at most; beyond it the answer is 503 at once.
const QUEUE: usize = 4_096;
/// Commands in one batch at most.
const BATCH: usize = 512;
/// How long a batch is tried again while the database is away.
const PATIENCE: Duration = Duration::from_millis(800);
const PAUSE: Duration = Duration::from_millis(50);
/// How often something may be taken that nobody has: it would be a command that collides with itself.
const UNEXPLAINED: u32 = 3;

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
    pub events: Vec<NewEvent>,
    pub rows: Rows,
    pub extra: Option<Extra>,
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
}

impl std::fmt::Debug for Submission {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Submission").finish_non_exhaustive()
    }
}

impl Writer {
    /// Starts the writer; `committed` hears the last position of every batch.
    pub async fn start(
        pool: PgPool,
        log: Log,
        committed: watch::Sender<i64>,
    ) -> Result<Self, sqlx::Error> {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let seen = log.head(&pool).await?;
        tokio::spawn(
            Task {
                pool,
                log,
                seen,
                committed,
            }
            .run(waiting),
        );
        Ok(Self { queue })
    }

    /// Appends the events of one command, all or none.
    pub async fn append(
        &self,
        events: Vec<NewEvent>,
        rows: Rows,
        extra: Option<Extra>,
    ) -> Result<Vec<Placed>, AppendError> {
        let (reply, answer) = oneshot::channel();
        let submission = Submission {
            events,
            rows,
            extra,
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

struct Task {
    pool: PgPool,
    log: Log,
    /// The last position and hash that this process has seen.
    seen: (i64, Vec<u8>),
    committed: watch::Sender<i64>,
}

impl Task {
    async fn run(mut self, mut waiting: mpsc::Receiver<Submission>) {
        let mut drained = Vec::with_capacity(BATCH);
        while waiting.recv_many(&mut drained, BATCH).await > 0 {
            let mut batch = Vec::with_capacity(drained.len());
            let mut claimed = HashSet::new();
            for submission in drained.drain(..) {
                if submission.extra.is_some() {
                    self.commit(std::mem::take(&mut batch)).await;
                    claimed.clear();
                    self.commit(vec![submission]).await;
                    continue;
                }
                let claims = submission.claims();
                match claims.iter().find(|claim| claimed.contains(*claim)) {
                    Some(taken) => {
                        let error = taken.error();
                        submission.answer(Err(error));
                    }
                    None => {
                        claimed.extend(claims);
                        batch.push(submission);
                    }
                }
            }
            self.commit(batch).await;
        }
    }

    /// Brings every command of a batch to its end.
    async fn commit(&mut self, mut batch: Vec<Submission>) {
        let deadline = Instant::now() + PATIENCE;
        let mut unexplained = 0;
        while !batch.is_empty() {
            let error = match self.try_batch(&batch).await {
                Ok(placed) => return self.acknowledge(batch, placed),
                Err(error) => error,
            };
            let verdict = Verdict::of(&error);
            match verdict {
                Verdict::Refused(code) => return refuse(batch, &AppendError::Refused(code)),
                Verdict::Diverged => {
                    if let Ok(head) = self.log.head(&self.pool).await {
                        self.seen = head;
                    }
                    return refuse(batch, &AppendError::Diverged);
                }
                Verdict::StorageFull => return refuse(batch, &AppendError::StorageFull),
                Verdict::Away if Instant::now() > deadline => {
                    return refuse(batch, &AppendError::Unavailable);
                }
                Verdict::Away => {
                    tokio::time::sleep(PAUSE).await;
                    batch = self.settle(batch).await;
                }
                Verdict::Taken if unexplained < UNEXPLAINED => {
                    let before = batch.len();
                    batch = self.settle(batch).await;
                    unexplained = if batch.len() == before {
                        unexplained + 1
                    } else {
                        0
                    };
                }
                Verdict::Taken | Verdict::Failed if batch.len() > 1 => {
                    return self.each_alone(batch).await;
                }
                Verdict::Taken | Verdict::Failed => {
                    tracing::error!(%error, "the database refused a command");
                    return refuse(batch, &AppendError::Failed(error.to_string().into()));
                }
            }
        }
    }

    /// One command that the database cannot take harms no neighbour.
    async fn each_alone(&mut self, batch: Vec<Submission>) {
        for submission in batch {
            Box::pin(self.commit(vec![submission])).await;
        }
    }

    /// Answers the commands whose fate the database knows; the rest is sent again, byte for byte.
    async fn settle(&mut self, batch: Vec<Submission>) -> Vec<Submission> {
        let Ok(fates) = outcome::ask(&self.pool, &batch).await else {
            return batch;
        };
        let mut rest = Vec::new();
        for (submission, fate) in batch.into_iter().zip(fates) {
            match fate {
                Fate::Committed(placed) => self.acknowledge(vec![submission], placed),
                Fate::Lost(error) => submission.answer(Err(error)),
                Fate::Open => rest.push(submission),
            }
        }
        rest
    }

    fn acknowledge(&mut self, batch: Vec<Submission>, placed: Vec<Placed>) {
        if let Some(last) = placed.last() {
            if last.position > self.seen.0 {
                self.seen = (last.position, last.hash.clone());
            }
            self.committed.send_if_modified(|head| {
                let newer = last.position > *head;
                *head = last.position.max(*head);
                newer
            });
        }
        let mut placed = placed.into_iter();
        for submission in batch {
            let own = placed.by_ref().take(submission.events.len()).collect();
            submission.answer(Ok(own));
        }
    }

    async fn try_batch(&self, batch: &[Submission]) -> Result<Vec<Placed>, ExtraError> {
        if let [
            Submission {
                extra: Some(extra), ..
            },
        ] = batch
        {
            let mut transaction = self.pool.begin().await?;
            extra(&mut transaction).await?;
            let placed = self.insert(&mut transaction, batch).await?;
            transaction.commit().await?;
            return Ok(placed);
        }
        let mut connection = self.pool.acquire().await?;
        Ok(self.insert(&mut connection, batch).await?)
    }

    async fn insert(
        &self,
        connection: &mut PgConnection,
        batch: &[Submission],
    ) -> Result<Vec<Placed>, sqlx::Error> {
        let c = Columns::of(batch);
        let rows = sqlx::query!(
            r#"select at_position as "at_position!", at_time as "at_time!", at_hash as "at_hash!"
               from append_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                                  $19, $20, $21, $22, $23, $24, $25, $26, $27, $28)"#,
            self.seen.0,
            &self.seen.1,
            &c.event_ids,
            &c.command_ids,
            &c.aggregate_types,
            &c.aggregate_ids,
            &c.sequences,
            &c.scopes,
            &c.event_types,
            &c.event_versions,
            &c.metadatas,
            &c.payloads,
            &c.digests,
            &c.key_subjects,
            &c.key_wrapped,
            &c.key_masters,
            &c.reservation_kinds,
            &c.reservation_macs,
            &c.reservation_owners,
            &c.released_kinds,
            &c.released_macs,
            &c.idempotency_principals,
            &c.idempotency_operations,
            &c.idempotency_names,
            &c.idempotency_macs,
            &c.idempotency_commands,
            &c.lease_runs,
            &c.lease_owners
        )
        .fetch_all(connection)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Placed {
                position: row.at_position,
                recorded_at: row.at_time,
                hash: row.at_hash,
            })
            .collect())
    }
}

fn refuse(batch: Vec<Submission>, error: &AppendError) {
    for submission in batch {
        submission.answer(Err(error.clone()));
    }
}

/// What a database error says about a batch.
enum Verdict {
    Taken,
    Away,
    Diverged,
    StorageFull,
    Refused(&'static str),
    Failed,
}

impl Verdict {
    fn of(error: &ExtraError) -> Self {
        let error = match error {
            ExtraError::Refused(code) => return Self::Refused(code),
            ExtraError::Database(error) => error,
        };
        let Some(database) = error.as_database_error() else {
            return Self::Away;
        };
        match database.code().as_deref() {
            Some("23505") => Self::Taken,
            Some("CS001") => Self::Diverged,
            Some("53100") => Self::StorageFull,
            // Shutting down, starting up, too many connections, connection failures.
            Some(code) if code.starts_with("57P") || code.starts_with("08") || code == "53300" => {
                Self::Away
            }
            _ => Self::Failed,
        }
    }
}

/// A batch as the arrays of `append_events`.
#[derive(Default)]
struct Columns {
    event_ids: Vec<Uuid>,
    command_ids: Vec<Uuid>,
    aggregate_types: Vec<String>,
    aggregate_ids: Vec<String>,
    sequences: Vec<i64>,
    scopes: Vec<String>,
    event_types: Vec<String>,
    event_versions: Vec<String>,
    metadatas: Vec<String>,
    payloads: Vec<String>,
    digests: Vec<Vec<u8>>,
    key_subjects: Vec<String>,
    key_wrapped: Vec<Vec<u8>>,
    key_masters: Vec<String>,
    reservation_kinds: Vec<String>,
    reservation_macs: Vec<Vec<u8>>,
    reservation_owners: Vec<String>,
    released_kinds: Vec<String>,
    released_macs: Vec<Vec<u8>>,
    idempotency_principals: Vec<String>,
    idempotency_operations: Vec<String>,
    idempotency_names: Vec<String>,
    idempotency_macs: Vec<Vec<u8>>,
    idempotency_commands: Vec<Uuid>,
    lease_runs: Vec<Uuid>,
    lease_owners: Vec<String>,
}

impl Columns {
    fn of(batch: &[Submission]) -> Self {
        let mut columns = Self::default();
        for submission in batch {
            submission
                .events
                .iter()
                .for_each(|event| columns.event(event));
            columns.rows(&submission.rows);
        }
        columns
    }

    fn event(&mut self, event: &NewEvent) {
        self.event_ids.push(event.event_id);
        self.command_ids.push(event.command_id);
        self.aggregate_types.push(event.aggregate_type.to_owned());
        self.aggregate_ids.push(event.aggregate_id.clone());
        self.sequences.push(event.sequence);
        self.scopes.push(event.scope.clone());
        self.event_types.push(event.event_type.clone());
        self.event_versions.push(event.event_version.clone());
        self.metadatas.push(event.metadata.clone());
        self.payloads.push(event.payload.clone());
        self.digests.push(event.digest.to_vec());
    }

    fn rows(&mut self, rows: &Rows) {
        for key in &rows.keys {
            self.key_subjects.push(key.subject.as_str().to_owned());
            self.key_wrapped.push(key.wrapped.clone());
            self.key_masters.push(key.master.clone());
        }
        for reservation in &rows.reservations {
            self.reservation_kinds.push(reservation.kind.to_owned());
            self.reservation_macs.push(reservation.mac.clone());
            self.reservation_owners.push(reservation.owner.clone());
        }
        for reservation in &rows.released {
            self.released_kinds.push(reservation.kind.to_owned());
            self.released_macs.push(reservation.mac.clone());
        }
        if let Some(row) = &rows.idempotency {
            self.idempotency_principals.push(row.principal.clone());
            self.idempotency_operations.push(row.operation.clone());
            self.idempotency_names.push(row.key.clone());
            self.idempotency_macs.push(row.body_mac.clone());
            self.idempotency_commands.push(row.command_id);
        }
        for (run, owner) in &rows.leases {
            self.lease_runs.push(*run);
            self.lease_owners.push(owner.clone());
        }
    }
}
