//! Locks by key: tasks that use the same key run one after the other.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;

type Entries<K> = Arc<Mutex<HashMap<K, Arc<tokio::sync::Mutex<()>>>>>;

/// A set of locks. A key that nobody holds or waits for uses no memory.
#[derive(Debug)]
pub(crate) struct KeyedLocks<K> {
    entries: Entries<K>,
}

impl<K> Clone for KeyedLocks<K> {
    fn clone(&self) -> Self {
        Self {
            entries: self.entries.clone(),
        }
    }
}

impl<K> Default for KeyedLocks<K> {
    fn default() -> Self {
        Self {
            entries: Arc::default(),
        }
    }
}

/// Holds the lock of a key until dropped.
#[derive(Debug)]
pub(crate) struct KeyedLockGuard<K: Eq + Hash> {
    entries: Entries<K>,
    key: K,
    guard: Option<OwnedMutexGuard<()>>,
}

impl<K: Eq + Hash + Clone> KeyedLocks<K> {
    pub(super) async fn lock(&self, key: K) -> KeyedLockGuard<K> {
        let lock = {
            let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
            entries.entry(key.clone()).or_default().clone()
        };
        KeyedLockGuard {
            entries: self.entries.clone(),
            key,
            guard: Some(lock.lock_owned().await),
        }
    }
}

impl<K: Eq + Hash> Drop for KeyedLockGuard<K> {
    fn drop(&mut self) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        self.guard = None;
        // Only the map refers to it: nobody waits.
        if entries
            .get(&self.key)
            .is_some_and(|lock| Arc::strong_count(lock) == 1)
        {
            entries.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn locks_are_acquired_in_order_and_removed_when_unused() {
        let locks = KeyedLocks::default();
        let first = locks.lock("a").await;
        let _other = locks.lock("b").await;
        let mut second = Box::pin(locks.lock("a"));
        assert!(futures_util::poll!(&mut second).is_pending());
        drop(first);
        drop(second.await);
        assert_eq!(locks.entries.lock().unwrap().len(), 1);
    }
}
