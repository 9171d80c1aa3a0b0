//! A database that is away for seconds ends no stream: steps are tried again until it is back.

use std::time::Duration;

use tokio::time::Instant;

/// How long the database may be away before a stream ends and says so.
const TOLERANCE: Duration = Duration::from_secs(30);
/// Between two tries, at first and at most.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// The tries of one step.
#[derive(Debug)]
pub(crate) struct Outage {
    /// When the first try failed.
    since: Option<Instant>,
    pause: Duration,
}

impl Outage {
    pub fn new() -> Self {
        Self {
            since: None,
            pause: FIRST_PAUSE,
        }
    }

    /// Waits before the next try; false where another one is of no use, as `code` has another reason than the database
    /// or it has been away for too long.
    pub async fn allows_retry(&mut self, code: &str) -> bool {
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
    async fn the_database_is_waited_for_and_nothing_else_is() {
        let mut outage = Outage::new();
        assert!(!outage.allows_retry("projection_behind").await);
        let begun = Instant::now();
        let mut tries = 0;
        while outage.allows_retry("database_unavailable").await {
            tries += 1;
        }
        let waited = begun.elapsed();
        assert!(waited > TOLERANCE && waited <= TOLERANCE + LONGEST_PAUSE);
        assert!(tries < 30, "{tries} tries");
    }
}
