//! Waits until views have reached a position, so that clients read their own writes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::watch;

use crate::projectors;

/// How often the checkpoints are read while projectors run in other processes.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// The position that each view must reach to show somebody's writes. Views that ignore them are left out.
#[derive(Debug, Clone, Default)]
pub struct WrittenPositions(HashMap<&'static str, i64>);

impl WrittenPositions {
    /// Adds an event of an aggregate type.
    pub fn add(&mut self, aggregate_type: &str, position: i64) {
        for projector in projectors() {
            if projector.handles(aggregate_type) {
                let last = self.0.entry(projector.name()).or_default();
                *last = position.max(*last);
            }
        }
    }
}

/// A subscription to changes of the rows of one view.
#[derive(Debug)]
pub struct ViewChanges(watch::Receiver<()>);

impl ViewChanges {
    /// Waits until the rows have changed since the last wait, or the limit has passed.
    pub async fn wait(&mut self, limit: Duration) {
        // After a timeout the caller reads the rows as well.
        let _ = tokio::time::timeout(limit, self.0.changed()).await;
    }
}

/// The positions of the views. Projectors of this process wake waiters; those of other processes are polled.
#[derive(Debug, Clone)]
pub struct Progress {
    pool: PgPool,
    positions_changed: watch::Sender<()>,
    /// By view: signals that its rows have changed.
    rows_changed: Arc<HashMap<&'static str, watch::Sender<()>>>,
    /// The names of all views.
    names: Arc<[String]>,
    versions: Arc<[i32]>,
    /// What the projectors of this process have committed; `None` where a projector does not know.
    own: Arc<Mutex<HashMap<&'static str, Option<i64>>>>,
}

impl Progress {
    pub fn new(pool: PgPool) -> Self {
        let projectors = projectors();
        Self {
            pool,
            positions_changed: watch::Sender::new(()),
            rows_changed: Arc::new(
                projectors
                    .iter()
                    .map(|projector| (projector.name(), watch::Sender::default()))
                    .collect(),
            ),
            names: projectors
                .iter()
                .map(|projector| projector.name().to_owned())
                .collect(),
            versions: projectors
                .iter()
                .map(|projector| projector.version())
                .collect(),
            own: Arc::default(),
        }
    }

    /// Called by a projector after it has committed rows.
    pub fn notify_rows_changed(&self, projection: &'static str) {
        if let Some(sender) = self.rows_changed.get(projection) {
            sender.send_replace(());
        }
    }

    /// Subscribes to changes of a view's rows; there are none if another process projects it.
    pub fn subscribe(&self, projection: &str) -> ViewChanges {
        let sender = self.rows_changed.get(projection);
        ViewChanges(sender.unwrap_or(&self.positions_changed).subscribe())
    }

    /// Called by a projector after each commit, and with `None` when it no longer knows its position in the database.
    pub fn record_position(&self, projection: &'static str, position: Option<i64>) {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        own.insert(projection, position);
        drop(own);
        self.positions_changed.send_replace(());
    }

    /// Waits until a view of this process has advanced, or the limit has passed.
    pub async fn wait_for_progress(&self, limit: Duration) {
        // This value owns the sender, so the channel never closes.
        let _ = tokio::time::timeout(limit, self.positions_changed.subscribe().changed()).await;
    }

    /// The position that every view has reached.
    pub async fn position(&self) -> Result<i64, sqlx::Error> {
        if let Some(position) = self.own_position() {
            return Ok(position);
        }
        // A view without a row was never started, and one of another version will be rebuilt: both are at position 0.
        let lowest = sqlx::query_scalar!(
            "select case when count(*) = cardinality($1::text[]) then min(position) end
             from projections join unnest($1::text[], $2::integer[]) as wanted (name, version) using (name, version)",
            &self.names[..],
            &self.versions[..]
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(lowest.unwrap_or(0))
    }

    /// Waits until every view has reached a position, or the limit has passed. Returns the position that all have reached.
    pub async fn wait_for(&self, position: i64, limit: Duration) -> Result<i64, sqlx::Error> {
        let deadline = tokio::time::Instant::now() + limit;
        let mut progress = self.positions_changed.subscribe();
        loop {
            let reached = self.position().await?;
            if reached >= position || tokio::time::Instant::now() >= deadline {
                return Ok(reached);
            }
            let _ = tokio::time::timeout(POLL_INTERVAL, progress.changed()).await;
        }
    }

    /// Waits until the views show somebody's writes, or the limit has passed. Returns whether they do.
    pub async fn wait_for_written(
        &self,
        written: &WrittenPositions,
        limit: Duration,
    ) -> Result<bool, sqlx::Error> {
        // Usually there is nothing to wait for.
        if self.is_shown(written).await? {
            return Ok(true);
        }
        let deadline = tokio::time::Instant::now() + limit;
        let mut progress = self.positions_changed.subscribe();
        loop {
            if self.is_shown(written).await? {
                return Ok(true);
            }
            if tokio::time::Instant::now() >= deadline {
                return Ok(false);
            }
            let _ = tokio::time::timeout(POLL_INTERVAL, progress.changed()).await;
        }
    }

    async fn is_shown(&self, written: &WrittenPositions) -> Result<bool, sqlx::Error> {
        let missing: Vec<(&str, i64)> = {
            let own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
            let reached = |view: &str| own.get(view).copied().flatten();
            let targets = written.0.iter().map(|(view, position)| (*view, *position));
            targets
                .filter(|(view, position)| reached(view).is_none_or(|reached| reached < *position))
                .collect()
        };
        // This process knows the positions of its own projectors; those of others are read from the database.
        if missing.is_empty() || self.projects_all() {
            return Ok(missing.is_empty());
        }
        let rows = sqlx::query!(
            "select name, position from projections
             join unnest($1::text[], $2::integer[]) as wanted (name, version) using (name, version)",
            &self.names[..],
            &self.versions[..]
        )
        .fetch_all(&self.pool)
        .await?;
        let reached = |view: &str| {
            rows.iter()
                .find(|row| row.name == view)
                .map(|row| row.position)
        };
        Ok(missing
            .iter()
            .all(|(view, position)| reached(view).is_some_and(|reached| reached >= *position)))
    }

    /// Whether this process projects all views and knows where each of them is.
    fn projects_all(&self) -> bool {
        let own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        own.len() == self.names.len() && own.values().all(Option::is_some)
    }

    /// The position that every view has reached, if this process projects them all.
    fn own_position(&self) -> Option<i64> {
        let own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        if own.len() < self.names.len() {
            return None;
        }
        own.values()
            .copied()
            .min_by_key(|position| position.unwrap_or(-1))?
    }
}
