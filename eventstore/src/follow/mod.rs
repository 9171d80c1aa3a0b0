//! Following the log: the feed of this process, its recent events in memory, and NATS between processes.

pub mod feed;
mod log_end;
pub mod nats;
mod tail;

pub use log_end::CommitNotifier;
pub(crate) use log_end::LogEnd;
