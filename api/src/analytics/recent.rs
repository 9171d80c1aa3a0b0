//! Durations of recent requests.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Number of requests that are kept, and for how long.
const CAPACITY: usize = 2_048;
const SPAN: Duration = Duration::from_mins(5);

#[derive(Debug, Default)]
pub(crate) struct RecentDurations(Mutex<VecDeque<(Instant, Duration)>>);

/// Percentiles of the durations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Percentiles {
    pub count: u64,
    pub median: Option<Duration>,
    pub p95: Option<Duration>,
}

impl RecentDurations {
    pub(crate) fn record(&self, now: Instant, time: Duration) {
        let mut durations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if durations.len() == CAPACITY {
            durations.pop_front();
        }
        durations.push_back((now, time));
    }

    pub(crate) fn percentiles(&self, now: Instant) -> Percentiles {
        let mut times: Vec<Duration> = {
            let durations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            durations
                .iter()
                .filter(|(at, _)| now.duration_since(*at) < SPAN)
                .map(|(_, time)| *time)
                .collect()
        };
        times.sort_unstable();
        // The nearest-rank method.
        let rank =
            |percent: usize| times.get((times.len() * percent).div_ceil(100).saturating_sub(1));
        Percentiles {
            count: times.len() as u64,
            median: rank(50).copied(),
            p95: rank(95).copied(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_cover_the_last_five_minutes() {
        let recent = RecentDurations::default();
        let start = Instant::now();
        let nothing = recent.percentiles(start);
        assert_eq!(
            (nothing.count, nothing.median, nothing.p95),
            (0, None, None)
        );
        recent.record(start, Duration::from_secs(9));
        let later = start + SPAN;
        for milliseconds in (1..=100).rev() {
            recent.record(later, Duration::from_millis(milliseconds));
        }
        let percentiles = recent.percentiles(later);
        assert_eq!(percentiles.count, 100);
        assert_eq!(percentiles.median, Some(Duration::from_millis(50)));
        assert_eq!(percentiles.p95, Some(Duration::from_millis(95)));
    }

    #[test]
    fn the_number_of_kept_requests_is_bounded() {
        let recent = RecentDurations::default();
        let now = Instant::now();
        for _ in 0..CAPACITY * 2 {
            recent.record(now, Duration::from_millis(1));
        }
        assert_eq!(recent.percentiles(now).count, CAPACITY as u64);
    }
}
