//! Settings of the whole installation that can change at run time.

mod aggregate;
mod commands;
mod error;
mod event;
#[cfg(test)]
mod tests;

pub use aggregate::Installation;
pub use commands::*;
pub use error::InstallationError;
pub use event::InstallationEvent;
