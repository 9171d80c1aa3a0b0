//! Knowledge bases, and finding passages in them.

mod embedder;
pub mod fusion;
mod projector;
pub mod queries;
pub mod retrieval;
mod view;

pub use embedder::{EmbedError, Embedder};
pub use projector::KnowledgeProjector;
pub use view::KnowledgeBaseView;
