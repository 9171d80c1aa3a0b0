//! How many of a kind one person has at the same time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

/// What is held, by person. Somebody who holds nothing is not kept.
#[derive(Debug)]
pub struct Shares {
    limit: usize,
    held: Arc<Mutex<HashMap<Uuid, usize>>>,
}

/// One of them, until it is dropped.
#[derive(Debug)]
#[must_use = "a share is given back when it is dropped"]
pub struct Share {
    person: Uuid,
    held: Arc<Mutex<HashMap<Uuid, usize>>>,
}

impl Shares {
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            held: Arc::default(),
        }
    }

    /// Of each person.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// One more of a person, unless it has as many as it may.
    pub fn take(&self, person: Uuid) -> Option<Share> {
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
    pub fn len(&self) -> usize {
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
