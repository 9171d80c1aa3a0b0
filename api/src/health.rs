//! Whether the process lives, and whether it can serve.

use std::sync::Arc;
use std::time::Duration;

use eventstore::Log;
use poem::http::StatusCode;
use poem::web::{Data, Json};
use poem::{IntoResponse, Response, handler};
use projections::Progress;
use sqlx::PgPool;

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
    ready(&app.pool, &app.log, &app.progress).await
}

/// The same for any process.
pub(crate) async fn ready(pool: &PgPool, log: &Log, progress: &Progress) -> Response {
    let mut causes = Vec::new();
    match tokio::time::timeout(LIMIT, log.head(pool)).await {
        Ok(Ok((head, _))) => match progress.position().await {
            Ok(position) if head - position > LAG => causes.push("projections_behind"),
            Ok(_) => {}
            Err(_) => causes.push("database_unavailable"),
        },
        Ok(Err(_)) | Err(_) => causes.push("database_unavailable"),
    }
    let status = if causes.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let ready = causes.is_empty();
    Json(serde_json::json!({"ready": ready, "causes": causes}))
        .with_status(status)
        .into_response()
}
