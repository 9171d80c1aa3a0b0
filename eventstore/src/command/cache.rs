//! Recently used aggregates, bounded in bytes.
//!
//! A command removes the instance, which avoids a clone, and returns it only after its append was acknowledged. In all
//! other cases the next command loads the aggregate from the log.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

use domain::StoredAggregate;
use lru::LruCache;
use uuid::Uuid;

use super::loaded::LoadedAggregate;

/// An aggregate's type and id.
pub(crate) type AggregateKey = (&'static str, Uuid);
/// A type-erased aggregate and its approximate size in bytes.
pub(crate) type CachedAggregate = (Box<dyn Any + Send>, usize);

/// The cache of one process.
#[derive(Clone)]
pub(crate) struct Cache {
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    entries: LruCache<AggregateKey, CachedAggregate>,
    bytes: usize,
    limit: usize,
    /// The epoch of the log; instances of earlier epochs are stale.
    epoch: u64,
}

impl Inner {
    /// Drops instances of earlier epochs. Returns false if the given epoch is an earlier one.
    fn is_current(&mut self, epoch: u64) -> bool {
        if epoch > self.epoch {
            self.entries.clear();
            self.bytes = 0;
            self.epoch = epoch;
        }
        epoch == self.epoch
    }
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cache").finish_non_exhaustive()
    }
}

impl Cache {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            inner: Arc::new(Mutex::new(Inner {
                entries: LruCache::unbounded(),
                bytes: 0,
                limit,
                epoch: 0,
            })),
        }
    }

    /// Removes and returns an instance of the given epoch.
    pub(crate) fn take<A: StoredAggregate + 'static>(
        &self,
        epoch: u64,
        id: Uuid,
    ) -> Option<LoadedAggregate<A>> {
        let mut inner = self.lock();
        if !inner.is_current(epoch) {
            return None;
        }
        let (loaded, bytes) = inner.entries.pop(&(A::TYPE, id))?;
        inner.bytes -= bytes;
        loaded.downcast().ok().map(|loaded| *loaded)
    }

    /// Stores the instances of an acknowledged command.
    pub(crate) fn put(
        &self,
        epoch: u64,
        instances: impl IntoIterator<Item = (AggregateKey, CachedAggregate)>,
    ) {
        let mut inner = self.lock();
        if !inner.is_current(epoch) {
            return;
        }
        for (key, cached) in instances {
            inner.bytes += cached.1;
            if let Some((_, (_, replaced))) = inner.entries.push(key, cached) {
                inner.bytes -= replaced;
            }
        }
        while inner.bytes > inner.limit
            && let Some((_, (_, bytes))) = inner.entries.pop_lru()
        {
            inner.bytes -= bytes;
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use domain::user::User;

    use super::*;

    fn user(version: i64) -> CachedAggregate {
        let loaded = LoadedAggregate {
            id: Uuid::nil(),
            aggregate: User::default(),
            version,
            snapshot: 0,
        };
        (Box::new(loaded), 100)
    }

    fn key(n: u128) -> AggregateKey {
        ("user", Uuid::from_u128(n))
    }

    #[test]
    fn an_instance_is_taken_once() {
        let cache = Cache::new(1_000);
        cache.put(0, [(key(1), user(7))]);
        assert_eq!(
            cache.take::<User>(0, key(1).1).map(|loaded| loaded.version),
            Some(7)
        );
        assert!(cache.take::<User>(0, key(1).1).is_none());
    }

    #[test]
    fn the_least_recently_used_are_evicted_when_it_is_full() {
        let cache = Cache::new(250);
        for n in 1..=3 {
            cache.put(0, [(key(n), user(1))]);
        }
        // Replacing an entry uses no additional space.
        cache.put(0, [(key(3), user(2))]);
        assert!(cache.take::<User>(0, key(1).1).is_none());
        assert!(cache.take::<User>(0, key(2).1).is_some());
        assert_eq!(
            cache.take::<User>(0, key(3).1).map(|loaded| loaded.version),
            Some(2)
        );
        assert_eq!(cache.lock().bytes, 0);
    }

    #[test]
    fn instances_of_an_earlier_epoch_are_dropped() {
        let cache = Cache::new(1_000);
        cache.put(0, [(key(1), user(7)), (key(2), user(7))]);
        assert!(cache.take::<User>(1, key(1).1).is_none());
        // A command that was pending when the epoch changed returns its instance too late.
        cache.put(0, [(key(3), user(7))]);
        for n in 1..=3 {
            assert!(cache.take::<User>(0, key(n).1).is_none());
            assert!(cache.take::<User>(1, key(n).1).is_none());
        }
        assert_eq!(cache.lock().bytes, 0);
    }
}
