//! Logs an outage once when it starts and once when it ends, however often the operation is retried.

use std::fmt::Display;
use std::time::Duration;

use tokio::time::Instant;

use crate::transient::Backoff;

/// An outage ends after this many longest pauses without a failure.
const RESET_FACTOR: u32 = 15;

/// Tracks consecutive failures of one operation.
#[derive(Debug)]
pub struct Outage {
    /// The operation, phrased to follow "failed to".
    action: String,
    backoff: Backoff,
    longest: Duration,
    /// Times of the first and the last failure.
    failed: Option<(Instant, Instant)>,
}

impl Outage {
    /// `shortest` and `longest` bound the pause between two attempts.
    pub fn new(action: impl Into<String>, shortest: Duration, longest: Duration) -> Self {
        Self {
            action: action.into(),
            backoff: Backoff::new(shortest, longest),
            longest,
            failed: None,
        }
    }

    /// Records a failure, logs it if it starts an outage, and sleeps before the next attempt.
    pub async fn pause(&mut self, error: &impl Display) {
        if self.record_failure() {
            tracing::warn!(%error, "failed to {}; retrying", self.action);
        }
        tokio::time::sleep(self.backoff.pause()).await;
    }

    /// Records a success and logs the end of an outage.
    pub fn record_success(&mut self) {
        if let Some((first, last)) = self.failed.take() {
            let seconds = (last - first).as_secs();
            tracing::info!(
                "managed to {} again after an outage of {seconds} s",
                self.action
            );
        }
        self.backoff.reset();
    }

    /// Returns whether an outage starts: an attempt that ran much longer than the pause counts as recovered.
    fn record_failure(&mut self) -> bool {
        let now = Instant::now();
        let first = self
            .failed
            .filter(|(_, last)| now - *last <= self.longest * RESET_FACTOR)
            .map(|(first, _)| first);
        if first.is_none() {
            self.backoff.reset();
        }
        self.failed = Some((first.unwrap_or(now), now));
        first.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_outage_begins_once_and_ends_once() {
        let mut outage = Outage::new("test", Duration::from_millis(10), Duration::from_secs(1));
        for _ in 0..2 {
            assert!(outage.record_failure(), "it worked before");
            for _ in 0..20 {
                outage.pause(&"away").await;
                assert!(!outage.record_failure());
            }
            outage.record_success();
            outage.record_success();
        }
        // A task that only waits for leadership records no success; its next failure is a new outage.
        outage.pause(&"away").await;
        tokio::time::advance(Duration::from_mins(1)).await;
        assert!(outage.record_failure());
    }
}
