//! Commands: aggregates are loaded, decide, and their events are sealed and appended.

mod cache;
mod context;
mod error;
mod execution;
mod executor;
pub mod idempotency;
mod keyed_locks;
mod loaded;
mod sealer;
mod snapshot;
mod step;
pub mod store;

pub use context::{Actor, ActorKind, Context, Via};
pub use error::ExecutorError;
pub use execution::{Committed, CommittedEvent, Execution, StartedRun};
pub use executor::Executor;
pub use loaded::{LoadedAggregate, StagedEvent};
pub use sealer::{EventSealer, SealError};
pub use step::{Decisions, Step, step, step_on_new};
