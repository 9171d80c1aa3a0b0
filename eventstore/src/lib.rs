//! The event log: the only code that touches `events` and the tables written in the same transaction.
//!
//! Rooms, in reading order: [`log`] (rows, chain of digests, verification), [`seal`] (keys and sealing), [`append`] (the
//! writer task), [`command`] (loading aggregates and executing commands), [`follow`] (readers of the log, NATS),
//! [`files`], [`anchors`] (tamper detection), [`backup`]. [`clock`] is where the process gets time and ids; [`supervisor`],
//! [`outage`] and [`transient`] keep long-running tasks alive.

#![cfg_attr(
    test,
    expect(
        clippy::disallowed_methods,
        reason = "tests create ids and start tasks where they need them"
    )
)]

pub mod anchors;
pub mod append;
pub mod backup;
pub mod clock;
pub mod command;
pub mod files;
pub mod follow;
pub mod log;
pub mod outage;
pub mod seal;
pub mod supervisor;
pub mod transient;

use sqlx::migrate::Migrator;

/// The schema, embedded.
pub static MIGRATIONS: Migrator = sqlx::migrate!("../migrations");

pub use append::{AppendError, Writer};
pub use clock::Clock;
pub use command::{Committed, Execution, Executor, ExecutorError};
pub use files::Files;
pub use follow::feed::Feed;
pub use follow::nats::Nats;
pub use log::{Log, RecordedEvent};
pub use outage::Outage;
pub use seal::keys::{Keys, MasterKey};
pub use supervisor::{Health, Supervisor};
pub use transient::{Backoff, Transient};
