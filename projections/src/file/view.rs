//! A file as its owner sees it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileView {
    pub id: Uuid,
    pub version: i64,
    pub owner_id: Uuid,
    pub name: String,
    pub media_type: String,
    pub size: i64,
    pub sha256: String,
    pub created_at: DateTime<Utc>,
}

/// A checked query of files: its columns, followed by the rest of the statement.
macro_rules! select_files {
    ($rest:literal $($arguments:tt)*) => {
        sqlx::query_as!(
            crate::file::FileView,
            "select id, version, owner_id, name, media_type, size, sha256, created_at from view_files "
                + $rest
                $($arguments)*
        )
    };
}

pub(super) use select_files;
