//! The client against a server that answers with prepared responses.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod requests;
mod server;
mod sessions;
mod streams;
