//! Conversations: trees of messages with one owner.

mod aggregate;
mod commands;
mod error;
mod event;
#[cfg(test)]
mod fixture;
mod message;
#[cfg(test)]
mod properties;
mod title;

pub use aggregate::Conversation;
pub use commands::*;
pub use error::ConversationError;
pub use event::{ConversationEvent, ImportSource, ImportedRole, Rating};
pub use title::title_from_question;
