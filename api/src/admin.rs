//! Metrics and health of a process, on a separate listener that clients cannot reach.

use std::sync::Arc;

use eventstore::{Feed, Health, Log};
use poem::http::StatusCode;
use poem::middleware::AddData;
use poem::web::Data;
use poem::{Endpoint, EndpointExt, IntoResponse, Response, Route, get, handler};
use projections::Progress;
use sqlx::PgPool;

use crate::health;
use crate::metrics::Metrics;

/// The state that these endpoints read.
#[derive(Debug)]
pub struct Admin {
    pub pool: PgPool,
    pub log: Log,
    pub feed: Feed,
    pub progress: Progress,
    pub metrics: Arc<Metrics>,
    /// The health of the background tasks of this process.
    pub health: Health,
}

/// The endpoint of the separate listener.
pub fn endpoint(admin: Arc<Admin>) -> impl Endpoint<Output = Response> + 'static {
    Route::new()
        .at("/metrics", get(metrics))
        .at("/livez", get(health::livez))
        .at("/readyz", get(readyz))
        .with(AddData::new(admin))
        .map_to_response()
}

#[handler]
async fn metrics(admin: Data<&Arc<Admin>>) -> Response {
    match admin.metrics.text(&admin.pool, &admin.feed).await {
        Ok(text) => Response::builder()
            .content_type("text/plain; version=0.0.4")
            .body(text),
        Err(error) => {
            tracing::warn!(%error, "cannot collect metrics");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

#[handler]
async fn readyz(admin: Data<&Arc<Admin>>) -> Response {
    health::check_readiness(&admin.pool, &admin.health, &admin.feed).await
}
