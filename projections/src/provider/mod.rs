//! Providers and their models.

mod projector;
pub mod queries;
mod view;

pub use projector::ProviderProjector;
pub use view::{DefaultModel, ModelView, ProviderView};
