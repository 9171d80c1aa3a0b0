//! Groups of users, with whom knowledge bases can be shared.

mod aggregate;
mod commands;
mod error;
mod event;
#[cfg(test)]
mod tests;
mod values;

pub use aggregate::Group;
pub use commands::*;
pub use error::GroupError;
pub use event::GroupEvent;
pub use values::GroupDetails;
