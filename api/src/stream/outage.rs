//! Short outages of the database do not end streams: their steps are retried.

use std::time::Duration;

use tokio::time::Instant;

/// How long the database may be unavailable before a stream ends.
const TOLERANCE: Duration = Duration::from_secs(30);
/// First and longest pause between retries.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// The retries of one step.
#[derive(Debug)]
pub(crate) struct Outage {
    /// When the first attempt failed.
    since: Option<Instant>,
    pause: Duration,
}

impl Outage {
    pub(crate) fn new() -> Self {
        Self {
            since: None,
            pause: FIRST_PAUSE,
        }
    }

    /// Waits before the next retry. Returns false if a retry is pointless: `code` is not a database outage, or the
    /// outage has lasted too long.
    pub(crate) async fn allows_retry(&mut self, code: &str) -> bool {
        let since = *self.since.get_or_insert_with(Instant::now);
        if code != "database_unavailable" || since.elapsed() > TOLERANCE {
            return false;
        }
        tokio::time::sleep(self.pause).await;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn only_database_outages_are_retried() {
        let mut outage = Outage::new();
        assert!(!outage.allows_retry("projection_behind").await);
        let started = Instant::now();
        let mut retries = 0;
        while outage.allows_retry("database_unavailable").await {
            retries += 1;
        }
        let waited = started.elapsed();
        assert!(waited > TOLERANCE && waited <= TOLERANCE + LONGEST_PAUSE);
        assert!(retries < 30, "{retries} retries");
    }
}
