//! Integration tests on a real database and a real NATS server.

#![expect(
    clippy::disallowed_methods,
    reason = "tests create ids and start tasks where they need them"
)]
#![expect(unreachable_pub, reason = "nobody uses the items of a test")]
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
