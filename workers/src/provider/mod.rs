//! Providers: which model a name means, and whether providers answer.

mod catalogue;
mod check;
mod credentials;
mod embedding;
mod local;
mod reranking;

pub use catalogue::Catalogue;
pub(crate) use check::doubt;
pub use check::{Checker, check_now, start_checking};
pub use embedding::Embedding;
pub use local::{answers, start_looking};
pub use reranking::Reranking;
