//! Providers of models: where they are asked, with which key, and which models they have told of.

mod aggregate;
mod command;
mod error;
mod event;
#[cfg(test)]
mod tests;
mod values;

pub use aggregate::Provider;
pub use command::ProviderCommand;
pub use error::ProviderError;
pub use event::ProviderEvent;
pub use values::{CheckFault, Endpoint, Health, ListedModel, LocalServer, ProviderKind};
