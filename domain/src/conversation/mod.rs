//! Conversations: trees of messages.

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
pub use event::{ConversationEvent, Rating, Said, Source};
pub use title::title_of;
