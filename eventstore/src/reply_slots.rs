//! The seats of this process's responder. A command that asks for an answer takes one: the lease of the run is granted
//! in the append that asks for it, and the run is handed over as soon as that is durable.
//!
//! Nobody has more than a quarter of the seats, so that one person's questions never keep the others waiting. Models of
//! providers and built-in models have seats of their own: an answer that needs no provider never waits for one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::mpsc;
use uuid::Uuid;

use crate::executor::CommittedEvent;
use crate::leases::Leases;

/// One of so many seats is one person's.
const SHARE: usize = 4;

/// What answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lane {
    Provider,
    BuiltIn,
}

impl Lane {
    pub const ALL: [Self; 2] = [Self::Provider, Self::BuiltIn];

    /// Of a model's name.
    pub fn of(model: &str) -> Self {
        match model.starts_with("builtin/") {
            true => Self::BuiltIn,
            false => Self::Provider,
        }
    }
}

/// Answers that this process writes at the same time at most.
#[derive(Debug, Clone)]
pub struct Seats {
    owner: Arc<str>,
    room: Arc<Room>,
    taken: mpsc::Sender<Taken>,
}

#[derive(Debug)]
struct Room {
    /// Of each lane.
    limit: usize,
    occupied: Mutex<Occupied>,
}

#[derive(Debug, Default)]
struct Occupied {
    open: bool,
    lanes: HashMap<Lane, HashMap<Uuid, usize>>,
}

impl Room {
    fn occupied(&self) -> MutexGuard<'_, Occupied> {
        self.occupied.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn share(&self) -> usize {
        (self.limit / SHARE).max(1)
    }
}

/// A seat that is occupied until this is dropped.
#[derive(Debug)]
pub struct Permit {
    room: Arc<Room>,
    lane: Lane,
    person: Uuid,
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut occupied = self.room.occupied();
        let Some(persons) = occupied.lanes.get_mut(&self.lane) else {
            return;
        };
        if let Some(count) = persons.get_mut(&self.person) {
            *count -= 1;
            if *count == 0 {
                persons.remove(&self.person);
            }
        }
    }
}

/// A seat that is held for a run.
#[derive(Debug)]
pub struct Seat {
    owner: Arc<str>,
    permit: Permit,
    taken: mpsc::Sender<Taken>,
    since: Instant,
}

/// A run that was asked for and granted: the events of its command, and the seat until it has ended.
#[derive(Debug)]
pub struct Taken {
    pub events: Vec<CommittedEvent>,
    pub permit: Permit,
    /// Before its lease was granted.
    pub since: Instant,
}

impl Seats {
    /// None is free until the responder opens them. It hears of the runs through the receiver.
    pub fn new(leases: &Leases, limit: usize) -> (Self, mpsc::Receiver<Taken>) {
        // Each message holds a seat, so there are never more of them than seats.
        let (taken, receiver) = mpsc::channel((limit * Lane::ALL.len()).max(1));
        let seats = Self {
            owner: leases.owner().into(),
            room: Arc::new(Room {
                limit,
                occupied: Mutex::default(),
            }),
            taken,
        };
        (seats, receiver)
    }

    /// The responder is there, and grants may begin.
    pub fn open(&self) {
        self.room.occupied().open = true;
    }

    /// The responder is about to end: nothing more is granted.
    pub fn close(&self) {
        self.room.occupied().open = false;
    }

    /// Free seats of a lane, and those who have their share of it.
    pub fn free(&self, lane: Lane) -> (usize, Vec<Uuid>) {
        let occupied = self.room.occupied();
        if !occupied.open {
            return (0, vec![]);
        }
        let Some(persons) = occupied.lanes.get(&lane) else {
            return (self.room.limit, vec![]);
        };
        let used: usize = persons.values().sum();
        let sated = persons
            .iter()
            .filter(|(_, count)| **count >= self.room.share())
            .map(|(person, _)| *person)
            .collect();
        (self.room.limit.saturating_sub(used), sated)
    }

    /// A seat for a run that the responder has found by itself.
    pub fn permit(&self, lane: Lane, person: Uuid) -> Option<Permit> {
        let mut occupied = self.room.occupied();
        if !occupied.open {
            return None;
        }
        let persons = occupied.lanes.entry(lane).or_default();
        let used: usize = persons.values().sum();
        let own = persons.get(&person).copied().unwrap_or(0);
        if used >= self.room.limit || own >= self.room.share() {
            return None;
        }
        persons.insert(person, own + 1);
        Some(Permit {
            room: self.room.clone(),
            lane,
            person,
        })
    }

    /// A seat for a run that is about to be asked for, where one is free.
    pub fn take(&self, lane: Lane, person: Uuid) -> Option<Seat> {
        Some(Seat {
            owner: self.owner.clone(),
            permit: self.permit(lane, person)?,
            taken: self.taken.clone(),
            since: Instant::now(),
        })
    }
}

impl Seat {
    /// The lease that the append grants.
    pub(crate) fn lease(&self, run: Uuid) -> (Uuid, String) {
        (run, self.owner.to_string())
    }

    /// The run is durable: the responder begins.
    pub(crate) fn hand_over(self, events: Vec<CommittedEvent>) {
        let Self {
            permit,
            taken,
            since,
            ..
        } = self;
        // A responder that has ended leaves the lease to expire.
        let _ = taken.try_send(Taken {
            events,
            permit,
            since,
        });
    }
}
