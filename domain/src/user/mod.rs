//! People who use the installation.

mod aggregate;
mod command;
mod error;
mod event;
#[cfg(test)]
mod tests;
mod values;

pub use aggregate::User;
pub use command::UserCommand;
pub use error::UserError;
pub use event::UserEvent;
pub use values::{Language, Origin, Preferences, PreferencesChange, Role, SessionEnd, Theme};
