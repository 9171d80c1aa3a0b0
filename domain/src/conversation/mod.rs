//! Conversations: trees of messages with one owner.

mod aggregate;
mod command;
mod error;
mod event;
mod import;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
mod title;

pub use aggregate::Conversation;
pub use command::{ConversationCommand, ImportedConversation, ImportedMessage, Parent};
pub use error::ConversationError;
pub use event::{ConversationEvent, ImportSource, ImportedRole, Rating};
pub use title::title_from_question;
