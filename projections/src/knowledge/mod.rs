//! Knowledge bases, and finding passages in them.

mod projector;
pub mod queries;
pub mod retrieval;
mod view;

pub use projector::KnowledgeProjector;
pub use view::KnowledgeBaseView;
