//! Documents of knowledge bases. Workers extract their text and split it into passages.

mod aggregate;
mod commands;
mod error;
mod event;
#[cfg(test)]
mod fixture;
mod omission;
mod values;
mod vector;

pub use aggregate::Document;
pub use commands::*;
pub use error::DocumentError;
pub use event::DocumentEvent;
pub use omission::{Omission, OmissionKind};
pub use values::{Extent, FailureCode, Passage, PassageVector};
pub use vector::Vector;
