//! Conversations: trees of messages.

mod aggregate;
mod command;
mod error;
mod event;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use aggregate::Conversation;
pub use command::{ConversationCommand, Parent};
pub use error::ConversationError;
pub use event::{ConversationEvent, Rating};
