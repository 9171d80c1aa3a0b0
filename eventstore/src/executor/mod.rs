//! Executes commands: load, handle, append, reply. Retries conflicts, outlives the caller, and is idempotent by key.

mod context;
mod sealer;
mod step;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{Event, Refusal, RefusalKind, Subject};
use futures_util::future::BoxFuture;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::append::{
    AppendError, ExtraWrite, ExtraWriteError, IdempotencyRow, Placement, Reservation, SideRows,
};
use crate::cache::AggregateKey;
use crate::erasure;
use crate::idempotency::{self, Idempotency, RequestKey};
use crate::keyed_locks::{KeyedLockGuard, KeyedLocks};
use crate::keys::KeyError;
use crate::log::{self, LogError};
use crate::reply_slots::ReplySlot;
use crate::store::{LoadError, Store, StoreError};

pub use context::{Actor, ActorKind, Context, Via};
pub use sealer::{EventSealer, SealError};
pub use step::{Decisions, Step, step, step_on_new};

/// Maximum number of attempts before the aggregate counts as contended.
const ATTEMPTS: usize = 24;

/// One command on one or more aggregates, committed atomically.
pub struct Execution {
    pub context: Context,
    pub steps: Vec<Box<dyn Step>>,
    /// Values to reserve, as (kind, normalised text, owner).
    pub reserve: Vec<(&'static str, String, String)>,
    pub release: Vec<(&'static str, String)>,
    /// The run that the command starts, and the reply slot reserved for it.
    pub slot: Option<(Uuid, ReplySlot)>,
    pub idempotency: Option<Idempotency>,
    pub extras: Vec<ExtraWrite>,
    /// Subjects whose keys one of the writes destroys.
    pub destroyed: Vec<Subject>,
}

impl Execution {
    /// A command with only steps.
    pub fn new(context: Context, steps: Vec<Box<dyn Step>>) -> Self {
        Self {
            context,
            steps,
            reserve: vec![],
            release: vec![],
            slot: None,
            idempotency: None,
            extras: vec![],
            destroyed: vec![],
        }
    }

    /// Adds a write to the command's transaction. Writes run in the order in which they were added.
    #[must_use]
    pub fn with_write<F>(mut self, extra: F) -> Self
    where
        F: for<'c> Fn(&'c mut PgConnection) -> BoxFuture<'c, Result<(), ExtraWriteError>>,
        F: Send + Sync + 'static,
    {
        self.extras.push(Arc::new(extra));
        self
    }

    /// Destroys the key of a subject in the same transaction.
    #[must_use]
    pub fn with_key_destruction(mut self, subject: &Subject) -> Self {
        self.destroyed.push(subject.clone());
        let subjects = [subject.as_str().to_owned()];
        self.with_write(move |connection| {
            let subjects = subjects.clone();
            Box::pin(async move { Ok(erasure::destroy_keys(connection, &subjects).await?) })
        })
    }
}

/// An event that a command appended.
#[derive(Debug, Clone)]
pub struct CommittedEvent {
    pub position: i64,
    pub aggregate_id: Uuid,
    /// The version of the aggregate after the event.
    pub version: i64,
    pub recorded_at: DateTime<Utc>,
    pub event: Event,
}

/// The result of a command.
#[derive(Debug, Clone)]
pub struct Committed {
    pub events: Vec<CommittedEvent>,
    /// The last position that the command has written; 0 if nothing changed.
    pub position: i64,
    /// Whether an earlier request with the same idempotency key recorded it.
    pub replayed: bool,
}

/// Why a command was not executed.
#[derive(Debug, thiserror::Error)]
pub enum ExecutorError {
    #[error("{0}")]
    Refused(Box<dyn Refusal>),
    #[error("the current version is {current}, not the expected one; reload and retry")]
    VersionMismatch { current: i64 },
    #[error("the {0} is already in use")]
    Reserved(&'static str),
    #[error("{0}")]
    ExtraRefused(&'static str),
    #[error("the idempotency key was used with another body")]
    IdempotencyMismatch,
    #[error("too many concurrent changes to the object; retry later")]
    Contended,
    #[error("the encryption keys are unavailable: {0}")]
    Key(#[from] KeyError),
    #[error(transparent)]
    Append(AppendError),
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error("{0}")]
    Unexpected(String),
}

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

    /// Executes a command to completion, even if the caller is dropped meanwhile.
    pub async fn execute(&self, execution: Execution) -> Result<Committed, ExecutorError> {
        let executor = self.clone();
        let task = tokio::spawn(async move {
            let outcome = executor.run(&execution).await;
            // Also after a refusal: another process may have destroyed the keys.
            for subject in &execution.destroyed {
                executor.store.sealer().keys().forget(subject);
            }
            let committed = outcome?;
            if let Some((_, slot)) = execution.slot
                && !committed.replayed
            {
                slot.hand_over(committed.events.clone());
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
        let command_id = Uuid::now_v7();
        for step in &execution.steps {
            step.decide(&self.store, fresh, decided).await?;
        }
        let staged = std::mem::take(&mut decided.staged);
        if staged.is_empty() && decided.from_cache {
            // Decided on cached state: repeat with state from the log before reporting that nothing changes.
            return Err(ExecutorError::Append(AppendError::Conflict));
        }
        if staged.is_empty() && execution.extras.is_empty() {
            // A repeated request changes nothing either, whatever happens in between.
            if let Some(idempotency) = key_row(execution, command_id, body_mac) {
                let rows = SideRows {
                    idempotency: Some(idempotency),
                    ..SideRows::default()
                };
                let origin = (&execution.context, command_id);
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
        let rows = self
            .build_side_rows(execution, command_id, body_mac, keys)
            .await?;
        let placed = self
            .store
            .append(
                decided.epoch,
                (&execution.context, command_id),
                staged,
                rows,
                execution.extras.clone(),
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
        command_id: Uuid,
        body_mac: Option<&[u8]>,
        keys: Vec<crate::keys::NewKey>,
    ) -> Result<SideRows, ExecutorError> {
        let ring = self.store.sealer().keys();
        let mut rows = SideRows {
            keys,
            leases: execution
                .slot
                .iter()
                .map(|(run, slot)| slot.lease(*run))
                .collect(),
            ..SideRows::default()
        };
        for (kind, text, owner) in &execution.reserve {
            rows.reservations.push(Reservation {
                kind,
                mac: ring.mac(kind, text.as_bytes()).await?,
                owner: owner.clone(),
            });
        }
        for (kind, text) in &execution.release {
            rows.released.push(Reservation {
                kind,
                mac: ring.mac(kind, text.as_bytes()).await?,
                owner: String::new(),
            });
        }
        rows.idempotency = key_row(execution, command_id, body_mac);
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
        StoreError::Append(AppendError::Refused(code)) => ExecutorError::ExtraRefused(code),
        StoreError::Append(error) => ExecutorError::Append(error),
        StoreError::Seal(SealError::Key(error)) => ExecutorError::Key(error),
        StoreError::Seal(error) => ExecutorError::Unexpected(error.to_string()),
    }
}

/// A version mismatch takes precedence over a refusal, except over "not found", which must not reveal the aggregate.
fn refusal_or_mismatch(
    refusal: Option<Box<dyn Refusal>>,
    expected: Option<i64>,
    current: i64,
) -> Result<(), ExecutorError> {
    match refusal {
        Some(refusal) if refusal.kind() == RefusalKind::NotFound => {
            Err(ExecutorError::Refused(refusal))
        }
        _ if expected.is_some_and(|version| version != current) => {
            Err(ExecutorError::VersionMismatch { current })
        }
        Some(refusal) => Err(ExecutorError::Refused(refusal)),
        None => Ok(()),
    }
}
