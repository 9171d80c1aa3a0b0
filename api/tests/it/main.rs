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
mod cases;
mod chatgpt;
mod conformance;
mod contract;
mod conversations;
mod credentials;
mod default_model;
mod dialects;
mod documents;
mod edge;
mod erasure;
mod examples;
mod export;
mod feature;
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
mod trash;
mod user_administration;
mod users;
mod walk;
mod wire;
mod workers;

/// The features, in the order in which the examples are recorded.
const FEATURES: &[&dyn feature::Feature] = &[
    &setup::Setup,
    &auth::Auth,
    &users::Users,
    &sessions::Sessions,
    &groups::Groups,
    &providers::Providers,
    &default_model::DefaultModel,
    &assistants::Assistants,
    &files::Files,
    &knowledge::Knowledge,
    &documents::Documents,
    &conversations::Conversations,
    &messages::Messages,
    &responses::Responses,
    &search::Search,
    &feed::Feed,
    &analytics::Analytics,
    &log::Log,
    &backups::Backups,
    &jobs::Jobs,
    &export::Export,
    &imports::Imports,
];
