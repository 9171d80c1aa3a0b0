//! What operators ask every process for, whatever its roles: on a listener of its own that no client reaches.

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

/// What the answers are made of.
#[derive(Debug)]
pub struct Admin {
    pub pool: PgPool,
    pub log: Log,
    pub feed: Feed,
    pub progress: Progress,
    pub metrics: Arc<Metrics>,
    /// Whether the tasks of this process are well.
    pub health: Health,
}

/// Everything that is served there.
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
    match admin.metrics.text(&admin).await {
        Ok(text) => Response::builder()
            .content_type("text/plain; version=0.0.4")
            .body(text),
        Err(error) => {
            tracing::warn!(%error, "the metrics could not be told");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

#[handler]
async fn readyz(admin: Data<&Arc<Admin>>) -> Response {
    health::ready(&admin.pool, &admin.health, &admin.feed).await
}
