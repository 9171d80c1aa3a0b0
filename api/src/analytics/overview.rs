//! The numbers of the first page of a dashboard.

use std::time::{Duration, Instant};

use poem_openapi::Object;
use projections::analytics::queries::{self, Counts};
use projections::user::sessions;
use sqlx::PgPool;
use tokio::sync::Mutex;

use super::Spread;
use super::machine::MachineLoad;

/// How long counts are good for: however many look, they are counted once.
const FRESH: Duration = Duration::from_secs(1);

#[derive(Debug, Object)]
#[oai(rename = "Overview")]
pub struct OverviewResource {
    /// Accounts, suspended ones too.
    pub users: i64,
    /// People who have used a session in the last five minutes.
    pub active_users: i64,
    /// Those in the trash too.
    pub conversations: i64,
    pub messages: i64,
    /// Answers that are waited for or being written.
    pub running_responses: i64,
    pub response_time: ResponseTime,
    /// Null where the operating system does not tell.
    pub machine: Option<MachineLoad>,
    /// Since the server was started.
    pub uptime_seconds: u64,
}

/// How long requests of the last five minutes took until their answer began; null where there was none.
#[derive(Debug, Object)]
pub struct ResponseTime {
    pub median_ms: Option<f64>,
    pub p95_ms: Option<f64>,
    /// Of how many requests, the last 2,048 at most.
    pub requests: u64,
}

impl ResponseTime {
    pub fn of(spread: Spread) -> Self {
        let milliseconds = |time: Option<Duration>| time.map(|time| time.as_secs_f64() * 1_000.0);
        Self {
            median_ms: milliseconds(spread.median),
            p95_ms: milliseconds(spread.p95),
            requests: spread.count,
        }
    }
}

/// The last counts, with the position that they show.
#[derive(Debug, Default)]
pub struct Overviews(Mutex<Option<(Instant, i64, Counts, i64)>>);

impl Overviews {
    /// Counts of at least a position, and how many people are active.
    pub async fn counts(&self, pool: &PgPool, position: i64) -> Result<(Counts, i64), sqlx::Error> {
        // Whoever asks meanwhile waits for the same counts.
        let mut last = self.0.lock().await;
        if let Some((at, shown, counts, active)) = *last
            && (at.elapsed() < FRESH && shown >= position)
        {
            return Ok((counts, active));
        }
        let counts = queries::counts(pool).await?;
        let active = sessions::active_people(pool).await?;
        *last = Some((Instant::now(), position, counts, active));
        Ok((counts, active))
    }
}
