//! Who works on which run: rows with an expiry by the database's clock.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::PgPool;
use uuid::Uuid;

/// How often an owner renews its leases.
pub const BEAT: std::time::Duration = std::time::Duration::from_secs(3);

/// An owner of leases, and the runs that it really works on: a lease that it was granted and never heard of is not
/// renewed, so another one takes it over.
#[derive(Debug, Clone)]
pub struct Leases {
    pool: PgPool,
    owner: Arc<str>,
    held: Arc<Mutex<HashSet<Uuid>>>,
}

impl Leases {
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
    pub async fn take(&self, run: Uuid) -> Result<bool, sqlx::Error> {
        let taken = sqlx::query!(
            "insert into leases (run, owner, expires_at) values ($1, $2, clock_timestamp() + interval '10 seconds')
             on conflict (run) do update set owner = excluded.owner, expires_at = excluded.expires_at
             where leases.expires_at < clock_timestamp()",
            run,
            &*self.owner
        )
        .execute(&self.pool)
        .await?;
        let taken = taken.rows_affected() == 1;
        if taken {
            self.hold(run);
        }
        Ok(taken)
    }

    /// Goes on with a lease that was granted to this owner.
    pub fn hold(&self, run: Uuid) {
        self.held().insert(run);
    }

    /// Renews the leases of the runs that are worked on.
    pub async fn renew(&self) -> Result<(), sqlx::Error> {
        let held: Vec<Uuid> = self.held().iter().copied().collect();
        if held.is_empty() {
            return Ok(());
        }
        sqlx::query!(
            "update leases set expires_at = clock_timestamp() + interval '10 seconds'
             where owner = $1 and run = any($2)",
            &*self.owner,
            &held
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Lets a lease go.
    pub async fn release(&self, run: Uuid) -> Result<(), sqlx::Error> {
        self.held().remove(&run);
        sqlx::query!(
            "delete from leases where run = $1 and owner = $2",
            run,
            &*self.owner
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Lets everything go that this owner held: it has just started, so its former self is gone.
    pub async fn release_all(&self) -> Result<(), sqlx::Error> {
        sqlx::query!("delete from leases where owner = $1", &*self.owner)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    fn held(&self) -> std::sync::MutexGuard<'_, HashSet<Uuid>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
