//! Limits for each user of this process: streams, downloads, exports and writes.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use super::buckets::{Buckets, Rule, key};
use super::shares::{Share, Shares};
use super::{Allowance, seconds};
use crate::http::Problem;

/// Subscriptions over all sockets of a user, as a multiple of its streams.
const SUBSCRIPTIONS: usize = 8;
/// Concurrent downloads of a user. A page may show many images.
const DOWNLOADS: usize = 64;
/// Concurrent exports of all users. Each takes a thread and some megabytes.
const MAX_EXPORTS: usize = 16;
/// The time in which an empty bucket of writes fills again.
const WINDOW: Duration = Duration::from_secs(30);
/// Seconds after which to retry.
const RETRY_AFTER: u64 = 5;

/// The limits for each user, as configured by the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PerPerson {
    /// Concurrent event streams and sockets.
    pub streams: usize,
    /// Concurrent exports.
    pub exports: usize,
    /// Writes per minute. Half of them may come in one burst.
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

/// The limits of all users.
#[derive(Debug)]
pub(super) struct PersonLimits {
    streams: Shares,
    subscriptions: Shares,
    downloads: Shares,
    exports: Shares,
    all_exports: Arc<Semaphore>,
    writes: Option<Buckets>,
}

/// Permit for an export: the share of the user, held by the reader, and the slot among all exports, held by the writer.
#[derive(Debug)]
pub struct ExportPermit {
    pub share: Share,
    pub slot: Arc<OwnedSemaphorePermit>,
}

impl PersonLimits {
    pub(super) fn new(allowed: Option<PerPerson>) -> Self {
        let shares = |limit: fn(PerPerson) -> usize| Shares::new(allowed.map_or(usize::MAX, limit));
        let all_exports = allowed.map_or(Semaphore::MAX_PERMITS, |_| MAX_EXPORTS);
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

    pub(super) fn stream(&self, person: Uuid) -> Result<Share, Problem> {
        self.streams.take(person).ok_or_else(|| {
            let limit = self.streams.limit();
            let detail =
                format!("you already have {limit} event streams and sockets open; close one");
            too_many("too_many_streams", &detail)
        })
    }

    pub(super) fn subscription(&self, person: Uuid) -> Result<Share, Problem> {
        self.subscriptions.take(person).ok_or_else(|| {
            let limit = self.subscriptions.limit();
            let detail =
                format!("your sockets already have {limit} subscriptions; unsubscribe from one");
            too_many("too_many_streams", &detail)
        })
    }

    pub(super) fn download(&self, person: Uuid) -> Result<Share, Problem> {
        self.downloads.take(person).ok_or_else(|| {
            let detail =
                format!("you already have {DOWNLOADS} downloads running; wait until one has ended");
            too_many("too_many_downloads", &detail)
        })
    }

    pub(super) fn export(&self, person: Uuid) -> Result<ExportPermit, Problem> {
        let share = self.exports.take(person).ok_or_else(|| {
            let limit = self.exports.limit();
            let detail =
                format!("{limit} of your exports are already running; wait until one has ended");
            too_many("too_many_exports", &detail)
        })?;
        let slot = self.all_exports.clone().try_acquire_owned();
        let slot = slot.map_err(|_| Problem {
            retry_after: Some(RETRY_AFTER),
            ..Problem::unavailable("busy", "too many exports are running; try again")
        })?;
        Ok(ExportPermit {
            share,
            slot: Arc::new(slot),
        })
    }

    pub(super) fn write(&self, person: Uuid, allowance: &Allowance) -> Result<(), Problem> {
        let Some(writes) = &self.writes else {
            return Ok(());
        };
        let remaining = writes.take(&key(&[person.as_bytes()]));
        allowance.record(writes.rule, *remaining.as_ref().unwrap_or(&0));
        remaining.map(drop).map_err(|wait| {
            Problem::too_many(
                "you have made too many changes in a short time; wait as long as Retry-After says and try again",
                seconds(wait),
            )
        })
    }

    /// The number of users whose writes are counted in memory.
    pub(super) fn retained(&self) -> usize {
        self.writes.as_ref().map_or(0, Buckets::len)
    }

    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
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
        ..Problem::too_many(detail, RETRY_AFTER)
    }
}
