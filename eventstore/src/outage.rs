//! Something that is away, said once when it goes and once when it is back, however often it is tried meanwhile.

use std::fmt::Display;
use std::time::{Duration, Instant};

use crate::transient::Backoff;

/// The failures of one kind of work, one after the other.
#[derive(Debug)]
pub struct Outage {
    /// What fails, after "failed to".
    what: String,
    backoff: Backoff,
    since: Option<Instant>,
}

impl Outage {
    /// Tries that follow each other are so long apart at least, and at most.
    pub fn of(what: impl Into<String>, shortest: Duration, longest: Duration) -> Self {
        Self {
            what: what.into(),
            backoff: Backoff::new(shortest, longest),
            since: None,
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
        if let Some(since) = self.since.take() {
            let seconds = since.elapsed().as_secs();
            tracing::info!("managed to {} again after {seconds} s", self.what);
        }
        self.backoff.reset();
    }

    fn begins(&mut self) -> bool {
        let begins = self.since.is_none();
        self.since.get_or_insert_with(Instant::now);
        begins
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
    }
}
