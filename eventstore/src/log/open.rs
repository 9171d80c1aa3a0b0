//! Opens sealed events: typed, for projectors and reactors, or as plain JSON, for authorised readers.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::Event;
use domain::codec::CodecError;
use serde_json::Value;
use uuid::Uuid;

use super::{Log, LogError, RecordedEvent};
use crate::seal::keys::Keys;
use crate::seal::vault::{self, KeyRing, SealContext, VaultError};

/// Number of events to open before yielding to other tasks.
const YIELD: usize = 64;

/// An event with its personal fields opened.
#[derive(Debug, Clone)]
pub struct OpenedEvent {
    pub position: i64,
    pub event_id: Uuid,
    pub aggregate_id: Uuid,
    pub sequence: i64,
    pub scope: String,
    pub recorded_at: DateTime<Utc>,
    pub hash: Vec<u8>,
    pub event: Event,
}

/// An event that this version does not support: written by a newer version, or modified in the database.
#[derive(Debug)]
pub struct UnsupportedEvent {
    pub scope: String,
    pub position: i64,
    pub error: CodecError,
}

/// Opens and types a page of rows, loading their keys in one query. Fails on events that this version does not support.
pub async fn open(
    log: &Log,
    keys: &Keys,
    rows: Vec<RecordedEvent>,
) -> Result<Vec<OpenedEvent>, LogError> {
    let (events, unsupported) = open_supported(log, keys, rows).await?;
    match unsupported.into_iter().next() {
        Some(unsupported) => Err(unsupported.error.into()),
        None => Ok(events),
    }
}

/// The same, but returns unsupported events separately.
pub async fn open_supported(
    log: &Log,
    keys: &Keys,
    rows: Vec<RecordedEvent>,
) -> Result<(Vec<OpenedEvent>, Vec<UnsupportedEvent>), LogError> {
    let payloads = payloads(log, keys, &rows, vault::open).await?;
    let mut opened = Vec::with_capacity(rows.len());
    let mut unsupported = Vec::new();
    for (row, payload) in rows.into_iter().zip(payloads) {
        let (kind, name, version) = (&row.aggregate_type, &row.event_type, &row.event_version);
        match Event::decode(kind, name, version, payload) {
            Ok(event) => opened.push(row.into_opened(event)?),
            Err(error) => unsupported.push(UnsupportedEvent {
                scope: row.scope,
                position: row.position,
                error,
            }),
        }
    }
    Ok((opened, unsupported))
}

/// The payloads of rows in plain text, with `[erased]` for fields whose key was destroyed. Includes events that this
/// version does not support.
pub async fn reveal(
    log: &Log,
    keys: &Keys,
    rows: &[RecordedEvent],
) -> Result<Vec<Value>, LogError> {
    payloads(log, keys, rows, vault::reveal).await
}

/// Opens the payloads of rows, loading their keys in one query.
async fn payloads(
    log: &Log,
    keys: &Keys,
    rows: &[RecordedEvent],
    open: fn(&mut Value, &str, SealContext<'_>, &KeyRing) -> Result<(), VaultError>,
) -> Result<Vec<Value>, LogError> {
    let mut subjects = BTreeSet::new();
    let mut payloads = Vec::with_capacity(rows.len());
    for row in rows {
        let payload: Value =
            serde_json::from_str(&row.payload).map_err(|_| LogError::Unreadable(row.position))?;
        vault::collect_subjects(&payload, &mut subjects);
        payloads.push(payload);
    }
    let ring = keys.load(&subjects).await?;
    for (n, (row, payload)) in rows.iter().zip(&mut payloads).enumerate() {
        if n % YIELD == YIELD - 1 {
            // Opening is CPU-bound: yield to other tasks.
            tokio::task::yield_now().await;
        }
        open(payload, "/payload", row.seal_context(log), &ring)?;
    }
    Ok(payloads)
}
