//! Reads the events that one user may read.

use std::collections::HashSet;
use std::time::Duration;

use eventstore::log::{self, RecordedEvent};
use poem_openapi::types::Any;
use projections::scopes;
use serde_json::Value;
use uuid::Uuid;

use crate::log::EventResource;
use crate::problem::Problem;
use crate::state::App;

const PAGE: i64 = 200;
/// How long events wait until the views know who may read them; then the caller can check the session of the reader.
const PATIENCE: Duration = Duration::from_secs(1);

/// At most `limit` events between two positions, excluding the first. The views must have reached the second.
pub(super) async fn read_page(
    app: &App,
    reader: Uuid,
    between: (i64, i64),
    limit: usize,
) -> Result<Vec<EventResource>, Problem> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = read_from_index(app, reader, between, limit).await?;
    to_resources(app, rows).await
}

/// The next events after a position, and the position up to which the log was searched.
pub(crate) async fn read_next(
    app: &App,
    reader: Uuid,
    after: i64,
) -> Result<(Vec<EventResource>, i64), Problem> {
    let (rows, until) = match app.feed.read_cached(after, PAGE) {
        Some(rows) => read_from_memory(app, reader, after, rows).await?,
        None => {
            // After a restore, views can be ahead of the log; positions beyond its end must not be skipped.
            let head = app.feed.head();
            let reached = app.progress.wait_for(head, PATIENCE).await?.min(head);
            let rows = read_from_index(app, reader, (after, reached), PAGE).await?;
            let full = i64::try_from(rows.len()).is_ok_and(|found| found == PAGE);
            let last = rows.last().filter(|_| full).map(|row| row.position);
            (rows, last.unwrap_or(reached).max(after))
        }
    };
    Ok((to_resources(app, rows).await?, until))
}

/// Reads by the index of scopes: skips events of others, so it is cheap for long ranges.
async fn read_from_index(
    app: &App,
    reader: Uuid,
    between: (i64, i64),
    limit: i64,
) -> Result<Vec<RecordedEvent>, Problem> {
    let scopes = scopes::list_readable(&app.pool, reader).await?;
    let scopes: Vec<String> = scopes.iter().map(Uuid::to_string).collect();
    Ok(log::read_scopes(&app.pool, &scopes, between, limit).await?)
}

/// Filters the next events of the log, which are cached: independent of how much the reader owns, so it is cheap for
/// readers that follow closely.
async fn read_from_memory(
    app: &App,
    reader: Uuid,
    after: i64,
    mut rows: Vec<RecordedEvent>,
) -> Result<(Vec<RecordedEvent>, i64), Problem> {
    let last = rows.last().map_or(after, |row| row.position);
    let reached = app.progress.wait_for(last, PATIENCE).await?;
    rows.retain(|row| row.position <= reached);
    let until = rows.last().map_or(after, |row| row.position);
    let streams: HashSet<Uuid> = rows.iter().filter_map(scope).collect();
    let streams: Vec<Uuid> = streams.into_iter().collect();
    let readable = scopes::filter_readable(&app.pool, reader, &streams).await?;
    rows.retain(|row| scope(row).is_some_and(|scope| readable.contains(&scope)));
    Ok((rows, until))
}

fn scope(row: &RecordedEvent) -> Option<Uuid> {
    Uuid::parse_str(&row.scope).ok()
}

/// Fields that are internal, or too large for the feed: passages can be read through their document.
const WITHHELD: &[(&str, &str)] = &[
    ("file_uploaded", "content_key"),
    ("passages_added", "passages"),
    ("passages_embedded", "vectors"),
];

async fn to_resources(app: &App, rows: Vec<RecordedEvent>) -> Result<Vec<EventResource>, Problem> {
    let payloads = log::reveal(&app.log, &app.keys, &rows).await?;
    let event = |(row, mut payload): (RecordedEvent, Value)| {
        for (event_type, field) in WITHHELD {
            if row.event_type == *event_type
                && let Some(fields) = payload.as_object_mut()
            {
                fields.remove(*field);
            }
        }
        EventResource {
            payload: Any(payload),
            ..EventResource::from(row)
        }
    };
    Ok(rows.into_iter().zip(payloads).map(event).collect())
}
