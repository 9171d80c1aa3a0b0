//! Runs. Their rows are written in order with those of their conversation, by its projector.

pub mod grounding;
mod projector;
pub mod prompt;
pub mod queries;
mod view;

pub(crate) use projector::apply_response;
pub use view::ResponseView;
