//! Jobs: work that may take longer than a request. An ordinary table, never rebuilt.

pub mod queries;
mod view;
pub mod work;

pub use view::{JobKind, JobStatus, JobView};
