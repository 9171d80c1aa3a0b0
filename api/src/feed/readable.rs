//! Reads the events that one user may read.

use std::collections::HashSet;
use std::time::Duration;

use domain::Event;
use eventstore::log::{self, RecordedEvent};
use poem_openapi::types::Any;
use projections::scopes;
use serde_json::Value;
use uuid::Uuid;

use crate::http::Problem;
use crate::log::EventResource;
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

async fn to_resources(app: &App, rows: Vec<RecordedEvent>) -> Result<Vec<EventResource>, Problem> {
    let payloads = log::reveal(&app.log, &app.keys, &rows).await?;
    Ok(rows.into_iter().zip(payloads).map(to_resource).collect())
}

/// Shows an event in its current form, so that readers need to know only one, and without withheld fields. An event that
/// this version does not support keeps its stored form.
fn to_resource((row, mut payload): (RecordedEvent, Value)) -> EventResource {
    let known = Event::find_type(&row.aggregate_type, &row.event_type);
    let mut event = EventResource::from(row);
    if let Some(known) = known {
        if known.upcast(&event.event_version.to_string(), &mut payload) {
            event.event_version = i64::try_from(known.version()).unwrap_or(i64::MAX);
        }
        if let Some(fields) = payload.as_object_mut() {
            fields.retain(|name, _| !known.withheld.contains(&name.as_str()));
        }
    }
    event.payload = Any(payload);
    event
}

#[cfg(test)]
mod tests {
    use chrono::Utc;
    use serde_json::json;

    use super::*;

    fn show(event: (&str, &str, &str), payload: Value) -> (i64, Value) {
        let (aggregate_type, event_type, version) = event;
        let row = RecordedEvent {
            position: 1,
            event_id: Uuid::nil(),
            command_id: Uuid::nil(),
            aggregate_type: aggregate_type.to_owned(),
            aggregate_id: Uuid::nil().to_string(),
            sequence: 1,
            scope: Uuid::nil().to_string(),
            event_type: event_type.to_owned(),
            event_version: version.to_owned(),
            metadata: "{}".to_owned(),
            payload: payload.to_string(),
            recorded_at: Utc::now(),
            hash: vec![],
        };
        let event = to_resource((row, payload));
        (event.event_version, event.payload.0)
    }

    #[test]
    fn readers_get_the_current_form_of_an_event() {
        let (details, naming) = (json!({"details": 1}), json!({"naming": 1}));
        for (version, payload, shown) in [
            ("1", &naming, (2, &details)),
            ("2", &details, (2, &details)),
            // Written by a newer version.
            ("3", &naming, (3, &naming)),
        ] {
            let event = show(("group", "group_described", version), payload.clone());
            assert_eq!((event.0, &event.1), shown);
        }
    }

    #[test]
    fn readers_get_no_withheld_field_of_any_version() {
        for version in ["1", "9"] {
            let payload = json!({"name": "a.txt", "content_key": "secret"});
            let (_, shown) = show(("file", "file_uploaded", version), payload);
            assert_eq!(shown, json!({"name": "a.txt"}));
        }
    }
}
