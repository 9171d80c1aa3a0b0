//! Assistants.

mod projector;
pub mod queries;
pub mod versions;
mod view;

pub use projector::AssistantProjector;
pub(crate) use projector::visibility_name;
pub use view::AssistantView;
