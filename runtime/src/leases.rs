//! Leases on runs: rows that expire by the database's clock, renewed by one task per process.
//!
//! A holder knows by its own clock how long the lease is certainly valid. After that it publishes nothing until the
//! database confirms the lease or reports it lost.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sqlx::PgPool;
use tokio::sync::watch;
use uuid::Uuid;

use eventstore::transient::Transient;

/// How often the leases of a process are renewed.
pub const RENEWAL_INTERVAL: Duration = Duration::from_secs(3);
/// How long a lease is valid for its holder: less than the ten seconds after which others may take it.
const VALIDITY: Duration = Duration::from_secs(9);
/// Timeout of one renewal; the next one uses another connection.
const RENEWAL_TIMEOUT: Duration = Duration::from_secs(4);

/// The leases of one process.
#[derive(Debug, Clone)]
pub struct Leases {
    pool: PgPool,
    owner: Arc<str>,
    held: Arc<Mutex<HashMap<Uuid, Arc<LeaseState>>>>,
}

#[derive(Debug)]
struct LeaseState {
    valid_until: Mutex<Instant>,
    lost: watch::Sender<bool>,
}

impl LeaseState {
    fn new(since: Instant) -> Arc<Self> {
        Arc::new(Self {
            valid_until: Mutex::new(since + VALIDITY),
            lost: watch::Sender::new(false),
        })
    }

    fn valid_until(&self) -> MutexGuard<'_, Instant> {
        self.valid_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// A lease that this process holds. Dropping it ends the renewals, so that it expires; releasing it ends it at once.
#[derive(Debug)]
pub struct Lease {
    run: Uuid,
    leases: Leases,
    held: Arc<LeaseState>,
}

impl Leases {
    /// `owner` must be unique to this process.
    pub fn new(pool: PgPool, owner: &str) -> Self {
        Self {
            pool,
            owner: owner.into(),
            held: Arc::default(),
        }
    }

    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Takes the lease of a run if it is free or has expired.
    pub async fn take(&self, run: Uuid) -> Result<Option<Lease>, sqlx::Error> {
        // This process still works on it, although the lease expired while the database was unavailable.
        if self.is_held(run) {
            return Ok(None);
        }
        let since = Instant::now();
        let taken = sqlx::query!(
            "insert into leases (run, owner, expires_at) values ($1, $2, clock_timestamp() + interval '10 seconds')
             on conflict (run) do update set owner = excluded.owner, expires_at = excluded.expires_at
             where leases.expires_at < clock_timestamp()",
            run,
            &*self.owner
        )
        .execute(&self.pool)
        .await?;
        Ok((taken.rows_affected() == 1).then(|| self.adopt(run, since)))
    }

    /// Adopts a lease that was granted to this process at `since` or later.
    pub fn adopt(&self, run: Uuid, since: Instant) -> Lease {
        let held = LeaseState::new(since);
        self.lock_held().insert(run, held.clone());
        Lease {
            run,
            leases: self.clone(),
            held,
        }
    }

    /// Whether this process works on a run.
    pub fn is_held(&self, run: Uuid) -> bool {
        self.lock_held().contains_key(&run)
    }

    /// The runs that this process works on.
    pub fn runs(&self) -> Vec<Uuid> {
        self.lock_held().keys().copied().collect()
    }

    /// Renews the leases of this process periodically. Never returns.
    pub async fn run_renewals(self) {
        let mut interval = tokio::time::interval(RENEWAL_INTERVAL);
        interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            interval.tick().await;
            match tokio::time::timeout(RENEWAL_TIMEOUT, self.renew()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) if error.is_transient() => {
                    tracing::debug!(%error, "failed to renew leases; retrying");
                }
                Ok(Err(error)) => tracing::warn!(%error, "failed to renew leases; retrying"),
                Err(_) => tracing::debug!("timed out renewing leases; retrying"),
            }
        }
    }

    /// Renews all held leases, and marks those that other processes have taken as lost.
    pub async fn renew(&self) -> Result<(), sqlx::Error> {
        let held: Vec<(Uuid, Arc<LeaseState>)> = self
            .lock_held()
            .iter()
            .map(|(run, held)| (*run, held.clone()))
            .collect();
        if held.is_empty() {
            return Ok(());
        }
        let since = Instant::now();
        let runs: Vec<Uuid> = held.iter().map(|(run, _)| *run).collect();
        let renewed = sqlx::query_scalar!(
            "update leases set expires_at = clock_timestamp() + interval '10 seconds'
             where owner = $1 and run = any($2) returning run",
            &*self.owner,
            &runs
        )
        .fetch_all(&self.pool)
        .await?;
        for (run, held) in held {
            match renewed.contains(&run) {
                true => *held.valid_until() = since + VALIDITY,
                false => {
                    held.lost.send_replace(true);
                }
            }
        }
        Ok(())
    }

    /// Releases the leases of earlier processes with the same owner prefix. Only call this with the lock held that
    /// proves that they have ended.
    pub async fn release_previous(&self, prefix: &str) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "delete from leases where starts_with(owner, $1) and owner <> $2",
            prefix,
            &*self.owner
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Removes a run unless it was leased again meanwhile.
    fn forget(&self, run: Uuid, held: &Arc<LeaseState>) {
        let mut runs = self.lock_held();
        if runs
            .get(&run)
            .is_some_and(|current| Arc::ptr_eq(current, held))
        {
            runs.remove(&run);
        }
    }

    fn lock_held(&self) -> MutexGuard<'_, HashMap<Uuid, Arc<LeaseState>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lease {
    pub fn run(&self) -> Uuid {
        self.run
    }

    /// Whether the lease is certainly still valid.
    pub fn is_valid(&self) -> bool {
        !self.is_lost() && Instant::now() < *self.held.valid_until()
    }

    /// Whether another process has taken over.
    pub fn is_lost(&self) -> bool {
        *self.held.lost.borrow()
    }

    /// Waits until another process has taken over.
    pub async fn wait_until_lost(&self) {
        // This lease owns the sender.
        let _ = self.held.lost.subscribe().wait_for(|lost| *lost).await;
    }

    /// Releases the lease, so that others need not wait for it to expire.
    pub async fn release(self) {
        let (run, leases) = (self.run, self.leases.clone());
        drop(self);
        let released = sqlx::query!(
            "delete from leases where run = $1 and owner = $2",
            run,
            &*leases.owner
        )
        .execute(&leases.pool)
        .await;
        if let Err(error) = released {
            tracing::info!(%run, %error, "failed to release a lease; it will expire");
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.leases.forget(self.run, &self.held);
    }
}
