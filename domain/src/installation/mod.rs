//! What holds for the whole installation and is changed while it runs.

mod aggregate;
mod command;
mod error;
mod event;
#[cfg(test)]
mod tests;

pub use aggregate::Installation;
pub use command::InstallationCommand;
pub use error::InstallationError;
pub use event::InstallationEvent;
