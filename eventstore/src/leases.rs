//! Who works on what: rows with an expiry by the database's clock, renewed by one task of each process.
//!
//! A holder knows by its own clock until when nobody else can have taken over. Past that moment it stays silent until
//! the database confirms the lease or says that it is lost.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sqlx::PgPool;
use tokio::sync::watch;
use uuid::Uuid;

use crate::transient::Transient;

/// How often the leases of a process are renewed.
pub const BEAT: Duration = Duration::from_secs(3);
/// How long a lease is valid for its holder: less than the ten seconds after which others may take it.
const VALID: Duration = Duration::from_secs(9);
/// How long one renewal may take before the next one is tried on another connection.
const PATIENCE: Duration = Duration::from_secs(4);

/// The leases of one process.
#[derive(Debug, Clone)]
pub struct Leases {
    pool: PgPool,
    owner: Arc<str>,
    held: Arc<Mutex<HashMap<Uuid, Arc<Held>>>>,
}

#[derive(Debug)]
struct Held {
    valid_until: Mutex<Instant>,
    lost: watch::Sender<bool>,
}

impl Held {
    fn new(since: Instant) -> Arc<Self> {
        Arc::new(Self {
            valid_until: Mutex::new(since + VALID),
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
    held: Arc<Held>,
}

impl Leases {
    /// Leases of a process of its own: nobody else may use the same owner.
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

    /// Takes the lease of a run, where nobody holds it or its holder has let it expire.
    pub async fn take(&self, run: Uuid) -> Result<Option<Lease>, sqlx::Error> {
        // Expired while the database was away, and still worked on here.
        if self.holds(run) {
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
        Ok((taken.rows_affected() == 1).then(|| self.hold(run, since)))
    }

    /// Goes on with a lease that was granted to this process, not before the given moment.
    pub fn hold(&self, run: Uuid, since: Instant) -> Lease {
        let held = Held::new(since);
        self.held().insert(run, held.clone());
        Lease {
            run,
            leases: self.clone(),
            held,
        }
    }

    /// Whether this process works on a run.
    pub fn holds(&self, run: Uuid) -> bool {
        self.held().contains_key(&run)
    }

    /// The runs that this process works on.
    pub fn runs(&self) -> Vec<Uuid> {
        self.held().keys().copied().collect()
    }

    /// Renews the leases of this process for ever, whatever else it does.
    pub async fn beat(self) {
        let mut beat = tokio::time::interval(BEAT);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            match tokio::time::timeout(PATIENCE, self.renew()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) if error.is_transient() => {
                    tracing::debug!(%error, "failed to renew leases; retrying");
                }
                Ok(Err(error)) => tracing::warn!(%error, "failed to renew leases; retrying"),
                Err(_) => tracing::debug!("renewing leases takes too long; retrying"),
            }
        }
    }

    /// Renews the leases of the runs that are worked on, and notes those that others have taken.
    pub async fn renew(&self) -> Result<(), sqlx::Error> {
        let held: Vec<(Uuid, Arc<Held>)> = self
            .held()
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
                true => *held.valid_until() = since + VALID,
                false => {
                    held.lost.send_replace(true);
                }
            }
        }
        Ok(())
    }

    /// Releases what earlier processes with the same prefix of their owner held. Only who knows that they have ended
    /// may say so: the one that holds the lock which they held.
    pub async fn release_former(&self, prefix: &str) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "delete from leases where starts_with(owner, $1) and owner <> $2",
            prefix,
            &*self.owner
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Forgets a run, unless it was taken again meanwhile.
    fn forget(&self, run: Uuid, held: &Arc<Held>) {
        let mut runs = self.held();
        if runs
            .get(&run)
            .is_some_and(|current| Arc::ptr_eq(current, held))
        {
            runs.remove(&run);
        }
    }

    fn held(&self) -> MutexGuard<'_, HashMap<Uuid, Arc<Held>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lease {
    pub fn run(&self) -> Uuid {
        self.run
    }

    /// Whether nobody else can have taken over yet.
    pub fn is_valid(&self) -> bool {
        !self.is_lost() && Instant::now() < *self.held.valid_until()
    }

    /// Whether somebody else has taken over.
    pub fn is_lost(&self) -> bool {
        *self.held.lost.borrow()
    }

    /// Waits until somebody else has taken over.
    pub async fn lost(&self) {
        // The sender lives as long as this lease.
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
