//! Events of a file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::values::MediaType;
use crate::codec::stored_events;
use crate::personal::Personal;

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
        /// Hexadecimal; sealed because it would reveal who else has the same file.
        sha256: Personal<String>,
        /// Seals the bytes in the store. Destroying the key of the file or of its owner makes them unreadable.
        content_key: Personal<String>,
    },
    /// Only in logs of earlier versions; no command creates it.
    FileRenamed {
        name: Personal<String>,
    },
    FileDeleted {},
}

stored_events!(FileEvent {
    FileUploaded => "file_uploaded" withhold [content_key],
    FileRenamed => "file_renamed",
    FileDeleted => "file_deleted",
});
