//! Uploaded files: owner, name, media type, size and digest. The bytes are stored elsewhere.

mod aggregate;
mod commands;
mod error;
mod event;
#[cfg(test)]
mod tests;
mod values;

pub use aggregate::File;
pub use commands::*;
pub use error::FileError;
pub use event::FileEvent;
pub use values::{MediaType, file_name};
