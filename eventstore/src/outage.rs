//! Something that is away, said once when it goes and once when it is back, however often it is tried meanwhile.

use std::fmt::Display;
use std::time::Duration;

use tokio::time::Instant;

use crate::transient::Backoff;

/// So many times the longest pause without a failure are an outage's end.
const LONG: u32 = 15;

/// The failures of one kind of work, one after the other.
#[derive(Debug)]
pub struct Outage {
    /// What fails, after "failed to".
    what: String,
    backoff: Backoff,
    longest: Duration,
    /// When the first and the last try failed.
    failed: Option<(Instant, Instant)>,
}

impl Outage {
    /// Tries that follow each other are so long apart at least, and at most.
    pub fn of(what: impl Into<String>, shortest: Duration, longest: Duration) -> Self {
        Self {
            what: what.into(),
            backoff: Backoff::new(shortest, longest),
            longest,
            failed: None,
        }
    }

    /// It failed: says so where it went well before, and pauses.
    pub async fn pause(&mut self, error: &impl Display) {
        if self.begins() {
            tracing::warn!(%error, "failed to {}; retrying", self.what);
        }
        tokio::time::sleep(self.backoff.pause()).await;
    }

    /// It went well: says so where it failed before.
    pub fn over(&mut self) {
        if let Some((first, last)) = self.failed.take() {
            let seconds = (last - first).as_secs();
            tracing::info!("managed to {} again after {seconds} s", self.what);
        }
        self.backoff.reset();
    }

    /// A try that lasted much longer than the pause before it has gone well for a while.
    fn begins(&mut self) -> bool {
        let now = Instant::now();
        let first = self
            .failed
            .filter(|(_, last)| now - *last <= self.longest * LONG)
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
        let mut outage = Outage::of("test", Duration::from_millis(10), Duration::from_secs(1));
        for _ in 0..2 {
            assert!(outage.begins(), "it went well before");
            for _ in 0..20 {
                outage.pause(&"away").await;
                assert!(!outage.begins());
            }
            outage.over();
            outage.over();
        }
        // Whoever only waits for a lead says nothing, and the next failure is another outage.
        outage.pause(&"away").await;
        tokio::time::advance(Duration::from_mins(1)).await;
        assert!(outage.begins());
    }
}
