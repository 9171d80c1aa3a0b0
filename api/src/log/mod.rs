//! The event log and the read models, for administrators. Personal text stays encrypted.

mod follow;
mod list;
mod list_parked;
mod list_projections;
mod rebuild_projection;
mod retry_parked;
mod stream;
mod verify;

/// An event of the log.
#[derive(Debug, Object, o2o)]
#[from_owned(RecordedEvent)]
#[oai(rename = "Event")]
pub struct EventResource {
    pub position: i64,
    pub event_id: Uuid,
    pub aggregate_type: String,
    pub aggregate_id: String,
    /// The number of the event within its object.
    pub sequence: i64,
    pub event_type: String,
    // Always decimal text, because only this program writes it.
    #[from(~.parse().unwrap_or_default())]
    pub event_version: i64,
    /// The fields of the event; personal text is encrypted, except in the feed.
    #[from(Any(serde_json::from_str(&~).unwrap_or_default()))]
    pub payload: Any<Value>,
    #[from(Any(serde_json::from_str(&~).unwrap_or_default()))]
    pub metadata: Any<Value>,
    pub recorded_at: DateTime<Utc>,
    /// SHA-256 of the chain up to this event, in hex.
    #[from(hex::encode(&~))]
    pub hash: String,
}

/// The state of a read model.
#[derive(Debug, Object)]
#[oai(rename = "Projection")]
pub(crate) struct ProjectionResource {
    pub name: String,
    pub version: i32,
    pub position: i64,
    /// Number of events that it has not processed yet.
    pub lag: i64,
    /// Number of objects whose events it could not apply.
    pub parked: i64,
}

impl ProjectionResource {
    /// The state of a read model, compared with the last position of the log.
    fn new(status: ProjectionStatus, head: i64) -> Self {
        Self {
            lag: (head - status.position).max(0),
            name: status.name,
            version: status.version,
            position: status.position,
            parked: status.parked,
        }
    }
}

/// An object whose events a read model could not apply.
#[derive(Debug, Object, o2o)]
#[from_owned(ParkedScope)]
#[oai(rename = "ParkedScope")]
pub(crate) struct ParkedResource {
    #[from(scope)]
    pub aggregate_id: String,
    /// The position of the first event that could not be applied.
    pub position: i64,
    pub error: String,
}

use chrono::{DateTime, Utc};
use eventstore::log::RecordedEvent;
use o2o::o2o;
use poem::Result;
use poem_openapi::types::Any;
use poem_openapi::{Object, OpenApi, Tags};
use projections::projector::parking::ParkedScope;
use projections::rebuild::ProjectionStatus;
use projections::{Projector, projectors};
use serde_json::Value;
use uuid::Uuid;

pub(crate) use self::stream::{EventScope, follow, open_stream};
use crate::http::Problem;

/// The area of the contract.
#[derive(Tags)]
pub(crate) enum Tag {
    /// The event log and its read models, for administrators.
    Log,
}

/// The operations of this feature.
pub(crate) fn operations() -> impl OpenApi {
    (
        list::Operation,
        follow::Operation,
        verify::Operation,
        rebuild_projection::Operation,
        list_parked::Operation,
        retry_parked::Operation,
        list_projections::Operation,
    )
}

fn find(name: &str) -> Result<Box<dyn Projector>, Problem> {
    projectors()
        .into_iter()
        .find(|projector| projector.name() == name)
        .ok_or_else(Problem::not_found)
}
