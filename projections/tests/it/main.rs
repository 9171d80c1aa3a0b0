//! Views on a real database: what the projectors write, rebuilt and live, and what they park.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests say what went wrong by panicking"
)]

mod fixture;
mod histories;
mod kept;
mod languages;
mod parking;
mod rebuilding;
mod retrieval;
mod search;
mod users;
