//! What one person may have under way in this process, so that nobody takes what all share: streams, files that are on
//! their way out, and writes.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use super::buckets::{Buckets, Rule, key};
use super::shares::{Share, Shares};
use super::{Allowance, seconds};
use crate::problem::Problem;

/// Subscriptions over all sockets of a person, for each of its streams.
const SUBSCRIPTIONS: usize = 8;
/// Files of a person that are read at the same time: a page may show many pictures.
const DOWNLOADS: usize = 64;
/// Exports of all persons: each has a thread and some megabytes.
const ALL_EXPORTS: usize = 16;
/// In which time as many writes are allowed again as may come at once.
const WINDOW: Duration = Duration::from_secs(30);
/// Seconds after which to look whether something has ended.
const AGAIN: u64 = 5;

/// What the operator allows each person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PerPerson {
    /// Event streams and sockets at the same time.
    pub streams: usize,
    /// Exports at the same time.
    pub exports: usize,
    /// Requests in a minute that change something. Half of them may come at once.
    pub writes: NonZeroU32,
}

impl Default for PerPerson {
    fn default() -> Self {
        Self {
            streams: 64,
            exports: 3,
            writes: NonZeroU32::MIN.saturating_add(1_199),
        }
    }
}

/// What is under way, by person.
#[derive(Debug)]
pub(super) struct Persons {
    streams: Shares,
    subscriptions: Shares,
    downloads: Shares,
    exports: Shares,
    all_exports: Arc<Semaphore>,
    writes: Option<Buckets>,
}

/// An export that is under way: the person's share of it, which its reader holds, and the place among those of all
/// persons, which whatever writes it holds.
#[derive(Debug)]
pub struct Export {
    pub share: Share,
    pub place: Arc<OwnedSemaphorePermit>,
}

impl Persons {
    pub fn new(allowed: Option<PerPerson>) -> Self {
        let shares = |limit: fn(PerPerson) -> usize| Shares::new(allowed.map_or(usize::MAX, limit));
        let all_exports = allowed.map_or(Semaphore::MAX_PERMITS, |_| ALL_EXPORTS);
        Self {
            streams: shares(|allowed| allowed.streams),
            subscriptions: shares(|allowed| allowed.streams.saturating_mul(SUBSCRIPTIONS)),
            downloads: shares(|_| DOWNLOADS),
            exports: shares(|allowed| allowed.exports),
            all_exports: Arc::new(Semaphore::new(all_exports)),
            writes: allowed.map(|allowed| {
                let at_once = NonZeroU32::new(allowed.writes.get() / 2);
                Buckets::new(Rule {
                    name: "writes",
                    limit: at_once.unwrap_or(NonZeroU32::MIN),
                    window: WINDOW,
                })
            }),
        }
    }

    pub fn stream(&self, person: Uuid) -> Result<Share, Problem> {
        self.streams.take(person).ok_or_else(|| {
            let limit = self.streams.limit();
            let detail = format!("you have {limit} event streams and sockets open; close one");
            too_many("too_many_streams", &detail)
        })
    }

    pub fn subscription(&self, person: Uuid) -> Result<Share, Problem> {
        self.subscriptions.take(person).ok_or_else(|| {
            let limit = self.subscriptions.limit();
            let detail = format!("your sockets follow {limit} things; unsubscribe from one");
            too_many("too_many_streams", &detail)
        })
    }

    pub fn download(&self, person: Uuid) -> Result<Share, Problem> {
        self.downloads.take(person).ok_or_else(|| {
            let detail = format!("you are reading {DOWNLOADS} files; wait until one has ended");
            too_many("too_many_downloads", &detail)
        })
    }

    pub fn export(&self, person: Uuid) -> Result<Export, Problem> {
        let share = self.exports.take(person).ok_or_else(|| {
            let limit = self.exports.limit();
            let detail = format!("{limit} of your exports are under way; wait until one has ended");
            too_many("too_many_exports", &detail)
        })?;
        let place = self.all_exports.clone().try_acquire_owned();
        let place = place.map_err(|_| Problem {
            retry_after: Some(AGAIN),
            ..Problem::unavailable("busy", "too many exports are under way; try again")
        })?;
        Ok(Export {
            share,
            place: Arc::new(place),
        })
    }

    pub fn write(&self, person: Uuid, allowance: &Allowance) -> Result<(), Problem> {
        let Some(writes) = &self.writes else {
            return Ok(());
        };
        let taken = writes.take(&key(&[person.as_bytes()]));
        allowance.note(writes.rule, *taken.as_ref().unwrap_or(&0));
        taken.map(drop).map_err(|wait| {
            Problem::too_many(
                "you are changing too much in a short time; wait as long as Retry-After says and try again",
                seconds(wait),
            )
        })
    }

    /// How many writers are remembered.
    pub fn retained(&self) -> usize {
        self.writes.as_ref().map_or(0, Buckets::len)
    }

    #[cfg(test)]
    pub fn held(&self) -> usize {
        let shares = [
            &self.streams,
            &self.subscriptions,
            &self.downloads,
            &self.exports,
        ];
        shares.iter().map(|shares| shares.len()).sum()
    }
}

fn too_many(code: &'static str, detail: &str) -> Problem {
    Problem {
        code,
        ..Problem::too_many(detail, AGAIN)
    }
}
