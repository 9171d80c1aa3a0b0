//! Integration tests on a real database and a real NATS server.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests report failures by panicking"
)]

#[path = "../../../eventstore/tests/it/fixture.rs"]
#[expect(dead_code, reason = "the tests of the event log use more of it")]
mod fixture;
mod forged;
mod nats;
mod reply_slots;
