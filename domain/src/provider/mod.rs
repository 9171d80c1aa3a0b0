//! Model providers: their address, API key, health and models.

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
