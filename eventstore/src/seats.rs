//! The seats of this process's responder. A command that asks for an answer takes one: the lease of the run is granted
//! in the append that asks for it, and the run is handed over as soon as that is durable.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use uuid::Uuid;

use crate::executor::CommittedEvent;
use crate::leases::Leases;

/// Answers that this process writes at the same time at most.
#[derive(Debug, Clone)]
pub struct Seats {
    owner: Arc<str>,
    limit: usize,
    free: Arc<Semaphore>,
    taken: mpsc::Sender<Taken>,
}

/// A seat that is held for a run.
#[derive(Debug)]
pub struct Seat {
    owner: Arc<str>,
    permit: OwnedSemaphorePermit,
    taken: mpsc::Sender<Taken>,
}

/// A run that was asked for and granted: the events of its command, and the seat until it has ended.
#[derive(Debug)]
pub struct Taken {
    pub events: Vec<CommittedEvent>,
    pub permit: OwnedSemaphorePermit,
}

impl Seats {
    /// None is free until the responder opens them. It hears of the runs through the receiver.
    pub fn new(leases: &Leases, limit: usize) -> (Self, mpsc::Receiver<Taken>) {
        // Each message holds a seat, so there are never more of them than seats.
        let (taken, receiver) = mpsc::channel(limit.max(1));
        let seats = Self {
            owner: leases.owner().into(),
            limit,
            free: Arc::new(Semaphore::new(0)),
            taken,
        };
        (seats, receiver)
    }

    /// Once: the responder has let its former leases go, and grants may begin.
    pub fn open(&self) {
        self.free.add_permits(self.limit);
    }

    pub fn free(&self) -> usize {
        self.free.available_permits()
    }

    /// A seat for a run that the responder has found by itself.
    pub fn permit(&self) -> Option<OwnedSemaphorePermit> {
        self.free.clone().try_acquire_owned().ok()
    }

    /// A seat for a run that is about to be asked for, where one is free.
    pub fn take(&self) -> Option<Seat> {
        Some(Seat {
            owner: self.owner.clone(),
            permit: self.permit()?,
            taken: self.taken.clone(),
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
        let permit = self.permit;
        // A responder that has ended leaves the lease to expire.
        let _ = self.taken.try_send(Taken { events, permit });
    }
}
