//! Model providers: their address, API key, health and models.

mod aggregate;
mod commands;
mod error;
mod event;
#[cfg(test)]
mod fixture;
mod values;

pub use aggregate::Provider;
pub use commands::*;
pub use error::ProviderError;
pub use event::ProviderEvent;
pub use values::{CheckFault, Endpoint, Health, ListedModel, LocalServer, ProviderKind};
