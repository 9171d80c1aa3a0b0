//! Commands: load, handle, append, answer. Retried on conflicts, detached from the caller, idempotent by key.

mod context;
mod sealer;
mod step;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{Event, Refusal, RefusalKind, Subject};
use futures_util::future::BoxFuture;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::append::{AppendError, Extra, ExtraError, IdempotencyRow, Placed, Reservation, Rows};
use crate::cache::Key;
use crate::erasure;
use crate::idempotency::{self, Idempotency, Name};
use crate::keys::KeyError;
use crate::log::{self, LogError};
use crate::seats::Seat;
use crate::store::{LoadError, Store, StoreError};
use crate::turns::{Turn, Turns};

pub use context::{Actor, ActorKind, Context, Via};
pub use sealer::{SealError, Sealer};
pub use step::{Decided, Step, step, step_on_new};

/// How often a command is decided anew before its aggregate counts as contended.
const ATTEMPTS: usize = 24;

/// One command: what is asked of one or more aggregates, all or none.
pub struct Execution {
    pub context: Context,
    pub steps: Vec<Box<dyn Step>>,
    /// Values to claim, as (kind, comparable text, owner).
    pub reserve: Vec<(&'static str, String, String)>,
    pub release: Vec<(&'static str, String)>,
    /// The seat of the run that it asks for.
    pub seat: Option<(Uuid, Seat)>,
    pub idempotency: Option<Idempotency>,
    pub extras: Vec<Extra>,
}

impl Execution {
    /// A command with nothing beside its steps.
    pub fn new(context: Context, steps: Vec<Box<dyn Step>>) -> Self {
        Self {
            context,
            steps,
            reserve: vec![],
            release: vec![],
            seat: None,
            idempotency: None,
            extras: vec![],
        }
    }

    /// Adds further writes to the command's transaction. They run in the order in which they were added.
    #[must_use]
    pub fn also<F>(mut self, extra: F) -> Self
    where
        F: for<'c> Fn(&'c mut PgConnection) -> BoxFuture<'c, Result<(), ExtraError>>,
        F: Send + Sync + 'static,
    {
        self.extras.push(Arc::new(extra));
        self
    }

    /// Destroys the key of a subject with the event that tells of it. Whoever keeps keys open forgets it afterwards.
    #[must_use]
    pub fn destroying(self, subject: &Subject) -> Self {
        let subjects = [subject.as_str().to_owned()];
        self.also(move |connection| {
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
    /// The version of its aggregate after it.
    pub version: i64,
    pub recorded_at: DateTime<Utc>,
    pub event: Event,
}

/// What a command did.
#[derive(Debug, Clone)]
pub struct Committed {
    pub events: Vec<CommittedEvent>,
    /// The position after which reads show it; 0 where nothing changed.
    pub position: i64,
    /// Recorded by an earlier request with the same idempotency key.
    pub replayed: bool,
}

/// Why a command was not executed.
#[derive(Debug, thiserror::Error)]
pub enum ExecutorError {
    #[error("{0}")]
    Refused(Box<dyn Refusal>),
    #[error("the version is {current}, not the one expected")]
    VersionMismatch { current: i64 },
    #[error("the {0} is taken")]
    Reserved(&'static str),
    #[error("{0}")]
    ExtraRefused(&'static str),
    #[error("the idempotency key was used with another body")]
    IdempotencyMismatch,
    #[error("the object is changing too quickly")]
    Contended,
    #[error("keys could not be had: {0}")]
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
    repeated: Turns<Name>,
    contended: Turns<Key>,
}

impl Executor {
    pub fn new(store: Store) -> Self {
        Self {
            store,
            repeated: Turns::default(),
            contended: Turns::default(),
        }
    }

    /// Executes a command to its end, also when the caller goes away meanwhile.
    pub async fn execute(&self, execution: Execution) -> Result<Committed, ExecutorError> {
        let executor = self.clone();
        let task = tokio::spawn(async move {
            let committed = executor.run(&execution).await?;
            if let Some((_, seat)) = execution.seat
                && !committed.replayed
            {
                seat.hand_over(committed.events.clone());
            }
            Ok(committed)
        });
        task.await
            .unwrap_or_else(|error| Err(ExecutorError::Unexpected(error.to_string())))
    }

    /// What an earlier request with the same idempotency key did.
    pub async fn repeated(&self, key: &Idempotency) -> Result<Option<Committed>, ExecutorError> {
        let ring = self.store.sealer().keys();
        let body_mac = ring.mac("idempotency", &key.body).await?;
        self.replay(key, &body_mac).await
    }

    async fn run(&self, execution: &Execution) -> Result<Committed, ExecutorError> {
        let Some(key) = &execution.idempotency else {
            return self.decide(execution, None).await;
        };
        let _turn = self.repeated.turn(key.name()).await;
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
            // Another node was quicker with the same key: its answer is ours.
            Err(ExecutorError::Append(AppendError::KeyTaken)) => self
                .replay(key, &body_mac)
                .await?
                .ok_or(ExecutorError::Contended),
            result => result,
        }
    }

    /// Decides and appends, anew as long as other commands come first.
    async fn decide(
        &self,
        execution: &Execution,
        body_mac: Option<&[u8]>,
    ) -> Result<Committed, ExecutorError> {
        let _turns = self.turns(execution).await;
        let mut fresh = false;
        for _ in 0..ATTEMPTS {
            let mut decided = Decided {
                epoch: self.store.epoch(),
                ..Decided::default()
            };
            match self.attempt(execution, body_mac, fresh, &mut decided).await {
                // With an expected version the next look tells the current one and refuses.
                Err(ExecutorError::Append(AppendError::Conflict)) => fresh = true,
                // Decided on what this process remembers: it counts only when the log says the same.
                Err(ExecutorError::Refused(_) | ExecutorError::VersionMismatch { .. })
                    if decided.unread =>
                {
                    fresh = true;
                }
                result => return result,
            }
        }
        Err(ExecutorError::Contended)
    }

    /// Waits until no other command of this process works on the same aggregates. In one order for all: no two wait
    /// for each other.
    async fn turns(&self, execution: &Execution) -> Vec<Turn<Key>> {
        let mut keys: Vec<Key> = execution
            .steps
            .iter()
            .filter_map(|step| step.contended())
            .collect();
        keys.sort_unstable();
        keys.dedup();
        let mut turns = Vec::with_capacity(keys.len());
        for key in keys {
            turns.push(self.contended.turn(key).await);
        }
        turns
    }

    async fn attempt(
        &self,
        execution: &Execution,
        body_mac: Option<&[u8]>,
        fresh: bool,
        decided: &mut Decided,
    ) -> Result<Committed, ExecutorError> {
        let command_id = Uuid::now_v7();
        for step in &execution.steps {
            step.decide(&self.store, fresh, decided).await?;
        }
        let staged = std::mem::take(&mut decided.staged);
        if staged.is_empty() && decided.unread {
            // That nothing needs to change counts only when the log says the same.
            return Err(ExecutorError::Append(AppendError::Conflict));
        }
        if staged.is_empty() && execution.extras.is_empty() {
            // The repetition changes nothing either, whatever happens in between.
            if let Some(idempotency) = key_row(execution, command_id, body_mac) {
                let rows = Rows {
                    idempotency: Some(idempotency),
                    ..Rows::default()
                };
                let circumstances = (&execution.context, command_id);
                let appended =
                    self.store
                        .append(decided.epoch, circumstances, vec![], rows, vec![]);
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
        let rows = self.rows(execution, command_id, body_mac, keys).await?;
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

    async fn rows(
        &self,
        execution: &Execution,
        command_id: Uuid,
        body_mac: Option<&[u8]>,
        keys: Vec<crate::keys::NewKey>,
    ) -> Result<Rows, ExecutorError> {
        let ring = self.store.sealer().keys();
        let mut rows = Rows {
            keys,
            leases: execution
                .seat
                .iter()
                .map(|(run, seat)| seat.lease(*run))
                .collect(),
            ..Rows::default()
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

    /// The answer of an earlier request with the same key, rebuilt from its events.
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

/// The row by which a repetition of a command finds it.
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

fn committed(events: Vec<(Uuid, i64, Event)>, placed: Vec<Placed>) -> Committed {
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

/// A refusal, unless a version was expected that is not there; what may not be seen stays unseen either way.
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
