//! Groups: people whom managers put together, so that something can be shared with all of them at once.

mod aggregate;
mod command;
mod error;
mod event;
#[cfg(test)]
mod tests;
mod values;

pub use aggregate::Group;
pub use command::GroupCommand;
pub use error::GroupError;
pub use event::GroupEvent;
pub use values::Naming;
