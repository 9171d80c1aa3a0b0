//! Whole programs: the server, the command line, kills and restarts.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests say what went wrong by panicking"
)]

mod anchors;
mod attachments;
mod backup;
mod bombs;
mod bucket;
mod chat;
mod closed;
mod cluster;
mod commands;
mod compose;
mod crash;
mod documents;
mod elsewhere;
mod embedding;
mod forged;
mod hostile;
mod imports;
mod journeys;
mod mid_answer;
mod mistaken;
mod program;
mod providers;
mod report;
mod retrieval;
mod service;
mod services;
mod site;
mod standby;
mod structure;
mod tools;
