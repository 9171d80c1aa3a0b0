//! What reacts to the log: projectors, and the responder that calls models. Effects on the outside happen only here.
//!
//! Reading order: `kit` (claiming and retrying), [`projecting`], [`response`] (answering what was asked), [`model`] (the port to models),
//! [`indexing`] (search), [`provider`] (where models are), [`job`] (what
//! takes longer than a request), `import` (what was said elsewhere), `confined` (where files of strangers are read), [`egress`] (calls to the outside).

mod confined;
mod difference;
pub mod document;
pub mod egress;
mod import;
pub mod indexing;
pub mod job;
mod kit;
pub mod model;
pub mod projecting;
pub mod provider;
pub mod response;

pub use confined::{Limits, landlock_warning, run_confined};
pub use difference::{difference, verdict};
pub use document::{Ingester, start_ingesting};
pub use egress::Egress;
pub use import::run_child as run_import_reader;
pub use indexing::start_indexing;
pub use job::{Backups, Held, Work, start_scheduling, start_working};
pub use model::Timeouts;
pub use projecting::start_projecting;
pub use provider::{
    Catalogue, Checker, Embedding, Reranking, check_now, start_checking, start_looking,
};
pub use response::{
    FileReader, KnowledgeBases, Responder, Stops, Tariff, TitleModel, start_responding,
};
