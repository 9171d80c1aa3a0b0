//! A job as its requester sees it.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::types::Text;
use strum::{Display, EnumString, IntoStaticStr};
use uuid::Uuid;

/// What a job does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobKind {
    /// Verifies the hash chain of the log.
    VerifyEvents,
    /// Rebuilds a read model.
    RebuildProjection(String),
    /// Erases everything that an erased user owned.
    EraseUser(Uuid),
    /// Erases the documents of a deleted knowledge base.
    EraseKnowledgeBase(Uuid),
    /// Deletes the files of an erased conversation.
    EraseConversation(Uuid),
    /// Erases the conversations in the requester's trash.
    EmptyTrash,
    /// Imports a file of the requester.
    Import(Uuid),
    /// Creates a backup.
    Backup,
    /// Repeats the erasures that happened after the restored backup.
    RepeatErasures,
}

impl JobKind {
    /// The kinds that this version supports.
    pub(super) const NAMES: [&'static str; 9] = [
        "verify_events",
        "rebuild_projection",
        "erase_user",
        "erase_knowledge_base",
        "erase_conversation",
        "empty_trash",
        "import",
        "backup",
        "repeat_erasures",
    ];

    pub(super) fn name(&self) -> (&'static str, Option<String>) {
        match self {
            Self::VerifyEvents => ("verify_events", None),
            Self::RebuildProjection(name) => ("rebuild_projection", Some(name.clone())),
            Self::EraseUser(id) => ("erase_user", Some(id.to_string())),
            Self::EraseKnowledgeBase(id) => ("erase_knowledge_base", Some(id.to_string())),
            Self::EraseConversation(id) => ("erase_conversation", Some(id.to_string())),
            Self::EmptyTrash => ("empty_trash", None),
            Self::Import(file) => ("import", Some(file.to_string())),
            Self::Backup => ("backup", None),
            Self::RepeatErasures => ("repeat_erasures", None),
        }
    }

    /// The unit of its progress.
    pub fn unit(&self) -> &'static str {
        match self {
            Self::Import(_) | Self::EraseConversation(_) | Self::EmptyTrash => "conversations",
            Self::VerifyEvents
            | Self::RebuildProjection(_)
            | Self::EraseUser(_)
            | Self::EraseKnowledgeBase(_)
            | Self::Backup
            | Self::RepeatErasures => "events",
        }
    }

    pub(super) fn parse(kind: &str, subject: Option<String>) -> Option<Self> {
        match (kind, subject) {
            ("verify_events", None) => Some(Self::VerifyEvents),
            ("backup", None) => Some(Self::Backup),
            ("empty_trash", None) => Some(Self::EmptyTrash),
            ("repeat_erasures", None) => Some(Self::RepeatErasures),
            ("import", Some(file)) => Uuid::parse_str(&file).ok().map(Self::Import),
            ("rebuild_projection", Some(name)) => Some(Self::RebuildProjection(name)),
            ("erase_user", Some(id)) => Uuid::parse_str(&id).ok().map(Self::EraseUser),
            ("erase_knowledge_base", Some(id)) => {
                Uuid::parse_str(&id).ok().map(Self::EraseKnowledgeBase)
            }
            ("erase_conversation", Some(id)) => {
                Uuid::parse_str(&id).ok().map(Self::EraseConversation)
            }
            _ => None,
        }
    }
}

/// Where a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum JobStatus {
    Queued,
    Running,
    Completed,
    Failed,
    Cancelled,
}

#[derive(Debug, Clone, PartialEq)]
pub struct JobView {
    pub id: Uuid,
    /// The name of a [`JobKind`], which may be one of another version.
    pub kind: String,
    pub subject: Option<String>,
    pub status: Text<JobStatus>,
    pub done: i64,
    pub total: Option<i64>,
    pub unit: String,
    pub result: Option<Value>,
    pub error: Option<String>,
    pub cancelling: bool,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
}

/// A checked query of jobs: its start, the columns, and the rest of the statement.
macro_rules! query_jobs {
    ($start:literal, $rest:literal $($arguments:tt)*) => {
        sqlx::query_as!(
            crate::job::JobView,
            $start
                + r#" id, kind, subject, status as "status: _", done, total, unit, result, error, cancelling, created_at,
                      started_at, ended_at "#
                + $rest
                $($arguments)*
        )
    };
}

pub(super) use query_jobs;
