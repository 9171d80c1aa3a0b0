//! Runs. The projector of conversations writes their rows, in order with those of the conversation.

pub mod grounding;
mod projector;
pub mod prompt;
pub mod queries;
mod view;

pub(crate) use projector::apply_response;
pub(crate) use view::select_responses;
pub use view::{ResponseStatus, ResponseView};
