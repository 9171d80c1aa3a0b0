//! Read models on a real database: live and rebuilt views, parking, search and retrieval.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod backup_tables;
mod fixture;
mod histories;
mod languages;
mod parking;
mod rebuilding;
mod retrieval;
mod search;
mod users;
mod versions;
