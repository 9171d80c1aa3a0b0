//! Tests of the whole program: the server, the command line, kills and restarts.

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
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod anchors;
mod attachments;
mod backup;
mod bus_intruder;
mod chat;
mod cluster;
mod command_lines;
mod commands;
mod compose;
mod crash;
mod documents;
mod embedding;
mod failover;
mod hostile_documents;
mod import_bombs;
mod imports;
mod journeys;
mod mid_answer;
mod permissions;
mod program;
mod providers;
mod remote;
mod retrieval;
mod s3;
mod service;
mod services;
mod site;
mod structure;
mod tools;
mod wrong_database;
