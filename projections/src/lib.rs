//! Read models: projectors write them from the log, queries read them. Queries are free functions: pool in, view out.
//!
//! Reading order: [`projector`] (how events become rows), [`progress`] (waiting for them), then one folder per feature.
//! `user::credentials`, `user::sessions` and [`job`] are ordinary tables, never rebuilt; [`backup_tables`] lists them for backups.

#![warn(clippy::wildcard_enum_match_arm)]

pub mod analytics;
pub mod assistant;
pub mod backup_tables;
pub mod command_write;
pub mod conversation;
mod counts;
pub mod document;
pub mod file;
pub mod group;
pub mod job;
pub mod knowledge;
pub mod lag;
pub mod page;
pub mod portable;
pub mod progress;
pub mod projector;
pub mod provider;
pub mod rebuild;
pub mod response;
pub mod scopes;
pub mod search;
mod statement;
pub mod user;

pub use page::Page;
pub use progress::{Progress, WrittenPositions};
pub use projector::{EventSource, Projector};

/// All projectors.
pub fn projectors() -> Vec<Box<dyn Projector>> {
    vec![
        Box::new(user::UserProjector),
        Box::new(group::GroupProjector),
        Box::new(assistant::AssistantProjector),
        Box::new(conversation::ConversationProjector),
        Box::new(provider::ProviderProjector),
        Box::new(file::FileProjector),
        Box::new(knowledge::KnowledgeProjector),
        Box::new(document::DocumentProjector),
    ]
}
