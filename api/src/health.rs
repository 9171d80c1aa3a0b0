//! Liveness and readiness of the process.

use std::sync::Arc;
use std::time::Duration;

use eventstore::{Feed, Health};
use poem::http::StatusCode;
use poem::web::{Data, Json};
use poem::{IntoResponse, Request, Response, handler};
use projections::lag::{self, Lag};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::http::{Problem, RequestId};
use crate::state::App;

const LIMIT: Duration = Duration::from_secs(1);

/// Replies as long as the process runs.
#[handler]
pub(crate) fn livez() -> &'static str {
    "ok"
}

/// Returns 200 if requests can be served, otherwise 503 and the causes.
#[handler]
pub(crate) async fn readyz(app: Data<&Arc<App>>) -> Response {
    if *app.closing.borrow() {
        return readiness_reply(&["stopping"], vec![]);
    }
    check_readiness(&app.pool, &app.health, &app.feed).await
}

/// The reply to every other request while the process waits for its database.
#[handler]
pub(crate) fn starting(request: &Request) -> Response {
    if request.uri().path() == "/readyz" {
        return readiness_reply(&["database_unavailable"], vec![]);
    }
    let problem = Problem::unavailable(
        "starting",
        "the server is waiting for its database; try again",
    );
    let id = request.data::<RequestId>().map_or("", |id| id.0.as_str());
    problem.respond(id, request.uri().path())
}

/// Checks what prevents a process from serving requests.
pub(crate) async fn check_readiness(pool: &PgPool, health: &Health, feed: &Feed) -> Response {
    let mut causes = Vec::new();
    let mut details = Vec::new();
    match tokio::time::timeout(LIMIT, lag::list(pool)).await {
        Ok(Ok(behind)) => {
            if behind.iter().any(Lag::is_too_long) {
                causes.push("projections_behind");
            }
            details.extend(behind.iter().filter(|lag| lag.is_too_long()).map(lag_json));
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
    readiness_reply(&causes, details)
}

fn lag_json(lag: &Lag) -> Value {
    json!({
        "projection": lag.projection, "events": lag.events, "seconds": lag.seconds, "rebuilding": lag.rebuilding,
        "blocked_by": lag.blocked_by,
    })
}

fn readiness_reply(causes: &[&str], details: Vec<Value>) -> Response {
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
