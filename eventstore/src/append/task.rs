//! The writer task: drains the queue, commits one batch at a time, and replies to every command.

use std::collections::HashSet;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, PgPool, Postgres};
use tokio::sync::{Mutex, mpsc};

use super::events::EventColumns;
use super::failure::FailureClass;
use super::outcome::{self, CommitOutcome};
use super::predecessors::KnownPredecessors;
use super::side_row;
use super::{AppendError, Placement, SideWriteError, Submission};
use crate::follow::{CommitNotifier, LogEnd};
use crate::log::Log;

/// Maximum number of commands per batch.
const BATCH_LIMIT: usize = 512;
/// How long to retry a batch while the database is unavailable.
const RETRY_WINDOW: Duration = Duration::from_millis(800);
const RETRY_PAUSE: Duration = Duration::from_millis(50);
/// How many unique violations without a matching row are retried; more mean that a command collides with itself.
const MAX_UNEXPLAINED: u32 = 3;
/// How many rollbacks (deadlock, serialization failure) are retried. Counted, not timed: detecting a deadlock takes
/// longer than `RETRY_WINDOW`.
const MAX_ROLLBACKS: u32 = 5;

pub(super) struct WriterTask {
    pool: PgPool,
    log: Log,
    notifier: CommitNotifier,
    /// The epoch of the last batch.
    epoch: u64,
    predecessors: KnownPredecessors,
    /// Reused across batches, so that none waits for the pool. Dropped on any error, and when the pool closes, which
    /// would otherwise wait for it.
    connection: Option<PoolConnection<Postgres>>,
}

impl WriterTask {
    pub(super) fn new(pool: PgPool, log: Log, notifier: CommitNotifier) -> Self {
        Self {
            pool,
            log,
            epoch: notifier.log_end().epoch,
            predecessors: KnownPredecessors::default(),
            notifier,
            connection: None,
        }
    }

    pub(super) async fn run(mut self, queue: Arc<Mutex<mpsc::Receiver<Submission>>>) {
        let mut queue = queue.lock().await;
        let mut closing = pin!(self.pool.close_event());
        let mut drained = Vec::with_capacity(BATCH_LIMIT);
        loop {
            tokio::select! {
                taken = queue.recv_many(&mut drained, BATCH_LIMIT) => if taken == 0 { return },
                () = &mut closing => return,
            }
            gather_ready(&mut queue, &mut drained).await;
            let mut batch = Vec::with_capacity(drained.len());
            let mut claims_in_batch = HashSet::new();
            for submission in drained.drain(..) {
                if !submission.writes.is_empty() {
                    self.commit(std::mem::take(&mut batch)).await;
                    claims_in_batch.clear();
                    self.commit(vec![submission]).await;
                    continue;
                }
                let claims = submission.claims();
                match claims.iter().find(|claim| claims_in_batch.contains(*claim)) {
                    Some(taken) => {
                        let error = taken.error();
                        submission.respond(Err(error));
                    }
                    None => {
                        claims_in_batch.extend(claims);
                        batch.push(submission);
                    }
                }
            }
            self.commit(batch).await;
        }
    }

    /// Commits a batch, retrying where possible, and replies to every command.
    async fn commit(&mut self, mut batch: Vec<Submission>) {
        let deadline = Instant::now() + RETRY_WINDOW;
        let (mut unexplained, mut rollbacks) = (0, 0);
        while !batch.is_empty() {
            let log_end = self.notifier.log_end();
            batch = self.reject_stale(batch, log_end.epoch);
            if batch.is_empty() {
                return;
            }
            let error = match self.try_batch(&batch, &log_end).await {
                Ok(placed) => return self.acknowledge(log_end.epoch, batch, placed),
                Err(error) => error,
            };
            match FailureClass::from_error(&error) {
                FailureClass::RolledBack if rollbacks < MAX_ROLLBACKS => rollbacks += 1,
                FailureClass::Unavailable if Instant::now() <= deadline => {
                    tokio::time::sleep(RETRY_PAUSE).await;
                    batch = self.resolve_unknown(batch).await;
                }
                FailureClass::UniqueViolation if unexplained < MAX_UNEXPLAINED => {
                    let before = batch.len();
                    batch = self.resolve_unknown(batch).await;
                    unexplained = if batch.len() == before {
                        unexplained + 1
                    } else {
                        0
                    };
                }
                FailureClass::UniqueViolation | FailureClass::Failed if batch.len() > 1 => {
                    return self.commit_one_by_one(batch).await;
                }
                class => {
                    let refusal = self.give_up(class, log_end.epoch, &error).await;
                    return refuse(batch, &refusal);
                }
            }
        }
    }

    /// Why a batch is not retried. Starts a new epoch if the log is not the known one.
    async fn give_up(
        &mut self,
        class: FailureClass,
        epoch: u64,
        error: &SideWriteError,
    ) -> AppendError {
        match class {
            FailureClass::Refused(code) => AppendError::Refused(code),
            FailureClass::Diverged => {
                self.handle_divergence(epoch).await;
                AppendError::Diverged
            }
            // An event that one of them has read is gone; all of them must decide again.
            FailureClass::MissingPredecessor => {
                self.handle_divergence(epoch).await;
                self.epoch = self.notifier.log_end().epoch;
                AppendError::Conflict
            }
            FailureClass::StorageFull => {
                self.notifier.record_disk_full();
                AppendError::StorageFull
            }
            // PostgreSQL shuts down when it can no longer write its WAL.
            FailureClass::Unavailable if self.notifier.is_full() => AppendError::StorageFull,
            FailureClass::RolledBack | FailureClass::Unavailable => AppendError::Unavailable,
            FailureClass::UniqueViolation | FailureClass::Failed => {
                tracing::error!(%error, "the database rejected a command; its client gets an error");
                AppendError::Failed(error.to_string().into())
            }
        }
    }

    /// Refuses commands that were decided in another epoch.
    fn reject_stale(&mut self, batch: Vec<Submission>, epoch: u64) -> Vec<Submission> {
        // The first batch of a new epoch is refused as a whole: its senders may have acted on stale reads.
        let changed = std::mem::replace(&mut self.epoch, epoch) != epoch;
        let is_stale = |submission: &Submission| changed || submission.epoch != epoch;
        let (stale, batch) = batch.into_iter().partition(is_stale);
        refuse(stale, &AppendError::Diverged);
        batch
    }

    /// Starts a new epoch after the log has diverged. If its end cannot be read, the next batch fails the same way.
    async fn handle_divergence(&mut self, epoch: u64) {
        if let Ok(head) = self.log.head(&self.pool).await {
            self.notifier.mark_diverged(epoch, head);
            self.epoch = epoch + 1;
        }
    }

    /// Commits each command by itself, so that an invalid one does not fail the others.
    async fn commit_one_by_one(&mut self, batch: Vec<Submission>) {
        for submission in batch {
            Box::pin(self.commit(vec![submission])).await;
        }
    }

    /// Replies to the commands whose outcome is in the database and returns the others, to be resent byte for byte. The
    /// notifier is not informed: this lookup does not prove that the log is still the known one, so the poller picks
    /// the events up.
    async fn resolve_unknown(&self, batch: Vec<Submission>) -> Vec<Submission> {
        let Ok(outcomes) = outcome::load(&self.pool, &batch).await else {
            return batch;
        };
        let mut rest = Vec::new();
        for (submission, outcome) in batch.into_iter().zip(outcomes) {
            match outcome {
                CommitOutcome::Committed(placed) => submission.respond(Ok(placed)),
                CommitOutcome::Rejected(error) => submission.respond(Err(error)),
                CommitOutcome::NotCommitted => rest.push(submission),
            }
        }
        rest
    }

    fn acknowledge(&mut self, epoch: u64, batch: Vec<Submission>, placed: Vec<Placement>) {
        self.predecessors.remember(epoch, &batch);
        let mut placed = placed.into_iter();
        let mut answers = Vec::with_capacity(batch.len());
        let mut recorded = Vec::with_capacity(placed.len());
        for Submission { events, reply, .. } in batch {
            let placements: Vec<Placement> = placed.by_ref().take(events.len()).collect();
            recorded.extend(
                events
                    .into_iter()
                    .zip(&placements)
                    .map(|(event, at)| event.into_recorded(at)),
            );
            answers.push((reply, placements));
        }
        if !self.notifier.record_commit(epoch, recorded) {
            self.predecessors.clear();
        }
        for (reply, placements) in answers {
            // The receiver is gone when the process shuts down; the command is durable anyway.
            let _ = reply.send(Ok(placements));
        }
    }

    async fn try_batch(
        &mut self,
        batch: &[Submission],
        log_end: &LogEnd,
    ) -> Result<Vec<Placement>, SideWriteError> {
        let unproven = self.predecessors.find_unproven(log_end.epoch, batch);
        if let [Submission { writes, .. }] = batch
            && !writes.is_empty()
        {
            let mut transaction = self.pool.begin().await?;
            for write in writes {
                write.write(&mut transaction).await?;
            }
            let placed = insert(&mut transaction, batch, log_end, &unproven).await?;
            transaction.commit().await?;
            return Ok(placed);
        }
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.pool.acquire().await?,
        };
        let placed = insert(&mut connection, batch, log_end, &unproven).await?;
        self.connection = Some(connection);
        Ok(placed)
    }
}

async fn insert(
    connection: &mut PgConnection,
    batch: &[Submission],
    log_end: &LogEnd,
    unproven: &[i32],
) -> Result<Vec<Placement>, sqlx::Error> {
    let c = EventColumns::from_batch(batch);
    let mut rows = sqlx::query!(
        r#"select at_position as "at_position!", at_time as "at_time!", at_hash as "at_hash!"
           from append_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15::int[])"#,
        log_end.position,
        &log_end.hash,
        &c.event_ids,
        &c.command_ids,
        &c.aggregate_types as &[&str],
        &c.aggregate_ids as &[&str],
        &c.sequences,
        &c.scopes as &[&str],
        &c.event_types as &[&str],
        &c.event_versions as &[&str],
        &c.metadatas as &[&str],
        &c.payloads as &[&str],
        &c.digests as &[&[u8]],
        side_row::to_json(batch),
        unproven
    )
    .fetch_all(connection)
    .await?;
    // `insert ... returning` does not guarantee the order of the batch.
    rows.sort_unstable_by_key(|row| row.at_position);
    Ok(rows
        .into_iter()
        .map(|row| Placement {
            position: row.at_position,
            recorded_at: row.at_time,
            hash: row.at_hash,
        })
        .collect())
}

/// Yields while more commands arrive: clients that the last batch answered usually send their next command, and a batch
/// costs about the same for one command as for many.
async fn gather_ready(queue: &mut mpsc::Receiver<Submission>, drained: &mut Vec<Submission>) {
    let mut before = 0;
    while before < drained.len() && drained.len() < BATCH_LIMIT {
        before = drained.len();
        tokio::task::yield_now().await;
        while drained.len() < BATCH_LIMIT
            && let Ok(more) = queue.try_recv()
        {
            drained.push(more);
        }
    }
}

fn refuse(batch: Vec<Submission>, error: &AppendError) {
    for submission in batch {
        submission.respond(Err(error.clone()));
    }
}
