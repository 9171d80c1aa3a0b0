//! The client against a server that answers with prepared responses.

#![expect(
    clippy::disallowed_methods,
    reason = "tests create ids and start tasks where they need them"
)]
#![expect(unreachable_pub, reason = "nobody uses the items of a test")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod requests;
mod server;
mod sessions;
mod streams;
