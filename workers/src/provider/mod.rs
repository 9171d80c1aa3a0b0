//! Providers: finds models by name, and checks whether providers respond.

mod catalogue;
mod check;
mod credentials;
mod embedding;
mod local;
mod ollama;
mod reranking;

pub use catalogue::Catalogue;
pub(crate) use check::request_check;
pub use check::{Checker, check_now, start_checking};
pub use embedding::EmbeddingModel;
pub use local::{is_model_server, start_local_discovery};
pub use reranking::RerankingModel;
