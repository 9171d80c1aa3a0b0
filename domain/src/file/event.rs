//! What happened to a file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::values::MediaType;
use crate::personal::Personal;
use crate::recorded::stored_events;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[expect(
    clippy::large_enum_variant,
    reason = "events are handled one at a time"
)]
#[serde(tag = "event_type", rename_all = "snake_case")]
pub enum FileEvent {
    FileUploaded {
        owner_id: Uuid,
        name: Personal<String>,
        media_type: MediaType,
        /// In bytes.
        size: u64,
        /// In hex; sealed, for it tells who else has the same bytes.
        sha256: Personal<String>,
        /// What seals the bytes in the store: they are gone with the key of the file or of its owner.
        content_key: Personal<String>,
    },
    /// No command makes it any more; logs of earlier versions have it.
    FileRenamed {
        name: Personal<String>,
    },
    FileDeleted {},
}

stored_events!(FileEvent {
    FileUploaded => "file_uploaded",
    FileRenamed => "file_renamed",
    FileDeleted => "file_deleted",
});
