//! The hash chain of log format 1, to the byte.

use serde::Serializer;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A SHA-256 value.
pub type Hash = [u8; 32];

/// Serialises bytes as PostgreSQL reads them from text.
pub(crate) fn bytea<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("\\x{}", hex::encode(bytes)))
}

/// The fields of an event that its digest covers: everything but position and time.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    pub event_id: Uuid,
    pub command_id: Uuid,
    pub aggregate_type: &'a str,
    pub aggregate_id: &'a str,
    pub sequence: i64,
    pub scope: &'a str,
    pub event_type: &'a str,
    pub event_version: &'a str,
    /// The stored text, byte for byte.
    pub metadata: &'a str,
    pub payload: &'a str,
}

/// The hash that precedes position 1.
pub fn genesis(log_id: Uuid) -> Hash {
    let mut hasher = Sha256::new_with_prefix("convosphere.log.1");
    field(&mut hasher, text(log_id).as_bytes());
    hasher.finalize().into()
}

/// The digest of an event, final before its batch forms.
pub fn digest(log_id: Uuid, event: &Fields<'_>) -> Hash {
    let mut hasher = Sha256::new_with_prefix("convosphere.event.1");
    field(&mut hasher, text(log_id).as_bytes());
    field(&mut hasher, text(event.event_id).as_bytes());
    field(&mut hasher, text(event.command_id).as_bytes());
    field(&mut hasher, event.aggregate_type.as_bytes());
    field(&mut hasher, event.aggregate_id.as_bytes());
    field(&mut hasher, &event.sequence.to_be_bytes());
    field(&mut hasher, event.scope.as_bytes());
    field(&mut hasher, event.event_type.as_bytes());
    field(&mut hasher, event.event_version.as_bytes());
    field(&mut hasher, event.metadata.as_bytes());
    field(&mut hasher, event.payload.as_bytes());
    hasher.finalize().into()
}

/// The hash of an event at its place; `recorded_at` is microseconds since 1970.
pub fn hash(previous: &[u8], position: i64, recorded_at: i64, digest: &Hash) -> Hash {
    let mut hasher = Sha256::new_with_prefix(previous);
    hasher.update(position.to_be_bytes());
    hasher.update(recorded_at.to_be_bytes());
    hasher.update(digest);
    hasher.finalize().into()
}

/// Length-prefixed concatenation, called F in the format.
pub(crate) fn frame(values: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(values.iter().map(|value| value.len() + 4).sum());
    for value in values {
        bytes.extend_from_slice(&length(value));
        bytes.extend_from_slice(value);
    }
    bytes
}

fn field(hasher: &mut Sha256, value: &[u8]) {
    hasher.update(length(value));
    hasher.update(value);
}

/// Bodies are limited far below 4 GiB.
fn length(value: &[u8]) -> [u8; 4] {
    u32::try_from(value.len()).unwrap_or(u32::MAX).to_be_bytes()
}

fn text(id: Uuid) -> String {
    id.hyphenated().to_string()
}
