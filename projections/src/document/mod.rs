//! Documents of knowledge bases and their passages.

pub mod embedding;
mod forms;
pub mod passages;
mod projector;
pub mod queries;
mod rows;
mod vector_rows;
mod view;

pub use passages::PassageView;
pub use projector::DocumentProjector;
pub use view::{DocumentStatus, DocumentView, PendingDocument};
