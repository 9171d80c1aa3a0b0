//! Recently used aggregates, bounded in bytes.
//!
//! A command takes an instance out, so that deciding costs no clone, and gives it back only after its append was
//! acknowledged. Whatever else happens to the command, the instance is gone and the next one loads from the log.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

use domain::Recorded;
use lru::LruCache;
use uuid::Uuid;

use crate::store::Loaded;

/// An aggregate's type and id.
pub(crate) type Key = (&'static str, Uuid);
/// An aggregate with its type left out, and about how many bytes it takes.
pub(crate) type Kept = (Box<dyn Any + Send>, usize);

/// The cache of one process.
#[derive(Clone)]
pub(crate) struct Cache {
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    entries: LruCache<Key, Kept>,
    bytes: usize,
    limit: usize,
    /// Of the log: instances of an earlier one are void.
    epoch: u64,
}

impl Inner {
    /// Forgets what is of an earlier epoch. False where the epoch itself is an earlier one.
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
    pub fn new(limit: usize) -> Self {
        Self {
            inner: Arc::new(Mutex::new(Inner {
                entries: LruCache::unbounded(),
                bytes: 0,
                limit,
                epoch: 0,
            })),
        }
    }

    /// Takes an instance out, where it is of an epoch.
    pub fn take<A: Recorded + 'static>(&self, epoch: u64, id: Uuid) -> Option<Loaded<A>> {
        let mut inner = self.lock();
        if !inner.is_current(epoch) {
            return None;
        }
        let (loaded, bytes) = inner.entries.pop(&(A::TYPE, id))?;
        inner.bytes -= bytes;
        loaded.downcast().ok().map(|loaded| *loaded)
    }

    /// Gives instances back, as a command of an epoch has left them that was acknowledged.
    pub fn put(&self, epoch: u64, instances: impl IntoIterator<Item = (Key, Kept)>) {
        let mut inner = self.lock();
        if !inner.is_current(epoch) {
            return;
        }
        for (key, kept) in instances {
            inner.bytes += kept.1;
            if let Some((_, (_, replaced))) = inner.entries.push(key, kept) {
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

    fn user(version: i64) -> Kept {
        let loaded = Loaded {
            id: Uuid::nil(),
            aggregate: User::default(),
            version,
            snapshot: 0,
        };
        (Box::new(loaded), 100)
    }

    fn key(n: u128) -> Key {
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
    fn the_least_recently_used_go_when_it_is_full() {
        let cache = Cache::new(250);
        for n in 1..=3 {
            cache.put(0, [(key(n), user(1))]);
        }
        // The same key again takes no more room.
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
    fn instances_of_an_earlier_epoch_are_void() {
        let cache = Cache::new(1_000);
        cache.put(0, [(key(1), user(7)), (key(2), user(7))]);
        assert!(cache.take::<User>(1, key(1).1).is_none());
        // What was under way when the epoch rose comes too late.
        cache.put(0, [(key(3), user(7))]);
        for n in 1..=3 {
            assert!(cache.take::<User>(0, key(n).1).is_none());
            assert!(cache.take::<User>(1, key(n).1).is_none());
        }
        assert_eq!(cache.lock().bytes, 0);
    }
}
