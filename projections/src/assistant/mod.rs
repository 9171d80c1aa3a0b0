//! Assistants.

mod projector;
pub mod queries;
pub mod versions;
mod view;

pub use projector::AssistantProjector;
pub use view::AssistantView;
