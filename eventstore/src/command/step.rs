//! One aggregate's part of a command, with the aggregate's type erased.

use std::collections::HashMap;

use cqrs_es::event_sink::EventSink;
use domain::{Command, Event, Refusal, RefusalKind, StoredAggregate};
use futures_util::future::BoxFuture;
use uuid::Uuid;

use super::cache::{AggregateKey, CachedAggregate};
use super::error::ExecutorError;
use super::loaded::{LoadedAggregate, StagedEvent};
use super::store::Store;
use crate::seal::keys::{KeyError, NewKey};

/// The decisions of the steps of a command so far.
#[derive(Default)]
pub struct Decisions {
    /// Aggregates after earlier steps of the same command.
    pub(crate) loaded: HashMap<AggregateKey, CachedAggregate>,
    /// Whether any of them came from the cache instead of the log.
    pub(crate) from_cache: bool,
    /// The epoch of the log before the first read.
    pub(crate) epoch: u64,
    pub staged: Vec<StagedEvent>,
    pub keys: Vec<NewKey>,
    /// The readable events with their aggregate and the version after them.
    pub events: Vec<(Uuid, i64, Event)>,
}

/// One aggregate's part of a command.
pub trait Step: Send + Sync {
    /// Loads the aggregate (only from the log if `fresh`) and handles the command.
    fn decide<'a>(
        &'a self,
        store: &'a Store,
        fresh: bool,
        decided: &'a mut Decisions,
    ) -> BoxFuture<'a, Result<(), ExecutorError>>;

    /// The aggregate to lock; `None` for a new one.
    fn lock_key(&self) -> Option<(&'static str, Uuid)>;

    /// Whether the caller expects a version.
    fn expects_version(&self) -> bool;
}

/// Creates a step: a command for an aggregate, optionally at an expected version.
pub fn step<A: StoredAggregate>(
    id: Uuid,
    expected: Option<i64>,
    command: impl Command<A>,
) -> Box<dyn Step> {
    Box::new(TypedStep::<A> {
        id,
        is_new: false,
        expected,
        command: command.into(),
    })
}

/// Creates a step on a new aggregate: there is nothing to load.
pub fn step_on_new<A: StoredAggregate>(id: Uuid, command: impl Command<A>) -> Box<dyn Step> {
    Box::new(TypedStep::<A> {
        id,
        is_new: true,
        expected: None,
        command: command.into(),
    })
}

struct TypedStep<A: StoredAggregate> {
    id: Uuid,
    is_new: bool,
    expected: Option<i64>,
    command: A::Command,
}

impl<A: StoredAggregate> Step for TypedStep<A> {
    fn decide<'a>(
        &'a self,
        store: &'a Store,
        fresh: bool,
        decided: &'a mut Decisions,
    ) -> BoxFuture<'a, Result<(), ExecutorError>> {
        Box::pin(async move {
            let mut loaded = self.load(store, fresh, decided).await?;
            let sink = EventSink::default();
            let outcome = loaded
                .aggregate
                .handle(self.command.clone(), &(), &sink)
                .await;
            let refusal = outcome
                .err()
                .map(|error| Box::new(error) as Box<dyn Refusal>);
            refusal_or_mismatch(refusal, self.expected, loaded.version)?;
            let events = sink.collect().await;
            let staged = loaded
                .stage(&events, store.clock())
                .map_err(|error| ExecutorError::Unexpected(error.to_string()))?;
            if !staged.is_empty() {
                let keys = store
                    .sealer()
                    .create_keys(&loaded)
                    .map_err(KeyError::Vault)?;
                decided.keys.extend(keys);
            }
            let versions = loaded.version + 1..;
            decided.events.extend(
                versions
                    .zip(events)
                    .map(|(version, event)| (self.id, version, event.into())),
            );
            loaded.version = staged.last().map_or(loaded.version, |last| last.sequence);
            decided.staged.extend(staged);
            let weight = loaded.aggregate.weight();
            decided
                .loaded
                .insert((A::TYPE, self.id), (Box::new(loaded), weight));
            Ok(())
        })
    }

    fn lock_key(&self) -> Option<(&'static str, Uuid)> {
        (!self.is_new).then_some((A::TYPE, self.id))
    }

    fn expects_version(&self) -> bool {
        self.expected.is_some()
    }
}

impl<A: StoredAggregate> TypedStep<A> {
    /// Loads the aggregate from an earlier step of the same command, the cache, or the log.
    async fn load(
        &self,
        store: &Store,
        fresh: bool,
        decided: &mut Decisions,
    ) -> Result<LoadedAggregate<A>, ExecutorError> {
        let earlier = decided.loaded.remove(&(A::TYPE, self.id));
        if let Some(loaded) = earlier.and_then(|(loaded, _)| loaded.downcast().ok()) {
            return Ok(*loaded);
        }
        if !fresh {
            let known = if self.is_new {
                Some(LoadedAggregate::empty(self.id))
            } else {
                store.take_cached(decided.epoch, self.id)
            };
            if let Some(loaded) = known {
                decided.from_cache = true;
                return Ok(loaded);
            }
        }
        Ok(store.load(self.id).await?)
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
