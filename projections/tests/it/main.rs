//! Read models on a real database: live and rebuilt views, parking, search and retrieval.

#![expect(
    clippy::disallowed_methods,
    reason = "tests create ids and start tasks where they need them"
)]
#![expect(
    clippy::too_many_lines,
    reason = "a test tells one story from its start to its end"
)]
#![expect(unreachable_pub, reason = "nobody uses the items of a test")]
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
