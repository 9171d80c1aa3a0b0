//! Documents of knowledge bases: added, processed into passages by a worker, replaced, deleted.

mod aggregate;
mod command;
mod error;
mod event;
mod left_out;
#[cfg(test)]
mod tests;
mod values;
mod vector;

pub use aggregate::Document;
pub use command::{DocumentCommand, Source};
pub use error::DocumentError;
pub use event::DocumentEvent;
pub use left_out::{LeftOut, LeftOutKind};
pub use values::{Embedded, Extent, FailureCode, Passage};
pub use vector::Vector;
