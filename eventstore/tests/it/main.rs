//! The log on a real database.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests say what went wrong by panicking"
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
mod seats;
mod snapshot;
mod storm;
mod vectors;
mod verify;
