//! Assistants.

mod projector;
pub mod queries;
mod view;

pub use projector::AssistantProjector;
pub use view::AssistantView;
