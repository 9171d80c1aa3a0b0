//! Turns events into rows. A projector applies the log in order and saves its checkpoint in the transaction of its rows.
//!
//! Reading order: [`Projector`] and the [`projector!`] macro that declares one, [`mod@advance`] (the driver), `batch` (applying
//! events), [`parking`] (events that cannot be applied) and [`retry`], `checkpoint`.

mod advance;
mod batch;
mod checkpoint;
pub mod parking;
mod retry;

use eventstore::log::OpenedEvent;
use eventstore::{Feed, Keys, Log};
use futures_util::future::BoxFuture;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

pub use advance::{Advance, advance, advance_together, analyze_tables, needs_analyze};
pub use batch::is_lock_timeout;
pub(crate) use batch::{Batch, apply_or_park, read_batch};
pub(crate) use checkpoint::{lock, save_checkpoint};
pub use retry::{RetryOutcome, retry_parked};

/// Turns events into rows of its own tables.
pub trait Projector: Send + Sync {
    fn name(&self) -> &'static str;
    /// Raised when the rows would be different; the view is then rebuilt at the next start.
    fn version(&self) -> i32;
    fn tables(&self) -> &'static [&'static str];
    /// The types of aggregates whose events it applies.
    fn aggregates(&self) -> &'static [&'static str];
    /// Applies events of these aggregates in order. The rows must not depend on how events are split into batches.
    fn apply<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        events: &'a [&'a OpenedEvent],
    ) -> BoxFuture<'a, Result<(), ApplyError>>;

    /// Whether it applies the events of a type of aggregate.
    fn handles(&self, aggregate_type: &str) -> bool {
        self.aggregates().contains(&aggregate_type)
    }
}

/// Why events could not be applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    #[error("{0} {1} does not exist")]
    Missing(&'static str, Uuid),
    #[error("the projector panicked: {0}")]
    Panicked(String),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// The sources of events.
#[derive(Debug, Clone)]
pub struct EventSource {
    pub pool: PgPool,
    pub log: Log,
    pub keys: Keys,
    pub feed: Feed,
}

/// Declares a projector: its view, and for each aggregate the function that applies one of its events.
macro_rules! projector {
    (
        $projector:ident { name: $name:literal, version: $version:expr, tables: $tables:expr }
        $($event:ty => $apply:path),+ $(,)?
    ) => {
        #[derive(Debug)]
        pub struct $projector;

        impl $crate::projector::Projector for $projector {
            fn name(&self) -> &'static str {
                $name
            }

            fn version(&self) -> i32 {
                $version
            }

            fn tables(&self) -> &'static [&'static str] {
                &$tables
            }

            fn aggregates(&self) -> &'static [&'static str] {
                &[$(<$event as domain::AggregateEvent>::AGGREGATE_TYPE),+]
            }

            fn apply<'a>(
                &'a self,
                connection: &'a mut sqlx::PgConnection,
                events: &'a [&'a eventstore::log::OpenedEvent],
            ) -> futures_util::future::BoxFuture<'a, Result<(), $crate::projector::ApplyError>> {
                Box::pin(async move {
                    for opened in events {
                        $(if let Some(event) = <$event as domain::AggregateEvent>::from_event(&opened.event) {
                            $apply(&mut *connection, opened, event).await?;
                        })+
                    }
                    Ok(())
                })
            }
        }
    };
}

pub(crate) use projector;
