//! Executes commands: load, handle, append, reply. Retries conflicts, outlives the caller, and is idempotent by key.

use domain::Event;
use uuid::Uuid;

use super::cache::AggregateKey;
use super::error::ExecutorError;
use super::execution::{Committed, CommittedEvent, Execution};
use super::idempotency::{self, Idempotency, RequestKey};
use super::keyed_locks::{KeyedLockGuard, KeyedLocks};
use super::sealer::SealError;
use super::step::Decisions;
use super::store::{Store, StoreError};
use crate::append::{AppendError, IdempotencyRow, Placement, Release, Reservation, SideRow};
use crate::log;
use crate::seal::keys::NewKey;

/// Maximum number of attempts before the aggregate counts as contended.
const ATTEMPTS: usize = 24;

/// Executes commands against one log.
#[derive(Debug, Clone)]
pub struct Executor {
    store: Store,
    idempotency_locks: KeyedLocks<RequestKey>,
    aggregate_locks: KeyedLocks<AggregateKey>,
}

impl Executor {
    pub fn new(store: Store) -> Self {
        Self {
            store,
            idempotency_locks: KeyedLocks::default(),
            aggregate_locks: KeyedLocks::default(),
        }
    }

    /// Where callers get the time and the ids of what they create.
    pub fn clock(&self) -> &crate::Clock {
        self.store.clock()
    }

    /// Executes a command to completion, even if the caller is dropped meanwhile.
    pub async fn execute(&self, execution: Execution) -> Result<Committed, ExecutorError> {
        let executor = self.clone();
        #[expect(
            clippy::disallowed_methods,
            reason = "a command outlives its caller, who awaits it"
        )]
        let task = tokio::spawn(async move {
            let outcome = executor.run(&execution).await;
            // Also after a refusal: another process may have destroyed the keys.
            for subject in &execution.destroyed {
                executor.store.sealer().keys().forget(subject);
            }
            let committed = outcome?;
            if let Some(run) = execution.run
                && !committed.replayed
            {
                run.hand_over(committed.events.clone());
            }
            Ok(committed)
        });
        task.await
            .unwrap_or_else(|error| Err(ExecutorError::Unexpected(error.to_string())))
    }

    /// Finds the result of an earlier request with the same idempotency key.
    pub async fn find_committed(
        &self,
        key: &Idempotency,
    ) -> Result<Option<Committed>, ExecutorError> {
        let ring = self.store.sealer().keys();
        let body_mac = ring.mac("idempotency", &key.body).await?;
        self.replay(key, &body_mac).await
    }

    async fn run(&self, execution: &Execution) -> Result<Committed, ExecutorError> {
        let Some(key) = &execution.idempotency else {
            return self.decide(execution, None).await;
        };
        let _guard = self.idempotency_locks.lock(key.request_key()).await;
        let body_mac = self
            .store
            .sealer()
            .keys()
            .mac("idempotency", &key.body)
            .await?;
        if let Some(first) = self.replay(key, &body_mac).await? {
            return Ok(first);
        }
        match self.decide(execution, Some(&body_mac)).await {
            // Another node committed the same key first: return its result.
            Err(ExecutorError::Append(AppendError::KeyTaken)) => self
                .replay(key, &body_mac)
                .await?
                .ok_or(ExecutorError::Contended),
            result => result,
        }
    }

    /// Decides and appends; retries as long as other commands commit first.
    async fn decide(
        &self,
        execution: &Execution,
        body_mac: Option<&[u8]>,
    ) -> Result<Committed, ExecutorError> {
        let _guards = self.lock_aggregates(execution).await;
        let mut fresh = false;
        for _ in 0..ATTEMPTS {
            let mut decided = Decisions {
                epoch: self.store.epoch(),
                ..Decisions::default()
            };
            match self.attempt(execution, body_mac, fresh, &mut decided).await {
                // With an expected version, the next attempt reports the mismatch.
                Err(ExecutorError::Append(AppendError::Conflict)) => fresh = true,
                // Decided on cached state: repeat with state from the log before refusing.
                Err(ExecutorError::Refused(_) | ExecutorError::VersionMismatch { .. })
                    if decided.from_cache =>
                {
                    fresh = true;
                }
                result => return result,
            }
        }
        Err(ExecutorError::Contended)
    }

    /// Locks the aggregates of a command within this process. Sorted, to avoid deadlocks.
    async fn lock_aggregates(&self, execution: &Execution) -> Vec<KeyedLockGuard<AggregateKey>> {
        let mut keys: Vec<AggregateKey> = execution
            .steps
            .iter()
            .filter_map(|step| step.lock_key())
            .collect();
        keys.sort_unstable();
        keys.dedup();
        let mut guards = Vec::with_capacity(keys.len());
        for key in keys {
            guards.push(self.aggregate_locks.lock(key).await);
        }
        guards
    }

    async fn attempt(
        &self,
        execution: &Execution,
        body_mac: Option<&[u8]>,
        fresh: bool,
        decided: &mut Decisions,
    ) -> Result<Committed, ExecutorError> {
        let command_id = self.clock().new_id();
        for step in &execution.steps {
            step.decide(&self.store, fresh, decided).await?;
        }
        let staged = std::mem::take(&mut decided.staged);
        if staged.is_empty() && decided.from_cache {
            // Decided on cached state: repeat with state from the log before reporting that nothing changes.
            return Err(ExecutorError::Append(AppendError::Conflict));
        }
        let key_row = key_row(execution, command_id, body_mac);
        if staged.is_empty() && execution.writes.is_empty() {
            // A repeated request changes nothing either, whatever happens in between.
            if let Some(key_row) = key_row {
                let origin = (&execution.context, command_id);
                let rows = vec![SideRow::IdempotencyKey(key_row)];
                let appended = self
                    .store
                    .append(decided.epoch, origin, vec![], rows, vec![]);
                appended.await.map_err(store_error)?;
            }
            self.store
                .cache()
                .put(decided.epoch, decided.loaded.drain());
            return Ok(Committed {
                events: vec![],
                position: 0,
                replayed: false,
            });
        }
        let keys = std::mem::take(&mut decided.keys);
        let mut rows = self.build_side_rows(execution, keys).await?;
        rows.extend(key_row.map(SideRow::IdempotencyKey));
        let placed = self
            .store
            .append(
                decided.epoch,
                (&execution.context, command_id),
                staged,
                rows,
                execution.writes.clone(),
            )
            .await
            .map_err(store_error)?;
        self.store
            .cache()
            .put(decided.epoch, decided.loaded.drain());
        Ok(committed(std::mem::take(&mut decided.events), placed))
    }

    async fn build_side_rows(
        &self,
        execution: &Execution,
        keys: Vec<NewKey>,
    ) -> Result<Vec<SideRow>, ExecutorError> {
        let ring = self.store.sealer().keys();
        let mut rows: Vec<SideRow> = keys.into_iter().map(SideRow::Key).collect();
        for (kind, text) in &execution.release {
            let mac = ring.mac(kind, text.as_bytes()).await?;
            rows.push(SideRow::Release(Release { kind, mac }));
        }
        for (kind, text, owner) in &execution.reserve {
            rows.push(SideRow::Reservation(Reservation {
                kind,
                mac: ring.mac(kind, text.as_bytes()).await?,
                owner: owner.clone(),
            }));
        }
        rows.extend(execution.run.iter().map(|run| SideRow::Lease(run.lease())));
        Ok(rows)
    }

    /// Rebuilds the result of an earlier request from its events.
    async fn replay(
        &self,
        key: &Idempotency,
        body_mac: &[u8],
    ) -> Result<Option<Committed>, ExecutorError> {
        let Some(recorded) = idempotency::find(self.store.pool(), key).await? else {
            return Ok(None);
        };
        if recorded.body_mac != body_mac {
            return Err(ExecutorError::IdempotencyMismatch);
        }
        let sealer = self.store.sealer();
        let mut rows = log::read(self.store.pool(), recorded.position - 1, 64).await?;
        rows.retain(|row| row.command_id == recorded.command_id);
        let opened = log::open(sealer.log(), sealer.keys(), rows).await?;
        let events: Vec<CommittedEvent> = opened
            .into_iter()
            .map(|row| CommittedEvent {
                position: row.position,
                aggregate_id: row.aggregate_id,
                version: row.sequence,
                recorded_at: row.recorded_at,
                event: row.event,
            })
            .collect();
        Ok(Some(Committed {
            position: events.last().map_or(0, |event| event.position),
            events,
            replayed: true,
        }))
    }
}

/// The row that identifies repeated requests.
fn key_row(
    execution: &Execution,
    command_id: Uuid,
    body_mac: Option<&[u8]>,
) -> Option<IdempotencyRow> {
    let (key, body_mac) = (execution.idempotency.as_ref()?, body_mac?);
    Some(IdempotencyRow {
        principal: key.principal.clone(),
        operation: key.operation.clone(),
        key: key.key.clone(),
        body_mac: body_mac.to_vec(),
        command_id,
    })
}

fn committed(events: Vec<(Uuid, i64, Event)>, placed: Vec<Placement>) -> Committed {
    let position = placed.last().map_or(0, |last| last.position);
    let events = events
        .into_iter()
        .zip(placed)
        .map(|((aggregate_id, version, event), placed)| CommittedEvent {
            position: placed.position,
            aggregate_id,
            version,
            recorded_at: placed.recorded_at,
            event,
        })
        .collect();
    Committed {
        events,
        position,
        replayed: false,
    }
}

fn store_error(error: StoreError) -> ExecutorError {
    match error {
        StoreError::Append(AppendError::Reserved(kind)) => ExecutorError::Reserved(kind),
        StoreError::Append(AppendError::Refused(code)) => ExecutorError::WriteRefused(code),
        StoreError::Append(error) => ExecutorError::Append(error),
        StoreError::Seal(SealError::Key(error)) => ExecutorError::Key(error),
        StoreError::Seal(error) => ExecutorError::Unexpected(error.to_string()),
    }
}
