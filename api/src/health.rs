//! Whether the process lives, and whether it can serve.

use std::sync::Arc;
use std::time::Duration;

use eventstore::{Feed, Log};
use poem::http::StatusCode;
use poem::web::{Data, Json};
use poem::{IntoResponse, Request, Response, handler};
use projections::Progress;
use sqlx::PgPool;

use crate::edge::RequestId;
use crate::problem::Problem;
use crate::state::App;

/// How far views may be behind the log.
const LAG: i64 = 10_000;
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
        return told(&["stopping"]);
    }
    ready(&app.pool, &app.log, &app.progress, &app.feed).await
}

/// What a process answers that waits for its database.
#[handler]
pub fn waiting(request: &Request) -> Response {
    if request.uri().path() == "/readyz" {
        return told(&["database_unavailable"]);
    }
    let problem = Problem::unavailable("starting", "the server waits for its database; try again");
    let id = request.data::<RequestId>().map_or("", |id| id.0.as_str());
    problem.respond(id, request.uri().path())
}

/// The same for any process.
pub(crate) async fn ready(pool: &PgPool, log: &Log, progress: &Progress, feed: &Feed) -> Response {
    let mut causes = Vec::new();
    match tokio::time::timeout(LIMIT, log.head(pool)).await {
        Ok(Ok((head, _))) => match progress.position().await {
            Ok(position) if head - position > LAG => causes.push("projections_behind"),
            Ok(_) => {}
            Err(_) => causes.push("database_unavailable"),
        },
        Ok(Err(_)) | Err(_) => causes.push("database_unavailable"),
    }
    if feed.is_full() {
        causes.push("storage_full");
    }
    told(&causes)
}

fn told(causes: &[&str]) -> Response {
    let ready = causes.is_empty();
    let status = match ready {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    Json(serde_json::json!({"ready": ready, "causes": causes}))
        .with_status(status)
        .into_response()
}
