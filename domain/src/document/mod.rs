//! Documents of knowledge bases. Workers extract their text and split it into passages.

mod aggregate;
mod command;
mod error;
mod event;
mod omission;
#[cfg(test)]
mod tests;
mod values;
mod vector;

pub use aggregate::Document;
pub use command::{DocumentCommand, SourceFile};
pub use error::DocumentError;
pub use event::DocumentEvent;
pub use omission::{Omission, OmissionKind};
pub use values::{Extent, FailureCode, Passage, PassageVector};
pub use vector::Vector;
