//! The event log: the only code that touches `events` and the tables written in the same transaction.
//!
//! Reading order: [`log`] (rows of the log), [`chain`] (digests), [`vault`] and [`keys`] (sealing), [`codec`] (events
//! to rows and back), [`append`] (the writer task), [`store`] (loading aggregates), [`executor`] (commands), [`feed`]
//! (following), [`live`] (deltas of running answers), [`nats`] (other processes), [`verify`] and [`anchors`] (tamper
//! detection), [`backup`].

pub mod anchors;
pub mod append;
pub mod backup;
mod cache;
pub mod chain;
pub mod erasure;
pub mod executor;
pub mod feed;
pub mod files;
pub mod idempotency;
mod key_wrapper;
mod keyed_locks;
pub mod keys;
pub mod leader;
pub mod leases;
pub mod live;
pub mod log;
pub mod nats;
mod outage;
mod outcome;
pub mod partial_answers;
pub mod reply_slots;
mod snapshot;
pub mod store;
pub mod supervisor;
mod tail;
pub mod transient;
pub mod typing;
pub mod vault;
pub mod verify;

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
pub use reply_slots::ReplySlots;
pub use supervisor::{Health, Supervisor};
pub use transient::{Backoff, Transient};
