//! The writer task: takes what waits, commits it in one batch, and brings every command to its end.

use std::collections::HashSet;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, PgPool, Postgres};
use tokio::sync::{Mutex, mpsc};

use super::columns::Columns;
use super::proven::Proven;
use super::{AppendError, ExtraError, Placed, Submission};
use crate::feed::{Known, Told};
use crate::log::Log;
use crate::outcome::{self, Fate};

/// Commands in one batch at most.
const BATCH: usize = 512;
/// How long a batch is tried again while the database is away.
const PATIENCE: Duration = Duration::from_millis(800);
const PAUSE: Duration = Duration::from_millis(50);
/// How often something may be taken that nobody has: it would be a command that collides with itself.
const UNEXPLAINED: u32 = 3;
/// How often a batch is sent again that the database has ended for the sake of another transaction. A deadlock alone
/// takes longer than a database that is away is waited for.
const ENDED: u32 = 5;

pub(super) struct Task {
    pool: PgPool,
    log: Log,
    told: Told,
    /// In which the last batch was sent.
    epoch: u64,
    proven: Proven,
    /// Kept from batch to batch, so that none waits for the pool; given up when anything goes wrong, and when the pool
    /// closes, which would wait for it.
    connection: Option<PoolConnection<Postgres>>,
}

impl Task {
    pub fn new(pool: PgPool, log: Log, told: Told) -> Self {
        Self {
            pool,
            log,
            epoch: told.known().epoch,
            proven: Proven::default(),
            told,
            connection: None,
        }
    }

    pub async fn run(mut self, waiting: Arc<Mutex<mpsc::Receiver<Submission>>>) {
        let mut waiting = waiting.lock().await;
        let mut closing = pin!(self.pool.close_event());
        let mut drained = Vec::with_capacity(BATCH);
        loop {
            tokio::select! {
                taken = waiting.recv_many(&mut drained, BATCH) => if taken == 0 { return },
                () = &mut closing => return,
            }
            gather(&mut waiting, &mut drained).await;
            let mut batch = Vec::with_capacity(drained.len());
            let mut claimed = HashSet::new();
            for submission in drained.drain(..) {
                if !submission.extras.is_empty() {
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
        let (mut unexplained, mut ended) = (0, 0);
        while !batch.is_empty() {
            let known = self.told.known();
            batch = self.of_this_epoch(batch, known.epoch);
            if batch.is_empty() {
                return;
            }
            let error = match self.try_batch(&batch, &known).await {
                Ok(placed) => return self.acknowledge(known.epoch, batch, placed),
                Err(error) => error,
            };
            match Verdict::of(&error) {
                Verdict::Refused(code) => return refuse(batch, &AppendError::Refused(code)),
                Verdict::Diverged => {
                    self.diverged(known.epoch).await;
                    return refuse(batch, &AppendError::Diverged);
                }
                // What one of them had read is gone; all of them decide again on what the log has.
                Verdict::Gap => {
                    self.diverged(known.epoch).await;
                    self.epoch = self.told.known().epoch;
                    return refuse(batch, &AppendError::Conflict);
                }
                Verdict::StorageFull => {
                    self.told.refused_for_space();
                    return refuse(batch, &AppendError::StorageFull);
                }
                // PostgreSQL stops when it cannot write its own log any more.
                Verdict::Away if Instant::now() > deadline && self.told.is_full() => {
                    return refuse(batch, &AppendError::StorageFull);
                }
                Verdict::Ended if ended < ENDED => ended += 1,
                Verdict::Ended => return refuse(batch, &AppendError::Unavailable),
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

    /// Refuses what was decided on another log than the one that is there now.
    fn of_this_epoch(&mut self, batch: Vec<Submission>, epoch: u64) -> Vec<Submission> {
        // Of a log that the feed found to be another one the first batch is refused whole: who sent it may have acted
        // on what was read before.
        let changed = std::mem::replace(&mut self.epoch, epoch) != epoch;
        let is_void = |submission: &Submission| changed || submission.epoch != epoch;
        let (void, batch) = batch.into_iter().partition(is_void);
        refuse(void, &AppendError::Diverged);
        batch
    }

    /// The database does not have what was seen in an epoch. Where its end cannot be read either, the next batch says
    /// the same.
    async fn diverged(&mut self, epoch: u64) {
        if let Ok(head) = self.log.head(&self.pool).await {
            self.told.diverged(epoch, head);
            self.epoch = epoch + 1;
        }
    }

    /// One command that the database cannot take harms no neighbour.
    async fn each_alone(&mut self, batch: Vec<Submission>) {
        for submission in batch {
            Box::pin(self.commit(vec![submission])).await;
        }
    }

    /// Answers the commands whose fate the database knows; the rest is sent again, byte for byte. The poll finds what they
    /// put into the log: this look does not prove that it is the log that was known.
    async fn settle(&self, batch: Vec<Submission>) -> Vec<Submission> {
        let Ok(fates) = outcome::ask(&self.pool, &batch).await else {
            return batch;
        };
        let mut rest = Vec::new();
        for (submission, fate) in batch.into_iter().zip(fates) {
            match fate {
                Fate::Committed(placed) => submission.answer(Ok(placed)),
                Fate::Lost(error) => submission.answer(Err(error)),
                Fate::Open => rest.push(submission),
            }
        }
        rest
    }

    fn acknowledge(&mut self, epoch: u64, batch: Vec<Submission>, placed: Vec<Placed>) {
        self.proven.remember(epoch, &batch);
        let mut placed = placed.into_iter();
        let mut answers = Vec::with_capacity(batch.len());
        let mut recorded = Vec::with_capacity(placed.len());
        for Submission { events, reply, .. } in batch {
            let own: Vec<Placed> = placed.by_ref().take(events.len()).collect();
            recorded.extend(
                events
                    .into_iter()
                    .zip(&own)
                    .map(|(event, at)| event.recorded(at)),
            );
            answers.push((reply, own));
        }
        if !self.told.committed(epoch, recorded) {
            self.proven.forget();
        }
        for (reply, own) in answers {
            // Nobody listens when the process shuts down: the command is durable all the same.
            let _ = reply.send(Ok(own));
        }
    }

    async fn try_batch(
        &mut self,
        batch: &[Submission],
        known: &Known,
    ) -> Result<Vec<Placed>, ExtraError> {
        let unproven = self.proven.rest(known.epoch, batch);
        if let [Submission { extras, .. }] = batch
            && !extras.is_empty()
        {
            let mut transaction = self.pool.begin().await?;
            for extra in extras {
                extra(&mut transaction).await?;
            }
            let placed = insert(&mut transaction, batch, known, &unproven).await?;
            transaction.commit().await?;
            return Ok(placed);
        }
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.pool.acquire().await?,
        };
        let placed = insert(&mut connection, batch, known, &unproven).await?;
        self.connection = Some(connection);
        Ok(placed)
    }
}

async fn insert(
    connection: &mut PgConnection,
    batch: &[Submission],
    known: &Known,
    unproven: &[i32],
) -> Result<Vec<Placed>, sqlx::Error> {
    let c = Columns::of(batch);
    let mut rows = sqlx::query!(
        r#"select at_position as "at_position!", at_time as "at_time!", at_hash as "at_hash!"
           from append_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                              $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29::int[])"#,
        known.position,
        &known.hash,
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
        &c.key_subjects as &[&str],
        &c.key_wrapped as &[&[u8]],
        &c.key_masters as &[&str],
        &c.reservation_kinds as &[&str],
        &c.reservation_macs as &[&[u8]],
        &c.reservation_owners as &[&str],
        &c.released_kinds as &[&str],
        &c.released_macs as &[&[u8]],
        &c.idempotency_principals as &[&str],
        &c.idempotency_operations as &[&str],
        &c.idempotency_names as &[&str],
        &c.idempotency_macs as &[&[u8]],
        &c.idempotency_commands,
        &c.lease_runs,
        &c.lease_owners as &[&str],
        unproven
    )
    .fetch_all(connection)
    .await?;
    // In the order of the batch, which an insert keeps but need not.
    rows.sort_unstable_by_key(|row| row.at_position);
    Ok(rows
        .into_iter()
        .map(|row| Placed {
            position: row.at_position,
            recorded_at: row.at_time,
            hash: row.at_hash,
        })
        .collect())
}

/// Lets those who are ready to submit do so, as long as more come: whoever was answered by one batch is mostly in the
/// next, and a batch costs about the same for one command as for many.
async fn gather(waiting: &mut mpsc::Receiver<Submission>, drained: &mut Vec<Submission>) {
    let mut before = 0;
    while before < drained.len() && drained.len() < BATCH {
        before = drained.len();
        tokio::task::yield_now().await;
        while drained.len() < BATCH
            && let Ok(more) = waiting.try_recv()
        {
            drained.push(more);
        }
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
    /// Rolled back because of another transaction.
    Ended,
    Diverged,
    /// An event whose predecessor in its aggregate the log does not have.
    Gap,
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
            Some("CS002") => Self::Gap,
            Some("53100") => Self::StorageFull,
            // A deadlock with further writes of another process, or a transaction that lost to one: nothing is wrong
            // with the batch, and nothing of it is there.
            Some("40P01" | "40001") => Self::Ended,
            // Shutting down, starting up, too many connections, connection failures.
            Some(code) if code.starts_with("57P") || code.starts_with("08") || code == "53300" => {
                Self::Away
            }
            _ => Self::Failed,
        }
    }
}
