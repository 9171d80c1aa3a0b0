//! Conversations and their messages.

pub mod export;
mod projector;
pub mod queries;
mod rows;
mod view;

pub use projector::ConversationProjector;
pub(crate) use rows::BatchRows;
pub use view::{ConversationView, MessageRole, MessageStatus, MessageView};
