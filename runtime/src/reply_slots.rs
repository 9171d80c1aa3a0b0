//! The reply slots of this process's responder. A command that starts a run acquires one: its append also grants the
//! lease of the run, which is handed to the responder as soon as the append is durable.
//!
//! A user gets at most a quarter of the slots, so that nobody can starve others. Built-in models have their own slots,
//! so that their answers never wait for a provider.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::mpsc;
use uuid::Uuid;

use crate::leases::Leases;
use eventstore::append::LeaseRow;
use eventstore::command::{CommittedEvent, StartedRun};

/// A user gets at most this fraction of the slots.
const SHARE_DIVISOR: usize = 4;

/// Who generates the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lane {
    Provider,
    BuiltIn,
}

impl Lane {
    pub const ALL: [Self; 2] = [Self::Provider, Self::BuiltIn];

    /// The lane of a model, by its name.
    pub fn from_model(model: &str) -> Self {
        match model.starts_with("builtin/") {
            true => Self::BuiltIn,
            false => Self::Provider,
        }
    }
}

/// Limits how many answers this process generates concurrently.
#[derive(Debug, Clone)]
pub struct ReplySlots {
    owner: Arc<str>,
    table: Arc<SlotTable>,
    assigned: mpsc::Sender<AssignedRun>,
}

#[derive(Debug)]
struct SlotTable {
    /// Slots per lane.
    limit: usize,
    occupancy: Mutex<Occupancy>,
}

#[derive(Debug, Default)]
struct Occupancy {
    open: bool,
    lanes: HashMap<Lane, HashMap<Uuid, usize>>,
}

impl SlotTable {
    fn occupancy(&self) -> MutexGuard<'_, Occupancy> {
        self.occupancy
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn share_limit(&self) -> usize {
        (self.limit / SHARE_DIVISOR).max(1)
    }
}

/// Occupies a slot until dropped.
#[derive(Debug)]
pub struct Permit {
    table: Arc<SlotTable>,
    lane: Lane,
    user: Uuid,
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut occupancy = self.table.occupancy();
        let Some(users) = occupancy.lanes.get_mut(&self.lane) else {
            return;
        };
        if let Some(count) = users.get_mut(&self.user) {
            *count -= 1;
            if *count == 0 {
                users.remove(&self.user);
            }
        }
    }
}

/// A slot reserved for a run that is about to be started.
#[derive(Debug)]
pub struct ReplySlot {
    owner: Arc<str>,
    permit: Permit,
    assigned: mpsc::Sender<AssignedRun>,
    since: Instant,
}

/// A run assigned to the responder: the events of its command, and the permit to keep until it has ended.
#[derive(Debug)]
pub struct AssignedRun {
    pub events: Vec<CommittedEvent>,
    pub permit: Permit,
    /// A time before its lease was granted.
    pub since: Instant,
}

impl ReplySlots {
    /// No slot is free until the responder calls `open`. It gets its runs from the receiver.
    pub fn new(leases: &Leases, limit: usize) -> (Self, mpsc::Receiver<AssignedRun>) {
        // Each message holds a slot, so this capacity is never exceeded.
        let (assigned, receiver) = mpsc::channel((limit * Lane::ALL.len()).max(1));
        let slots = Self {
            owner: leases.owner().into(),
            table: Arc::new(SlotTable {
                limit,
                occupancy: Mutex::default(),
            }),
            assigned,
        };
        (slots, receiver)
    }

    /// Makes the slots available: the responder is ready.
    pub fn open(&self) {
        self.table.occupancy().open = true;
    }

    /// Stops handing out slots: the responder is about to end.
    pub fn close(&self) {
        self.table.occupancy().open = false;
    }

    /// The number of free slots of a lane, and the users who have reached their limit.
    pub fn free_slots(&self, lane: Lane) -> (usize, Vec<Uuid>) {
        let occupancy = self.table.occupancy();
        if !occupancy.open {
            return (0, vec![]);
        }
        let Some(users) = occupancy.lanes.get(&lane) else {
            return (self.table.limit, vec![]);
        };
        let used: usize = users.values().sum();
        let at_limit = users
            .iter()
            .filter(|(_, count)| **count >= self.table.share_limit())
            .map(|(user, _)| *user)
            .collect();
        (self.table.limit.saturating_sub(used), at_limit)
    }

    /// Acquires a slot for a run that the responder has found itself.
    pub fn acquire_permit(&self, lane: Lane, user: Uuid) -> Option<Permit> {
        let mut occupancy = self.table.occupancy();
        if !occupancy.open {
            return None;
        }
        let users = occupancy.lanes.entry(lane).or_default();
        let used: usize = users.values().sum();
        let own = users.get(&user).copied().unwrap_or(0);
        if used >= self.table.limit || own >= self.table.share_limit() {
            return None;
        }
        users.insert(user, own + 1);
        Some(Permit {
            table: self.table.clone(),
            lane,
            user,
        })
    }

    /// Acquires a slot for a run that is about to be started, if one is free.
    pub fn acquire(&self, lane: Lane, user: Uuid) -> Option<ReplySlot> {
        Some(ReplySlot {
            owner: self.owner.clone(),
            permit: self.acquire_permit(lane, user)?,
            assigned: self.assigned.clone(),
            since: Instant::now(),
        })
    }
}

impl ReplySlot {
    /// Reserves the slot for a run.
    pub fn for_run(self, run: Uuid) -> Box<dyn StartedRun> {
        Box::new(ReservedRun { run, slot: self })
    }
}

/// A run that starts in a reserved slot.
struct ReservedRun {
    run: Uuid,
    slot: ReplySlot,
}

impl StartedRun for ReservedRun {
    fn lease(&self) -> LeaseRow {
        LeaseRow {
            run: self.run,
            owner: self.slot.owner.to_string(),
        }
    }

    fn hand_over(self: Box<Self>, events: Vec<CommittedEvent>) {
        let ReplySlot {
            permit,
            assigned,
            since,
            ..
        } = self.slot;
        // If the responder has ended, the lease expires.
        let _ = assigned.try_send(AssignedRun {
            events,
            permit,
            since,
        });
    }
}
