//! The form in which events lie in logs: schemas and golden files, for ever readable.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests say what went wrong by panicking"
)]

mod golden;
mod schemas;
