//! Integration tests of the event log on a real database.

#![expect(
    clippy::disallowed_methods,
    reason = "tests create ids and start tasks where they need them"
)]
#![expect(
    clippy::too_many_lines,
    reason = "a test tells one story from its start to its end"
)]
#![expect(unreachable_pub, reason = "nobody uses the items of a test")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests report failures by panicking"
)]

mod append;
mod backup;
mod cut;
mod executor;
mod failover;
mod fixture;
mod keys;
mod snapshot;
mod storm;
mod vectors;
mod verify;
