//! What reacts to the log: projectors, and the responder that calls models. Only this crate has effects on the outside.
//!
//! Reading order: `kit` (claiming and retrying), [`projecting`], [`response`] (answering messages), [`model`] (the port
//! to models), [`indexing`] (search), [`provider`] (the configured models), [`job`] (work that takes longer than a
//! request), `import` (conversations from elsewhere), `confined` (reading untrusted files), [`egress`] (outbound
//! calls).

#![cfg_attr(
    test,
    expect(
        clippy::too_many_lines,
        reason = "a test tells one story from its start to its end"
    )
)]

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
pub use difference::{find_difference, verification_result};
pub use document::{Ingester, start_ingesting};
pub use egress::Egress;
pub use import::run_child as run_import_reader;
pub use indexing::start_indexing;
pub use job::{Backups, JobContext, JobTracker, start_jobs, start_scheduling};
pub use model::Timeouts;
pub use projecting::start_projecting;
pub use provider::{
    Catalogue, Checker, EmbeddingModel, RerankingModel, check_now, start_checking,
    start_local_discovery,
};
pub use response::{
    FileReader, KnowledgeBases, ModelSettings, Responder, StopRequests, TitleModel,
    start_responding,
};
