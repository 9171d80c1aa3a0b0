//! What a command asks of one aggregate, with the aggregate's type left out.

use std::any::Any;
use std::collections::HashMap;

use cqrs_es::event_sink::EventSink;
use domain::{Event, Recorded, Refusal};
use futures_util::future::BoxFuture;
use uuid::Uuid;

use super::{ExecutorError, refusal_or_mismatch};
use crate::keys::{KeyError, NewKey};
use crate::store::{Loaded, Staged, Store};

/// What the steps of a command have decided so far.
#[derive(Default)]
pub struct Decided {
    /// Aggregates as earlier steps of the same command have left them, by type and id.
    loaded: HashMap<(&'static str, Uuid), Box<dyn Any + Send>>,
    pub staged: Vec<Staged>,
    pub keys: Vec<NewKey>,
    /// The readable events with their aggregate and the version after them.
    pub events: Vec<(Uuid, i64, Event)>,
}

/// One aggregate's part of a command.
pub trait Step: Send + Sync {
    /// Loads the aggregate and lets it decide.
    fn decide<'a>(
        &'a self,
        store: &'a Store,
        decided: &'a mut Decided,
    ) -> BoxFuture<'a, Result<(), ExecutorError>>;

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
        expected,
        command,
    })
}

struct Typed<A: Recorded> {
    id: Uuid,
    expected: Option<i64>,
    command: A::Command,
}

impl<A: Recorded + 'static> Step for Typed<A> {
    fn decide<'a>(
        &'a self,
        store: &'a Store,
        decided: &'a mut Decided,
    ) -> BoxFuture<'a, Result<(), ExecutorError>> {
        Box::pin(async move {
            let earlier = decided.loaded.remove(&(A::TYPE, self.id));
            let mut loaded = match earlier.and_then(|loaded| loaded.downcast::<Loaded<A>>().ok()) {
                Some(loaded) => *loaded,
                None => store.load::<A>(self.id).await?,
            };
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
            decided.loaded.insert((A::TYPE, self.id), Box::new(loaded));
            Ok(())
        })
    }

    fn expects_version(&self) -> bool {
        self.expected.is_some()
    }
}
