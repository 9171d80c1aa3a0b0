//! The domain model: aggregates, their commands and events, and the reasons for refusing a command.
//!
//! Pure: no I/O, no clock, no randomness; times and ids are arguments of commands. Reading order: [`personal`] (text
//! that the log seals), [`event`] (how aggregates are stored), the register below (which there are), [`codec`] (how events
//! are stored), [`command`], [`refusal`], then one folder per feature.

pub mod assistant;
pub mod codec;
pub mod command;
pub mod conversation;
pub mod document;
pub mod egress;
pub mod event;
pub mod file;
pub mod group;
pub mod installation;
pub mod knowledge;
pub mod manual;
pub mod model;
pub mod personal;
pub mod provider;
pub mod refusal;
mod register;
pub mod response;
pub mod text;
pub mod user;

pub use command::Command;
pub use event::{Erasable, StoredAggregate};
pub use personal::{Personal, Sealed, Subject};
pub use refusal::{Refusal, RefusalKind};
pub use register::{AggregateEvent, EndingVisitor};

// The register of aggregates: the variant of `Event`, the type, and whether it is `Erasable`.
register::register! {
    User: user::User, erasable;
    Assistant: assistant::Assistant, erasable;
    Conversation: conversation::Conversation, erasable;
    Response: response::Response;
    Provider: provider::Provider;
    File: file::File, erasable;
    Knowledge: knowledge::KnowledgeBase, erasable;
    Document: document::Document, erasable;
    Group: group::Group, erasable;
    Installation: installation::Installation;
}
