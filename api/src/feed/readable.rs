//! The events that one person may read.

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
/// How long events wait until the views know whose they are, before it is looked whether the reader may go on.
const PATIENCE: Duration = Duration::from_secs(1);

/// At most `limit` of them between two positions, the first left out. The views must have reached the second.
pub(super) async fn page(
    app: &App,
    reader: Uuid,
    between: (i64, i64),
    limit: usize,
) -> Result<Vec<EventResource>, Problem> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = of_all(app, reader, between, limit).await?;
    revealed(app, rows).await
}

/// The next of them after a position, and up to where the log was looked at.
pub(crate) async fn next(
    app: &App,
    reader: Uuid,
    after: i64,
) -> Result<(Vec<EventResource>, i64), Problem> {
    let (rows, until) = match app.feed.read_cached(after, PAGE) {
        Some(rows) => of_these(app, reader, after, rows).await?,
        None => {
            // Views that have seen more of another log than this one has are no reason to skip what it will have.
            let head = app.feed.head();
            let reached = app.progress.reach(head, PATIENCE).await?.min(head);
            let rows = of_all(app, reader, (after, reached), PAGE).await?;
            let full = i64::try_from(rows.len()).is_ok_and(|found| found == PAGE);
            let last = rows.last().filter(|_| full).map(|row| row.position);
            (rows, last.unwrap_or(reached).max(after))
        }
    };
    Ok((revealed(app, rows).await?, until))
}

/// By the index of streams: what costs nothing for what others did.
async fn of_all(
    app: &App,
    reader: Uuid,
    between: (i64, i64),
    limit: i64,
) -> Result<Vec<RecordedEvent>, Problem> {
    let scopes = scopes::of(&app.pool, reader).await?;
    let scopes: Vec<String> = scopes.iter().map(Uuid::to_string).collect();
    Ok(log::read_scopes(&app.pool, &scopes, between, limit).await?)
}

/// Of the next events of the log, which are in memory: what costs nothing for what the reader did long ago.
async fn of_these(
    app: &App,
    reader: Uuid,
    after: i64,
    mut rows: Vec<RecordedEvent>,
) -> Result<(Vec<RecordedEvent>, i64), Problem> {
    let last = rows.last().map_or(after, |row| row.position);
    let reached = app.progress.reach(last, PATIENCE).await?;
    rows.retain(|row| row.position <= reached);
    let until = rows.last().map_or(after, |row| row.position);
    let streams: HashSet<Uuid> = rows.iter().filter_map(scope).collect();
    let streams: Vec<Uuid> = streams.into_iter().collect();
    let readable = scopes::among(&app.pool, reader, &streams).await?;
    rows.retain(|row| scope(row).is_some_and(|scope| readable.contains(&scope)));
    Ok((rows, until))
}

fn scope(row: &RecordedEvent) -> Option<Uuid> {
    Uuid::parse_str(&row.scope).ok()
}

/// What an event holds for the installation alone, or what is read in another way: passages are many, and pages of
/// their document list them.
const WITHHELD: &[(&str, &str)] = &[
    ("file_uploaded", "content_key"),
    ("passages_added", "passages"),
    ("passages_embedded", "vectors"),
];

async fn revealed(app: &App, rows: Vec<RecordedEvent>) -> Result<Vec<EventResource>, Problem> {
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
