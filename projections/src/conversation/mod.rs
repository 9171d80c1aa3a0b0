//! Conversations and their messages.

mod projector;
pub mod queries;
mod view;

pub use projector::ConversationProjector;
pub use view::{ConversationView, MessageView};
