//! What a command asks of one aggregate, with the aggregate's type left out.

use std::collections::HashMap;

use cqrs_es::event_sink::EventSink;
use domain::{Event, Recorded, Refusal};
use futures_util::future::BoxFuture;
use uuid::Uuid;

use super::{ExecutorError, refusal_or_mismatch};
use crate::cache::{Kept, Key};
use crate::keys::{KeyError, NewKey};
use crate::store::{Loaded, Staged, Store};

/// What the steps of a command have decided so far.
#[derive(Default)]
pub struct Decided {
    /// Aggregates as earlier steps of the same command have left them.
    pub(crate) loaded: HashMap<Key, Kept>,
    /// Whether any of them was decided on without a look at the log.
    pub(crate) unread: bool,
    /// Of the log, from before anything of it was read.
    pub(crate) epoch: u64,
    pub staged: Vec<Staged>,
    pub keys: Vec<NewKey>,
    /// The readable events with their aggregate and the version after them.
    pub events: Vec<(Uuid, i64, Event)>,
}

/// One aggregate's part of a command.
pub trait Step: Send + Sync {
    /// Loads the aggregate, from the log alone when `fresh`, and lets it decide.
    fn decide<'a>(
        &'a self,
        store: &'a Store,
        fresh: bool,
        decided: &'a mut Decided,
    ) -> BoxFuture<'a, Result<(), ExecutorError>>;

    /// The aggregate, where it may exist already: commands on it take turns.
    fn contended(&self) -> Option<(&'static str, Uuid)>;

    /// Whether the caller named the version that it knows.
    fn expects_version(&self) -> bool;
}

/// A step: a command for an aggregate, at a version that the caller expects, where it does.
pub fn step<A: Recorded + 'static>(
    id: Uuid,
    expected: Option<i64>,
    command: A::Command,
) -> Box<dyn Step> {
    Box::new(Typed::<A> {
        id,
        is_new: false,
        expected,
        command,
    })
}

/// A step on an aggregate with a fresh id: there is nothing to load.
pub fn step_on_new<A: Recorded + 'static>(id: Uuid, command: A::Command) -> Box<dyn Step> {
    Box::new(Typed::<A> {
        id,
        is_new: true,
        expected: None,
        command,
    })
}

struct Typed<A: Recorded> {
    id: Uuid,
    is_new: bool,
    expected: Option<i64>,
    command: A::Command,
}

impl<A: Recorded + 'static> Step for Typed<A> {
    fn decide<'a>(
        &'a self,
        store: &'a Store,
        fresh: bool,
        decided: &'a mut Decided,
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
            let staged = Store::stage(&loaded, &events)
                .map_err(|error| ExecutorError::Unexpected(error.to_string()))?;
            if !staged.is_empty() {
                let keys = store.sealer().new_keys(&loaded).map_err(KeyError::Vault)?;
                decided.keys.extend(keys);
            }
            let versions = loaded.version + 1..;
            decided.events.extend(
                versions
                    .zip(events)
                    .map(|(version, event)| (self.id, version, A::event(event))),
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

    fn contended(&self) -> Option<(&'static str, Uuid)> {
        (!self.is_new).then_some((A::TYPE, self.id))
    }

    fn expects_version(&self) -> bool {
        self.expected.is_some()
    }
}

impl<A: Recorded + 'static> Typed<A> {
    /// As an earlier step of the same command has left it, else from the cache, else from the log.
    async fn load(
        &self,
        store: &Store,
        fresh: bool,
        decided: &mut Decided,
    ) -> Result<Loaded<A>, ExecutorError> {
        let earlier = decided.loaded.remove(&(A::TYPE, self.id));
        if let Some(loaded) = earlier.and_then(|(loaded, _)| loaded.downcast().ok()) {
            return Ok(*loaded);
        }
        if !fresh {
            let known = if self.is_new {
                Some(Loaded::nothing(self.id))
            } else {
                store.take(decided.epoch, self.id)
            };
            if let Some(loaded) = known {
                decided.unread = true;
                return Ok(loaded);
            }
        }
        Ok(store.load(self.id).await?)
    }
}
