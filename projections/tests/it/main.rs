//! Views on a real database: what the projectors write, rebuilt and live, and what they park.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests say what went wrong by panicking"
)]

mod backup_tables;
mod fixture;
mod histories;
mod languages;
mod parking;
mod rebuilding;
mod retrieval;
mod search;
mod users;
