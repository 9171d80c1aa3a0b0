//! Knowledge bases, and retrieval of their passages.

mod embedder;
pub mod fusion;
mod matches;
mod projector;
pub mod queries;
mod question;
mod reranker;
pub mod retrieval;
mod sample;
mod view;
mod words;

pub use embedder::{EmbedError, Embedder};
pub use projector::KnowledgeProjector;
pub use question::detect_word_averaging;
pub use reranker::Reranker;
pub use view::{KnowledgeBaseView, KnowledgeVisibility};
