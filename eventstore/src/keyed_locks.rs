//! One after the other: tasks that name the same thing wait for their turn.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;

type Running<K> = Arc<Mutex<HashMap<K, Arc<tokio::sync::Mutex<()>>>>>;

/// Turns by name. A name that nobody holds or waits for takes no room.
#[derive(Debug)]
pub(crate) struct Turns<K> {
    running: Running<K>,
}

impl<K> Clone for Turns<K> {
    fn clone(&self) -> Self {
        Self {
            running: self.running.clone(),
        }
    }
}

impl<K> Default for Turns<K> {
    fn default() -> Self {
        Self {
            running: Arc::default(),
        }
    }
}

/// A turn; dropping it lets the next one in.
#[derive(Debug)]
pub(crate) struct Turn<K: Eq + Hash> {
    running: Running<K>,
    key: K,
    held: Option<OwnedMutexGuard<()>>,
}

impl<K: Eq + Hash + Clone> Turns<K> {
    pub async fn turn(&self, key: K) -> Turn<K> {
        let turn = {
            let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            running.entry(key.clone()).or_default().clone()
        };
        Turn {
            running: self.running.clone(),
            key,
            held: Some(turn.lock_owned().await),
        }
    }
}

impl<K: Eq + Hash> Drop for Turn<K> {
    fn drop(&mut self) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        self.held = None;
        // Held by the map alone: nobody waits.
        if running
            .get(&self.key)
            .is_some_and(|turn| Arc::strong_count(turn) == 1)
        {
            running.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn turns_are_taken_one_by_one_and_leave_nothing() {
        let turns = Turns::default();
        let first = turns.turn("a").await;
        let _other = turns.turn("b").await;
        let mut second = Box::pin(turns.turn("a"));
        assert!(futures_util::poll!(&mut second).is_pending());
        drop(first);
        drop(second.await);
        assert_eq!(turns.running.lock().unwrap().len(), 1);
    }
}
