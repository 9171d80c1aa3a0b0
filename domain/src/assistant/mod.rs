//! Assistants: a name, instructions, a model and knowledge to answer with.

mod aggregate;
mod commands;
mod error;
mod event;
#[cfg(test)]
mod tests;
mod values;

pub use aggregate::Assistant;
pub use commands::*;
pub use error::AssistantError;
pub use event::AssistantEvent;
pub use values::{Configuration, Status, Visibility};
