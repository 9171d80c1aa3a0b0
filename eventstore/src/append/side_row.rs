//! Rows that are committed with the events of a command. A new kind is a variant here and an `insert` in the SQL function
//! `append_events`.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Submission;
use crate::log::chain::bytea;
use crate::seal::keys::NewKey;

/// A row that is committed with the events of a command.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum SideRow {
    Key(NewKey),
    /// Applied before the reservations of the same batch.
    Release(Release),
    Reservation(Reservation),
    IdempotencyKey(IdempotencyRow),
    Lease(LeaseRow),
}

/// A claim on a value that must be unique across aggregates, by keyed digest.
#[derive(Debug, Clone, Serialize)]
pub struct Reservation {
    pub kind: &'static str,
    #[serde(serialize_with = "bytea")]
    pub mac: Vec<u8>,
    pub owner: String,
}

/// The end of such a claim.
#[derive(Debug, Clone, Serialize)]
pub struct Release {
    pub kind: &'static str,
    #[serde(serialize_with = "bytea")]
    pub mac: Vec<u8>,
}

/// Lets a repeated request find its first response.
#[derive(Debug, Clone, Serialize)]
pub struct IdempotencyRow {
    pub principal: String,
    pub operation: String,
    pub key: String,
    #[serde(serialize_with = "bytea")]
    pub body_mac: Vec<u8>,
    pub command_id: Uuid,
}

/// The lease of a run that starts with the command.
#[derive(Debug, Clone, Serialize)]
pub struct LeaseRow {
    pub run: Uuid,
    pub owner: String,
}

impl SideRow {
    pub fn key(&self) -> Option<&NewKey> {
        match self {
            Self::Key(key) => Some(key),
            Self::Release(_) | Self::Reservation(_) | Self::IdempotencyKey(_) | Self::Lease(_) => {
                None
            }
        }
    }

    /// The name under which `append_events` looks for rows of this kind.
    fn kind(&self) -> &'static str {
        match self {
            Self::Key(_) => "keys",
            Self::Release(_) => "releases",
            Self::Reservation(_) => "reservations",
            Self::IdempotencyKey(_) => "idempotency_keys",
            Self::Lease(_) => "leases",
        }
    }
}

/// The rows of a batch as the argument of `append_events`: lists by kind.
pub(super) fn to_json(batch: &[Submission]) -> Value {
    let mut rows: BTreeMap<&str, Vec<&SideRow>> = BTreeMap::new();
    for row in batch.iter().flat_map(|submission| &submission.rows) {
        rows.entry(row.kind()).or_default().push(row);
    }
    json!(rows)
}
