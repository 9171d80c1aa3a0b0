//! What may happen, and why not: aggregates, commands, events and refusals.
//!
//! Pure: no I/O, no clock, no randomness; times and ids come in with the command. Reading order: [`personal`] (text
//! that the log seals), [`recorded`] (what an aggregate tells the log), [`refusal`], then one folder per feature.

pub mod assistant;
pub mod conversation;
pub mod document;
pub mod egress;
pub mod file;
pub mod group;
pub mod installation;
pub mod knowledge;
pub mod manual;
pub mod model;
pub mod personal;
pub mod provider;
pub mod recorded;
pub mod refusal;
pub mod response;
pub mod text;
pub mod user;

pub use personal::{Personal, Sealed, Subject};
pub use recorded::{Event, Recorded};
pub use refusal::{Refusal, RefusalKind};
