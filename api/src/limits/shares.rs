//! Limits how many things of one kind a user has at the same time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

/// The number of shares that each user holds. Users without any have no entry.
#[derive(Debug)]
pub(super) struct Shares {
    limit: usize,
    held: Arc<Mutex<HashMap<Uuid, usize>>>,
}

/// One share, released when it is dropped.
#[derive(Debug)]
#[must_use = "a share is released when it is dropped"]
pub struct Share {
    person: Uuid,
    held: Arc<Mutex<HashMap<Uuid, usize>>>,
}

impl Shares {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            held: Arc::default(),
        }
    }

    /// The maximum for each user.
    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// Takes a share for a user; none if the limit is reached.
    pub(super) fn take(&self, person: Uuid) -> Option<Share> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.get(&person).copied().unwrap_or(0);
        if count >= self.limit {
            return None;
        }
        held.insert(person, count + 1);
        Some(Share {
            person,
            held: self.held.clone(),
        })
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.held.lock().unwrap().len()
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        match held.get_mut(&self.person) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(held.remove(&self.person)),
        }
    }
}
