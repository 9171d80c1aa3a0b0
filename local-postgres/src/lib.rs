//! A private `PostgreSQL` cluster in a folder: found, initialised, started, adopted and stopped.
//!
//! Reading order: [`Cluster`] (locks and lifetime), `binaries` (which server), `server` (initdb, start, stop),
//! `identity` (which user runs it). Everything blocks; async callers use a blocking thread.

mod binaries;
mod cluster;
mod error;
mod identity;
mod lock;
mod server;

pub use binaries::{Binaries, SUPPORTED_MAJORS};
pub use cluster::{Cluster, Options};
pub use error::Error;
pub use identity::{Identity, current_user_name, service_identity};
pub use lock::FileLock;
