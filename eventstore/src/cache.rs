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
            })),
        }
    }

    /// Takes an instance out.
    pub fn take<A: Recorded + 'static>(&self, id: Uuid) -> Option<Loaded<A>> {
        let mut inner = self.lock();
        let (loaded, bytes) = inner.entries.pop(&(A::TYPE, id))?;
        inner.bytes -= bytes;
        loaded.downcast().ok().map(|loaded| *loaded)
    }

    /// Gives instances back, as an acknowledged command has left them.
    pub fn put(&self, instances: impl IntoIterator<Item = (Key, Kept)>) {
        let mut inner = self.lock();
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

    /// Forgets everything: the log is not what this process has seen.
    pub fn clear(&self) {
        let mut inner = self.lock();
        inner.entries.clear();
        inner.bytes = 0;
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
        cache.put([(key(1), user(7))]);
        assert_eq!(
            cache.take::<User>(key(1).1).map(|loaded| loaded.version),
            Some(7)
        );
        assert!(cache.take::<User>(key(1).1).is_none());
    }

    #[test]
    fn the_least_recently_used_go_when_it_is_full() {
        let cache = Cache::new(250);
        for n in 1..=3 {
            cache.put([(key(n), user(1))]);
        }
        // The same key again takes no more room.
        cache.put([(key(3), user(2))]);
        assert!(cache.take::<User>(key(1).1).is_none());
        assert!(cache.take::<User>(key(2).1).is_some());
        assert_eq!(
            cache.take::<User>(key(3).1).map(|loaded| loaded.version),
            Some(2)
        );
        assert_eq!(cache.lock().bytes, 0);
    }
}
