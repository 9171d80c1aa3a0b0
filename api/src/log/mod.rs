//! The event log and the read models, for administrators. Sealed text stays sealed.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use eventstore::chain::hex;
use eventstore::log::{self, RecordedEvent};
use poem::Result;
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::types::Any;
use poem_openapi::{Object, OpenApi};
use projections::rebuild;
use serde_json::Value;
use uuid::Uuid;

use crate::answer::{List, Plain};
use crate::auth::Auth;
use crate::cursor::{self, Query as CursorQuery};
use crate::head::Head;
use crate::problem::Problem;
use crate::state::App;
use crate::tag::Tag;

/// An event of the log, as it is stored.
#[derive(Debug, Object)]
#[oai(rename = "Event")]
pub struct EventResource {
    pub position: i64,
    pub event_id: Uuid,
    pub aggregate_type: String,
    pub aggregate_id: String,
    pub sequence: i64,
    pub event_type: String,
    pub event_version: i64,
    /// Personal fields are sealed.
    pub payload: Any<Value>,
    pub metadata: Any<Value>,
    pub recorded_at: DateTime<Utc>,
    /// SHA-256 of the chain up to here, in hex.
    pub hash: String,
}

impl From<RecordedEvent> for EventResource {
    fn from(row: RecordedEvent) -> Self {
        Self {
            position: row.position,
            event_id: row.event_id,
            aggregate_type: row.aggregate_type,
            aggregate_id: row.aggregate_id,
            sequence: row.sequence,
            event_type: row.event_type,
            // Stored as decimal text, written by this code alone.
            event_version: row.event_version.parse().unwrap_or_default(),
            payload: Any(serde_json::from_str(&row.payload).unwrap_or_default()),
            metadata: Any(serde_json::from_str(&row.metadata).unwrap_or_default()),
            recorded_at: row.recorded_at,
            hash: hex(&row.hash),
        }
    }
}

/// How far a read model is.
#[derive(Debug, Object)]
#[oai(rename = "Projection")]
pub struct ProjectionResource {
    pub name: String,
    pub version: i32,
    pub position: i64,
    /// Events that it has not taken yet.
    pub lag: i64,
    /// Scopes whose events it could not take.
    pub parked: i64,
}

#[derive(Debug, Clone, Copy)]
pub struct LogApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Log")]
impl LogApi {
    /// Lists the events of the log in order. For administrators.
    #[oai(path = "/events", method = "get", operation_id = "listEvents")]
    async fn list_events(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        /// Only events after this position.
        after: Query<Option<i64>>,
        /// Entries of a page, 1 to 200.
        limit: Query<Option<u32>>,
        /// The next_cursor of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Plain<List<EventResource>>, Problem> {
        auth.0.admin()?;
        let limit = cursor::limit(limit.0)?;
        let query = CursorQuery {
            reader: auth.0.id,
            text: "events",
        };
        let begin = app
            .parse_cursor(query, cursor.0.as_deref())?
            .or(after.0)
            .unwrap_or(0);
        let rows = log::read(&app.pool, begin, i64::try_from(limit).unwrap_or(i64::MAX)).await?;
        let next = rows
            .last()
            .filter(|_| rows.len() == limit)
            .map(|row| row.position);
        let list = List {
            next_cursor: next.and_then(|key| app.cursor(query, &key)),
            items: rows.into_iter().map(Into::into).collect(),
        };
        Ok(Plain::new(list, app.feed.head()))
    }

    /// Lists the read models and how far they are. For administrators.
    #[oai(
        path = "/projections",
        method = "get",
        operation_id = "listProjections"
    )]
    async fn list_projections(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
    ) -> Result<Plain<List<ProjectionResource>>, Problem> {
        auth.0.admin()?;
        let position = app.read_position(auth.0.id, head.min_position).await?;
        let last = app.feed.head();
        let items = rebuild::list(&app.pool)
            .await?
            .into_iter()
            .map(|status| ProjectionResource {
                lag: (last - status.position).max(0),
                name: status.name,
                version: status.version,
                position: status.position,
                parked: status.parked,
            })
            .collect();
        let list = List {
            items,
            next_cursor: None,
        };
        Ok(Plain::new(list, position))
    }
}
