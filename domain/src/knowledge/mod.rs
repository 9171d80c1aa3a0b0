//! Knowledge bases: collections of documents that assistants search to answer questions.

mod aggregate;
mod commands;
mod error;
mod event;
#[cfg(test)]
mod tests;
mod values;

pub use aggregate::KnowledgeBase;
pub use commands::*;
pub use error::KnowledgeError;
pub use event::KnowledgeEvent;
pub use values::{Chunking, Description, Readers};
