//! How long the last requests took.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Requests that are remembered, and for how long.
const KEPT: usize = 2_048;
const SPAN: Duration = Duration::from_mins(5);

#[derive(Debug, Default)]
pub struct Recent(Mutex<VecDeque<(Instant, Duration)>>);

/// Between which times requests lay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    pub count: u64,
    pub median: Option<Duration>,
    pub p95: Option<Duration>,
}

impl Recent {
    pub fn took(&self, now: Instant, time: Duration) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back((now, time));
    }

    pub fn spread(&self, now: Instant) -> Spread {
        let mut times: Vec<Duration> = {
            let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            kept.iter()
                .filter(|(at, _)| now.duration_since(*at) < SPAN)
                .map(|(_, time)| *time)
                .collect()
        };
        times.sort_unstable();
        // The nearest rank, as statistics define it.
        let rank =
            |percent: usize| times.get((times.len() * percent).div_ceil(100).saturating_sub(1));
        Spread {
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
    fn the_spread_is_that_of_the_last_five_minutes() {
        let recent = Recent::default();
        let begun = Instant::now();
        let nothing = recent.spread(begun);
        assert_eq!(
            (nothing.count, nothing.median, nothing.p95),
            (0, None, None)
        );
        recent.took(begun, Duration::from_secs(9));
        let later = begun + SPAN;
        for milliseconds in (1..=100).rev() {
            recent.took(later, Duration::from_millis(milliseconds));
        }
        let spread = recent.spread(later);
        assert_eq!(spread.count, 100);
        assert_eq!(spread.median, Some(Duration::from_millis(50)));
        assert_eq!(spread.p95, Some(Duration::from_millis(95)));
    }

    #[test]
    fn only_so_many_requests_are_kept() {
        let recent = Recent::default();
        let now = Instant::now();
        for _ in 0..KEPT * 2 {
            recent.took(now, Duration::from_millis(1));
        }
        assert_eq!(recent.spread(now).count, KEPT as u64);
    }
}
