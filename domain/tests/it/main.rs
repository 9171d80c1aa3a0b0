//! The stored form of events, which must remain readable for ever: schemas and golden files.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod golden;
mod schemas;
