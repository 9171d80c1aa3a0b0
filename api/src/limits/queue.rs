//! A queue per key for expensive work: a few run at the same time, others wait, and keys do not delay each other.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::buckets::Key;

/// The running and waiting tasks of each key. Keys without any have no entry.
#[derive(Debug)]
pub(super) struct FairQueue {
    at_once: usize,
    max_waiting: usize,
    queues: Arc<Mutex<HashMap<Key, Queue>>>,
}

#[derive(Debug)]
struct Queue {
    permits: Arc<Semaphore>,
    length: usize,
}

/// Permission to run. The next in the queue gets it when this is dropped.
#[derive(Debug)]
pub(super) struct QueuePermit {
    // Declared before the entry, so that the permit is released first.
    _permit: OwnedSemaphorePermit,
    _entry: QueueEntry,
}

#[derive(Debug)]
struct QueueEntry {
    key: Key,
    queues: Arc<Mutex<HashMap<Key, Queue>>>,
}

impl FairQueue {
    pub(super) fn new(at_once: usize, max_waiting: usize) -> Self {
        Self {
            at_once,
            max_waiting,
            queues: Arc::default(),
        }
    }

    /// Waits for permission to run; none if the queue is full.
    pub(super) async fn acquire(&self, key: Key) -> Option<QueuePermit> {
        let (permits, entry) = self.join(key)?;
        Some(QueuePermit {
            _permit: permits.acquire_owned().await.ok()?,
            _entry: entry,
        })
    }

    fn join(&self, key: Key) -> Option<(Arc<Semaphore>, QueueEntry)> {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        let queue = queues.entry(key).or_insert_with(|| Queue {
            permits: Arc::new(Semaphore::new(self.at_once)),
            length: 0,
        });
        if queue.length >= self.at_once + self.max_waiting {
            return None;
        }
        queue.length += 1;
        let entry = QueueEntry {
            key,
            queues: self.queues.clone(),
        };
        Some((queue.permits.clone(), entry))
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.queues.lock().unwrap().len()
    }
}

impl Drop for QueueEntry {
    fn drop(&mut self) {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = queues.get_mut(&self.key) {
            queue.length -= 1;
            if queue.length == 0 {
                queues.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    const HERE: Key = [1; 32];
    const THERE: Key = [2; 32];

    #[tokio::test]
    async fn keys_do_not_delay_each_other() {
        let queue = FairQueue::new(2, 1);
        let first = queue.acquire(HERE).await.unwrap();
        let _second = queue.acquire(HERE).await.unwrap();
        let mut third = Box::pin(queue.acquire(HERE));
        assert!(third.as_mut().now_or_never().is_none(), "it waits");
        assert!(queue.acquire(HERE).await.is_none(), "the queue is full");
        assert!(queue.acquire(THERE).now_or_never().flatten().is_some());
        drop(first);
        assert!(third.await.is_some());
    }

    #[tokio::test]
    async fn empty_queues_are_removed() {
        let queue = FairQueue::new(1, 1);
        let held = queue.acquire(HERE).await;
        let mut waiting = Box::pin(queue.acquire(HERE));
        assert!(waiting.as_mut().now_or_never().is_none());
        // A client that disconnects leaves the queue.
        drop(waiting);
        assert_eq!(queue.len(), 1);
        drop(held);
        assert_eq!(queue.len(), 0);
    }
}
