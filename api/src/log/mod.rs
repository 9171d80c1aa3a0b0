//! The event log and the read models, for administrators. Personal text stays encrypted.

mod stream;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use eventstore::chain::hex;
use eventstore::log::{self, Filter, RecordedEvent};
use poem::Result;
use poem::http::StatusCode;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::types::Any;
use poem_openapi::{Object, OpenApi};
use projections::job::JobKind;
use projections::parking::{self, ParkedScope, RetryOutcome};
use projections::{Projector, projectors, rebuild};
use serde_json::Value;
use uuid::Uuid;

pub(crate) use self::stream::{EventScope, follow};
use crate::auth::Auth;
use crate::cursor::{self, Query as CursorQuery};
use crate::job::{self, JobResource};
use crate::problem::Problem;
use crate::reply::{List, NoContent, StartedJob, Unversioned};
use crate::request_meta::RequestMeta;
use crate::state::App;
use crate::stream::{Frames, Start, frames};
use crate::tag::Tag;

/// An event of the log.
#[derive(Debug, Object)]
#[oai(rename = "Event")]
pub struct EventResource {
    pub position: i64,
    pub event_id: Uuid,
    pub aggregate_type: String,
    pub aggregate_id: String,
    /// The number of the event within its object.
    pub sequence: i64,
    pub event_type: String,
    pub event_version: i64,
    /// The fields of the event; personal text is encrypted, except in the feed.
    pub payload: Any<Value>,
    pub metadata: Any<Value>,
    pub recorded_at: DateTime<Utc>,
    /// SHA-256 of the chain up to this event, in hex.
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
            // Always decimal text, because only this program writes it.
            event_version: row.event_version.parse().unwrap_or_default(),
            payload: Any(serde_json::from_str(&row.payload).unwrap_or_default()),
            metadata: Any(serde_json::from_str(&row.metadata).unwrap_or_default()),
            recorded_at: row.recorded_at,
            hash: hex(&row.hash),
        }
    }
}

/// The state of a read model.
#[derive(Debug, Object)]
#[oai(rename = "Projection")]
pub struct ProjectionResource {
    pub name: String,
    pub version: i32,
    pub position: i64,
    /// Number of events that it has not processed yet.
    pub lag: i64,
    /// Number of objects whose events it could not apply.
    pub parked: i64,
}

/// An object whose events a read model could not apply.
#[derive(Debug, Object)]
#[oai(rename = "ParkedScope")]
pub struct ParkedResource {
    pub aggregate_id: String,
    /// The position of the first event that could not be applied.
    pub position: i64,
    pub error: String,
}

impl From<ParkedScope> for ParkedResource {
    fn from(parked: ParkedScope) -> Self {
        Self {
            aggregate_id: parked.scope,
            position: parked.position,
            error: parked.error,
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub struct LogApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Log")]
impl LogApi {
    /// Lists the events of the log.
    ///
    /// In the order of the log. Personal text stays encrypted. Requires the admin role.
    #[oai(path = "/events", method = "get", operation_id = "listEvents")]
    #[expect(
        clippy::too_many_arguments,
        reason = "each is a parameter of the contract"
    )]
    async fn list_events(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        /// Only events after this position.
        after: Query<Option<i64>>,
        /// Only events of this object.
        aggregate_id: Query<Option<Uuid>>,
        /// Only events of this type, such as `message_posted`.
        event_type: Query<Option<String>>,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<EventResource>>, Problem> {
        auth.0.require_admin()?;
        let limit = cursor::limit(limit.0)?;
        let filter = Filter {
            aggregate_id: aggregate_id.0.map(|id| id.to_string()),
            event_type: event_type.0,
        };
        if filter
            .event_type
            .as_deref()
            .is_some_and(|name| !is_name(name))
        {
            return Err(Problem::invalid(
                "event_type",
                "invalid_name",
                "event_type must be a name in snake_case, such as message_posted",
            ));
        }
        let text = format!("events {filter:?}");
        let query = CursorQuery {
            reader: auth.0.id,
            text: &text,
        };
        let start_position = app
            .parse_cursor(query, cursor.0.as_deref())?
            .or(after.0)
            .unwrap_or(0);
        let limit_rows = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = log::list(&app.pool, &filter, start_position, limit_rows).await?;
        let next = rows
            .last()
            .filter(|_| rows.len() == limit)
            .map(|row| row.position);
        let list = List {
            next_cursor: next.and_then(|key| app.cursor(query, &key)),
            items: rows.into_iter().map(Into::into).collect(),
        };
        Ok(Unversioned::new(list, app.feed.head()))
    }

    /// Follows the log.
    ///
    /// Server-sent events: one `event` for each event in order, with an id for `Last-Event-ID`. Requires the admin
    /// role.
    #[oai(path = "/events/stream", method = "get", operation_id = "streamEvents")]
    async fn stream_events(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        /// An event id or a position; only later events are sent. By default, the stream starts now.
        after: Query<Option<String>>,
        request: &poem::Request,
    ) -> Result<Frames, Problem> {
        auth.0.require_admin()?;
        let start = Start::parse(request, after.0.as_deref())?.unwrap_or(Start::Now);
        let start_position = app.resolve_start(&start).await?;
        let share = app.limits.stream(auth.0.id)?;
        let stream = follow(Arc::clone(app.0), auth.0, start_position, EventScope::All);
        Ok(frames(share, stream))
    }

    /// Starts a verification of the log.
    ///
    /// A job recomputes the hash chain and compares it with its anchors, the backups and the read models. Its result
    /// names the first position that does not match, and why. Requires the admin role.
    #[oai(
        path = "/events/verify",
        method = "post",
        operation_id = "verifyEvents"
    )]
    async fn verify_events(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
    ) -> Result<StartedJob<JobResource>, Problem> {
        auth.0.require_admin()?;
        job::request(&app, &auth.0, &meta, JobKind::VerifyEvents).await
    }

    /// Starts a rebuild of a read model.
    ///
    /// A job rebuilds it from the log; readers see the old state until the rebuild is complete. Requires the admin
    /// role.
    #[oai(
        path = "/projections/:name/rebuild",
        method = "post",
        operation_id = "rebuildProjection"
    )]
    async fn rebuild_projection(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        name: Path<String>,
    ) -> Result<StartedJob<JobResource>, Problem> {
        auth.0.require_admin()?;
        let name = find(&name.0)?.name().to_owned();
        job::request(&app, &auth.0, &meta, JobKind::RebuildProjection(name)).await
    }

    /// Lists what a read model has parked.
    ///
    /// Objects whose events could not be applied; they wait until they are retried. Requires the admin role.
    #[oai(
        path = "/projections/:name/parked",
        method = "get",
        operation_id = "listParked"
    )]
    async fn list_parked(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        name: Path<String>,
    ) -> Result<Unversioned<List<ParkedResource>>, Problem> {
        auth.0.require_admin()?;
        let parked = parking::list(&app.pool, find(&name.0)?.name()).await?;
        let list = List {
            items: parked.into_iter().map(Into::into).collect(),
            next_cursor: None,
        };
        Ok(Unversioned::new(list, app.feed.head()))
    }

    /// Retries a parked object.
    ///
    /// Applies the waiting events of the object again. Requires the admin role.
    #[oai(
        path = "/projections/:name/parked/:aggregate_id/retry",
        method = "post",
        operation_id = "retryParked"
    )]
    async fn retry_parked(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        name: Path<String>,
        aggregate_id: Path<Uuid>,
    ) -> Result<NoContent, Problem> {
        auth.0.require_admin()?;
        let projector = find(&name.0)?;
        let scope = aggregate_id.0.to_string();
        match parking::retry(&app.source(), projector.as_ref(), &scope).await? {
            RetryOutcome::NotParked => Err(Problem::not_found()),
            RetryOutcome::Applied => Ok(NoContent::at(app.feed.head())),
            RetryOutcome::Parked(parked) => Err(Problem::new(
                StatusCode::CONFLICT,
                "still_parked",
                format!(
                    "the event at position {} still fails: {}",
                    parked.position, parked.error
                ),
            )),
        }
    }

    /// Lists the read models.
    ///
    /// Shows the position that each read model has reached. Requires the admin role.
    #[oai(
        path = "/projections",
        method = "get",
        operation_id = "listProjections"
    )]
    async fn list_projections(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
    ) -> Result<Unversioned<List<ProjectionResource>>, Problem> {
        auth.0.require_admin()?;
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let last = app.feed.head();
        let items = rebuild::list_status(&app.pool)
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
        Ok(Unversioned::new(list, position))
    }
}

fn find(name: &str) -> Result<Box<dyn Projector>, Problem> {
    projectors()
        .into_iter()
        .find(|projector| projector.name() == name)
        .ok_or_else(Problem::not_found)
}

fn is_name(name: &str) -> bool {
    (1..=100).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}
