//! Rate limiting with token buckets (GCRA): one bucket for each key of a rule.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::StateInformationMiddleware;
use governor::nanos::Nanos;
use governor::state::StateStore;
use governor::{Quota, RateLimiter};
use lru::LruCache;
use sha2::{Digest, Sha256};
use tokio::time::Instant;

/// The key of a bucket. A digest, so that the length of client input has no effect on memory use.
pub(super) type Key = [u8; 32];

/// Maximum number of buckets per rule; the least recently used one is evicted first.
const CAPACITY: usize = 65_536;
/// Full buckets that each use removes, so that the table also shrinks.
const PRUNED_AT_ONCE: usize = 2;

/// Creates the key of a bucket. The digest includes the length of each part, so that different lists never collide.
pub(super) fn key(parts: &[&[u8]]) -> Key {
    let digest = parts.iter().fold(Sha256::new(), |digest, part| {
        digest
            .chain_update(part.len().to_be_bytes())
            .chain_update(part)
    });
    digest.finalize().into()
}

/// How often an action is allowed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    /// Its name in the `RateLimit` headers.
    pub name: &'static str,
    pub limit: NonZeroU32,
    /// The time in which an empty bucket fills again.
    pub window: Duration,
}

impl Rule {
    fn interval(&self) -> Duration {
        self.window / self.limit.get()
    }

    /// The time until a bucket with `left` of its limit is full again.
    pub(super) fn refills_in(&self, left: u32) -> Duration {
        self.interval() * self.limit.get().saturating_sub(left)
    }
}

/// The time since the buckets were created.
#[derive(Debug, Clone, Copy)]
struct Stopwatch(Instant);

impl Clock for Stopwatch {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.0.elapsed().into()
    }
}

/// For each key, the instant at which its bucket is full again. Bounded, whatever clients send.
#[derive(Debug, Clone)]
struct Store {
    clock: Stopwatch,
    full_at: Arc<Mutex<LruCache<Key, Nanos>>>,
}

impl StateStore for Store {
    type Key = Key;

    fn measure_and_replace<T, F, E>(&self, key: &Key, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let (outcome, next) = measure(full_at.get(key).copied())?;
        full_at.put(*key, next);
        if full_at.len() > CAPACITY {
            full_at.pop_lru();
        }
        let now = self.clock.now();
        for _ in 0..PRUNED_AT_ONCE {
            if full_at.peek_lru().is_some_and(|(_, full)| *full <= now) {
                full_at.pop_lru();
            }
        }
        Ok(outcome)
    }
}

/// The buckets of one rule.
#[derive(Debug)]
pub(super) struct Buckets {
    pub rule: Rule,
    store: Store,
    limiter: RateLimiter<Key, Store, Stopwatch, StateInformationMiddleware>,
}

impl Buckets {
    pub(super) fn new(rule: Rule) -> Self {
        let clock = Stopwatch(Instant::now());
        let store = Store {
            clock,
            // A bounded table would allocate its capacity at once, for each rule.
            full_at: Arc::new(Mutex::new(LruCache::unbounded())),
        };
        let quota = Quota::with_period(rule.interval())
            .unwrap_or_else(|| Quota::per_minute(rule.limit))
            .allow_burst(rule.limit);
        let limiter = RateLimiter::new(quota, store.clone(), clock);
        Self {
            rule,
            store,
            limiter,
        }
    }

    /// Counts one action. Returns what remains, or how long to wait.
    pub(super) fn take(&self, key: &Key) -> Result<u32, Duration> {
        match self.limiter.check_key(key) {
            Ok(state) => Ok(state.remaining_burst_capacity()),
            Err(refused) => Err(refused.wait_time_from(self.store.clock.now())),
        }
    }

    /// Takes one count back.
    pub(super) fn refund(&self, key: &Key) {
        let mut full_at = self
            .store
            .full_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let Some(full) = full_at.get_mut(key) else {
            return;
        };
        *full = full.saturating_sub(self.rule.interval().into());
        // A missing bucket counts as full.
        if *full <= self.store.clock.now() {
            full_at.pop(key);
        }
    }

    /// The number of buckets in memory.
    pub(super) fn len(&self) -> usize {
        let full_at = self.store.full_at.lock();
        full_at.unwrap_or_else(PoisonError::into_inner).len()
    }
}
