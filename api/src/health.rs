//! Whether the process lives, and whether it can serve.

use std::sync::Arc;
use std::time::Duration;

use eventstore::{Feed, Health};
use poem::http::StatusCode;
use poem::web::{Data, Json};
use poem::{IntoResponse, Request, Response, handler};
use projections::lag::{self, Lag};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::edge::RequestId;
use crate::problem::Problem;
use crate::state::App;

const LIMIT: Duration = Duration::from_secs(1);

/// Answers as long as the process lives.
#[handler]
pub fn livez() -> &'static str {
    "ok"
}

/// 200 when requests can be served, else 503 with the causes.
#[handler]
pub async fn readyz(app: Data<&Arc<App>>) -> Response {
    if *app.closing.borrow() {
        return told(&["stopping"], vec![]);
    }
    ready(&app.pool, &app.health, &app.feed).await
}

/// What a process answers that waits for its database.
#[handler]
pub fn waiting(request: &Request) -> Response {
    if request.uri().path() == "/readyz" {
        return told(&["database_unavailable"], vec![]);
    }
    let problem = Problem::unavailable("starting", "the server waits for its database; try again");
    let id = request.data::<RequestId>().map_or("", |id| id.0.as_str());
    problem.respond(id, request.uri().path())
}

/// The same for any process: what keeps it from serving, with the details.
pub(crate) async fn ready(pool: &PgPool, health: &Health, feed: &Feed) -> Response {
    let mut causes = Vec::new();
    let mut details = Vec::new();
    match tokio::time::timeout(LIMIT, lag::behind(pool)).await {
        Ok(Ok(behind)) => {
            if behind.iter().any(Lag::is_too_long) {
                causes.push("projections_behind");
            }
            details.extend(behind.iter().filter(|lag| lag.is_too_long()).map(told_lag));
        }
        Ok(Err(_)) | Err(_) => causes.push("database_unavailable"),
    }
    let failing = health.failing();
    if !failing.is_empty() {
        causes.push("task_failing");
        details.extend(failing.iter().map(|task| json!({"task": task})));
    }
    if feed.is_full() {
        causes.push("storage_full");
    }
    told(&causes, details)
}

fn told_lag(lag: &Lag) -> Value {
    json!({
        "projection": lag.projection, "events": lag.events, "seconds": lag.seconds, "rebuilding": lag.rebuilding,
        "blocked_by": lag.blocked_by,
    })
}

fn told(causes: &[&str], details: Vec<Value>) -> Response {
    let ready = causes.is_empty();
    let status = match ready {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    let mut body = json!({"ready": ready, "causes": causes});
    if !details.is_empty() {
        body["details"] = Value::Array(details);
    }
    Json(body).with_status(status).into_response()
}
