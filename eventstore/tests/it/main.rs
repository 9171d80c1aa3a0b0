//! Integration tests of the event log on a real database.

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
mod forged;
mod keys;
mod nats;
mod reply_slots;
mod snapshot;
mod storm;
mod vectors;
mod verify;
