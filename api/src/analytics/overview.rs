//! The numbers on the first page of the dashboard.

use std::time::{Duration, Instant};

use poem_openapi::Object;
use projections::analytics::queries::{self, InstallationCounts};
use projections::user::sessions;
use sqlx::PgPool;
use tokio::sync::Mutex;

use super::Percentiles;
use super::machine::MachineLoad;

/// How long counts are cached, so that many readers cost one query.
const MAX_AGE: Duration = Duration::from_secs(1);

#[derive(Debug, Object)]
#[oai(rename = "Overview")]
pub(super) struct OverviewResource {
    /// Number of accounts, including suspended ones.
    pub users: i64,
    /// Number of people who were active in the last five minutes.
    pub active_users: i64,
    /// Number of conversations, including those in the trash.
    pub conversations: i64,
    pub messages: i64,
    /// Number of answers that are queued or being written.
    pub running_responses: i64,
    pub response_time: ResponseTime,
    /// Null if the operating system does not provide it.
    pub machine: Option<MachineLoad>,
    /// Seconds since the server started.
    pub uptime_seconds: u64,
}

/// Time until the response began, over the requests of the last five minutes; null if there were none.
#[derive(Debug, Object)]
pub(super) struct ResponseTime {
    pub median_ms: Option<f64>,
    pub p95_ms: Option<f64>,
    /// The number of requests that were measured, at most the last 2,048.
    pub requests: u64,
}

impl ResponseTime {
    pub(super) fn new(percentiles: Percentiles) -> Self {
        let milliseconds = |time: Option<Duration>| time.map(|time| time.as_secs_f64() * 1_000.0);
        Self {
            median_ms: milliseconds(percentiles.median),
            p95_ms: milliseconds(percentiles.p95),
            requests: percentiles.count,
        }
    }
}

/// The last counts, and the log position they include.
#[derive(Debug, Default)]
pub struct OverviewCache(Mutex<Option<(Instant, i64, InstallationCounts, i64)>>);

impl OverviewCache {
    /// Returns counts that include at least a position, and the number of active people.
    pub async fn counts(
        &self,
        pool: &PgPool,
        position: i64,
    ) -> Result<(InstallationCounts, i64), sqlx::Error> {
        // Concurrent callers wait here and share the result.
        let mut last = self.0.lock().await;
        if let Some((at, cached_position, counts, active)) = *last
            && (at.elapsed() < MAX_AGE && cached_position >= position)
        {
            return Ok((counts, active));
        }
        let counts = queries::counts(pool).await?;
        let active = sessions::count_active_users(pool).await?;
        *last = Some((Instant::now(), position, counts, active));
        Ok((counts, active))
    }
}
