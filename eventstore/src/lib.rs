//! The log: the only code that touches `events`, and the tables that an append writes beside them.
//!
//! Reading order: [`log`] (what lies in it), [`chain`] (digests), [`vault`] and [`keys`] (sealing), [`codec`] (events to
//! rows and back), [`append`] (the one writer), [`store`] (loading aggregates), [`executor`] (commands), [`feed`]
//! (following), [`live`] (what is never stored), [`nats`] (other processes), [`verify`] and [`anchors`] (that nobody changed
//! it), [`backup`] (all of it elsewhere).

pub mod anchors;
pub mod append;
pub mod backup;
mod cache;
pub mod chain;
pub mod codec;
pub mod erasure;
pub mod executor;
pub mod feed;
pub mod files;
pub mod idempotency;
pub mod keys;
pub mod leader;
pub mod leases;
pub mod live;
pub mod log;
pub mod nats;
mod outage;
mod outcome;
pub mod partials;
pub mod seats;
mod snapshot;
pub mod store;
pub mod supervise;
mod tail;
pub mod transient;
mod turns;
pub mod typing;
pub mod vault;
pub mod verify;
mod wrapping;

use sqlx::migrate::Migrator;

/// The schema, embedded.
pub static MIGRATIONS: Migrator = sqlx::migrate!("../migrations");

pub use append::{AppendError, Writer};
pub use executor::{Committed, Execution, Executor, ExecutorError};
pub use feed::Feed;
pub use files::Files;
pub use keys::{Keys, MasterKey};
pub use leases::{Lease, Leases};
pub use live::Live;
pub use log::{Log, RecordedEvent};
pub use nats::Nats;
pub use outage::Outage;
pub use seats::Seats;
pub use supervise::{Health, Supervisor};
pub use transient::{Backoff, Transient};
