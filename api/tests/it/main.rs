//! Tests of the HTTP API over real sockets and a real database, with projectors and a responder.

#![expect(
    clippy::disallowed_methods,
    reason = "tests create ids and start tasks where they need them"
)]
#![expect(
    clippy::too_many_lines,
    reason = "a test tells one story from its start to its end"
)]
#![expect(unreachable_pub, reason = "nobody uses the items of a test")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests report failures by panicking"
)]

mod admin;
mod analytics;
mod assistants;
mod auth;
mod backups;
mod chatgpt;
mod conformance;
mod contract;
mod conversations;
mod default_model;
mod dialects;
mod edge;
mod erasure;
mod examples;
mod export;
mod feed;
mod feedback;
mod files;
mod first_messages;
mod floods;
mod groups;
mod guesses;
mod hosts;
mod idempotency;
mod imports;
mod inputs;
mod jobs;
mod knowledge;
mod languages;
mod lenient;
mod limits;
mod listings;
mod log;
mod lost_end;
mod messages;
mod models;
mod operators;
mod outage;
mod outages;
mod parts;
mod patches;
mod prompts;
mod providers;
mod refusals;
mod repetition;
mod responses;
mod rights;
mod search;
mod sessions;
mod setup;
mod sockets;
mod streams;
mod test_app;
mod titles;
mod user_administration;
mod users;
mod walk;
mod wire;
mod workers;
mod writes;
