//! People who use the installation.

mod aggregate;
mod commands;
mod error;
mod event;
#[cfg(test)]
mod fixture;
mod values;

pub use aggregate::User;
pub use commands::*;
pub use error::UserError;
pub use event::UserEvent;
pub use values::{Language, Origin, Preferences, PreferencesChange, Role, SessionEnd, Theme};
