//! Opening what is sealed: as typed events for those who project and react, or as plain JSON for those who may read.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::Event;
use serde_json::Value;
use uuid::Uuid;

use super::{Log, LogError, RecordedEvent};
use crate::codec::{CodecError, decode_any};
use crate::keys::Keys;
use crate::vault::{self, KeyRing, Place, VaultError};

/// Events opened before other tasks get their turn.
const YIELD: usize = 64;

/// An event that a reader may read: opened and typed.
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

/// An event that this version does not know: written by a newer one, or changed where it is stored.
#[derive(Debug)]
pub struct Foreign {
    pub scope: String,
    pub position: i64,
    pub error: CodecError,
}

/// Opens and types a page of rows, with one look at the keys for all of them. One that this version does not know is
/// an error.
pub async fn open(
    log: &Log,
    keys: &Keys,
    rows: Vec<RecordedEvent>,
) -> Result<Vec<OpenedEvent>, LogError> {
    let (events, foreign) = open_known(log, keys, rows).await?;
    match foreign.into_iter().next() {
        Some(foreign) => Err(foreign.error.into()),
        None => Ok(events),
    }
}

/// The same, with what this version does not know set apart.
pub async fn open_known(
    log: &Log,
    keys: &Keys,
    rows: Vec<RecordedEvent>,
) -> Result<(Vec<OpenedEvent>, Vec<Foreign>), LogError> {
    let payloads = payloads(log, keys, &rows, vault::open).await?;
    let mut opened = Vec::with_capacity(rows.len());
    let mut foreign = Vec::new();
    for (row, payload) in rows.into_iter().zip(payloads) {
        let (kind, name, version) = (&row.aggregate_type, &row.event_type, &row.event_version);
        match decode_any(kind, name, version, payload) {
            Ok(event) => opened.push(row.opened(event)?),
            Err(error) => foreign.push(Foreign {
                scope: row.scope,
                position: row.position,
                error,
            }),
        }
    }
    Ok((opened, foreign))
}

/// The payloads of rows as somebody reads them who may: text in the place of what was sealed, `[erased]` where its key
/// was destroyed. Also of events that this version does not know.
pub async fn reveal(
    log: &Log,
    keys: &Keys,
    rows: &[RecordedEvent],
) -> Result<Vec<Value>, LogError> {
    payloads(log, keys, rows, vault::reveal).await
}

/// The payloads of rows, with one look at the keys for all of them.
async fn payloads(
    log: &Log,
    keys: &Keys,
    rows: &[RecordedEvent],
    open: fn(&mut Value, &str, Place<'_>, &KeyRing) -> Result<(), VaultError>,
) -> Result<Vec<Value>, LogError> {
    let mut subjects = BTreeSet::new();
    let mut payloads = Vec::with_capacity(rows.len());
    for row in rows {
        let payload: Value =
            serde_json::from_str(&row.payload).map_err(|_| LogError::Unreadable(row.position))?;
        vault::subjects(&payload, &mut subjects);
        payloads.push(payload);
    }
    let ring = keys.load(&subjects).await?;
    for (n, (row, payload)) in rows.iter().zip(&mut payloads).enumerate() {
        if n % YIELD == YIELD - 1 {
            // Opening is work for the processor: others get their turn.
            tokio::task::yield_now().await;
        }
        open(payload, "/payload", row.place(log), &ring)?;
    }
    Ok(payloads)
}
