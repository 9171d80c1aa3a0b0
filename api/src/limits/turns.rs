//! Turns of one network at what costs much: a few at once, the others wait in line, and nobody else waits with them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::buckets::Key;

/// Everything that is under way or waits, by key. A key without either is not kept.
#[derive(Debug)]
pub struct Turns {
    at_once: usize,
    waiting: usize,
    lines: Arc<Mutex<HashMap<Key, Line>>>,
}

#[derive(Debug)]
struct Line {
    places: Arc<Semaphore>,
    length: usize,
}

/// A turn. The next in line has it when this is dropped.
#[derive(Debug)]
pub struct Turn {
    // Declared before the place in line: the permit is released first.
    _permit: OwnedSemaphorePermit,
    _place: Place,
}

#[derive(Debug)]
struct Place {
    key: Key,
    lines: Arc<Mutex<HashMap<Key, Line>>>,
}

impl Turns {
    pub fn new(at_once: usize, waiting: usize) -> Self {
        Self {
            at_once,
            waiting,
            lines: Arc::default(),
        }
    }

    /// Waits for a turn; none where the line is too long already.
    pub async fn wait(&self, key: Key) -> Option<Turn> {
        let (places, place) = self.line_up(key)?;
        Some(Turn {
            _permit: places.acquire_owned().await.ok()?,
            _place: place,
        })
    }

    fn line_up(&self, key: Key) -> Option<(Arc<Semaphore>, Place)> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let line = lines.entry(key).or_insert_with(|| Line {
            places: Arc::new(Semaphore::new(self.at_once)),
            length: 0,
        });
        if line.length >= self.at_once + self.waiting {
            return None;
        }
        line.length += 1;
        let place = Place {
            key,
            lines: self.lines.clone(),
        };
        Some((line.places.clone(), place))
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.lines.lock().unwrap().len()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = lines.get_mut(&self.key) {
            line.length -= 1;
            if line.length == 0 {
                lines.remove(&self.key);
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
    async fn a_crowd_waits_for_its_own_turns_and_for_those_of_nobody_else() {
        let turns = Turns::new(2, 1);
        let first = turns.wait(HERE).await.unwrap();
        let _second = turns.wait(HERE).await.unwrap();
        let mut third = Box::pin(turns.wait(HERE));
        assert!(third.as_mut().now_or_never().is_none(), "it waits");
        assert!(turns.wait(HERE).await.is_none(), "the line is full");
        assert!(turns.wait(THERE).now_or_never().flatten().is_some());
        drop(first);
        assert!(third.await.is_some());
    }

    #[tokio::test]
    async fn nothing_is_kept_of_who_has_left() {
        let turns = Turns::new(1, 1);
        let held = turns.wait(HERE).await;
        let mut waiting = Box::pin(turns.wait(HERE));
        assert!(waiting.as_mut().now_or_never().is_none());
        // Somebody who hangs up while waiting leaves the line.
        drop(waiting);
        assert_eq!(turns.len(), 1);
        drop(held);
        assert_eq!(turns.len(), 0);
    }
}
