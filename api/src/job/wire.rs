//! Response bodies of jobs.

use chrono::{DateTime, Utc};
use poem_openapi::types::Any;
use poem_openapi::{Enum, Object};
use projections::job::JobView;
use serde_json::Value;
use uuid::Uuid;

/// The progress of a job.
#[derive(Debug, Object)]
pub(crate) struct JobProgress {
    pub done: i64,
    /// Null until the job knows it.
    pub total: Option<i64>,
    pub unit: String,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case", remote = "projections::job::JobStatus")]
pub enum JobStatus {
    Queued,
    Running,
    Completed,
    Failed,
    Cancelled,
}

/// Work that may take longer than a request.
#[derive(Debug, Object)]
#[oai(rename = "Job")]
pub(crate) struct JobResource {
    pub id: Uuid,
    /// `verify_events`, `rebuild_projection`, `backup`, `import`, `erase_user`, `erase_knowledge_base`,
    /// `erase_conversation`, `empty_trash` or `repeat_erasures`.
    pub kind: String,
    /// The object that it works on, if its kind has one.
    pub subject: Option<String>,
    pub status: JobStatus,
    pub progress: JobProgress,
    /// The result of a completed job.
    pub result: Option<Any<Value>>,
    pub error: Option<String>,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
}

impl From<JobView> for JobResource {
    fn from(view: JobView) -> Self {
        Self {
            id: view.id,
            kind: view.kind,
            subject: view.subject,
            status: view.status.0.into(),
            progress: JobProgress {
                done: view.done,
                total: view.total,
                unit: view.unit,
            },
            result: view.result.map(Any),
            error: view.error,
            created_at: view.created_at,
            started_at: view.started_at,
            ended_at: view.ended_at,
        }
    }
}
