//! The time and new ids of a process: the system's, or fixed in tests.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::{Builder, Uuid};

/// Where a process reads the time and creates ids. The composition root creates one; clones share it.
///
/// Deadlines and elapsed time are measured with [`std::time::Instant`], leases and the times of events with the clock of
/// the database, which all processes share. Secrets come from [`random_bytes`](crate::seal::vault::random_bytes), never
/// from here.
#[derive(Debug, Clone, Default)]
pub struct Clock(Option<Arc<Mutex<FixedClock>>>);

#[derive(Debug)]
struct FixedClock {
    now: DateTime<Utc>,
    /// Number of ids so far.
    ids: u64,
}

impl Clock {
    /// The clock and the random numbers of the operating system.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that moves only when it is told to, and whose ids are the same in every run.
    pub fn fixed(now: DateTime<Utc>) -> Self {
        Self(Some(Arc::new(Mutex::new(FixedClock { now, ids: 0 }))))
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the only place that reads the system's time"
    )]
    pub fn now(&self) -> DateTime<Utc> {
        self.with_fixed(|fixed| fixed.now).unwrap_or_else(Utc::now)
    }

    /// A new id of version 7: unique, and in the order of creation.
    #[expect(
        clippy::disallowed_methods,
        reason = "the only place that creates random ids"
    )]
    pub fn new_id(&self) -> Uuid {
        self.with_fixed(FixedClock::new_id)
            .unwrap_or_else(Uuid::now_v7)
    }

    /// Moves a fixed clock; the system's stays as it is.
    pub fn advance(&self, time: TimeDelta) {
        self.with_fixed(|fixed| fixed.now += time);
    }

    fn with_fixed<T>(&self, read: impl FnOnce(&mut FixedClock) -> T) -> Option<T> {
        let fixed = self.0.as_ref()?;
        Some(read(
            &mut fixed.lock().unwrap_or_else(PoisonError::into_inner),
        ))
    }
}

impl FixedClock {
    /// The time and a counter where others have random bits.
    fn new_id(&mut self) -> Uuid {
        self.ids += 1;
        let milliseconds = u64::try_from(self.now.timestamp_millis()).unwrap_or(0);
        let mut counter = [0; 10];
        counter[2..].copy_from_slice(&self.ids.to_be_bytes());
        Builder::from_unix_timestamp_millis(milliseconds, &counter).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_moves_only_when_told_and_repeats_its_ids() {
        let start = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let clock = Clock::fixed(start);
        let other = clock.clone();
        let ids = [clock.new_id(), other.new_id()];
        assert_eq!((clock.now(), ids[0].get_version_num()), (start, 7));
        other.advance(TimeDelta::minutes(15));
        assert_eq!(clock.now(), start + TimeDelta::minutes(15));
        let later = clock.new_id();
        assert!(ids[0] < ids[1] && ids[1] < later);
        let repeated = Clock::fixed(start);
        assert_eq!([repeated.new_id(), repeated.new_id()], ids);
    }

    #[test]
    fn ids_of_the_system_are_unique_and_in_the_order_of_creation() {
        let clock = Clock::system();
        let ids: Vec<Uuid> = (0..1_000).map(|_| clock.new_id()).collect();
        assert!(ids.is_sorted_by(|a, b| a < b));
    }
}
