//! Waiting until the views show a position: what lets a client read what it has just written.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::watch;

use crate::projectors;

/// How often the checkpoints are read when the projectors run in other processes.
const POLL: Duration = Duration::from_millis(20);

/// How far each view must be to show what somebody has written: a view that takes none of it need not follow.
#[derive(Debug, Clone, Default)]
pub struct WrittenPositions(HashMap<&'static str, i64>);

impl WrittenPositions {
    /// Adds an event of an aggregate type.
    pub fn add(&mut self, aggregate_type: &str, position: i64) {
        for projector in projectors() {
            if projector.aggregates().contains(&aggregate_type) {
                let last = self.0.entry(projector.name()).or_default();
                *last = position.max(*last);
            }
        }
    }
}

/// Changes of the rows of one view.
#[derive(Debug)]
pub struct ViewChanges(watch::Receiver<()>);

impl ViewChanges {
    /// Waits until the rows have changed since the last wait, at most for the given time.
    pub async fn wait(&mut self, limit: Duration) {
        // Either they have, or it is time to look again.
        let _ = tokio::time::timeout(limit, self.0.changed()).await;
    }
}

/// How far the views are. Projectors of this process wake waiters; those of others are polled for.
#[derive(Debug, Clone)]
pub struct Progress {
    pool: PgPool,
    moved: watch::Sender<()>,
    /// Of each view: told when its rows are others.
    changed: Arc<HashMap<&'static str, watch::Sender<()>>>,
    /// Of all views.
    names: Arc<[String]>,
    versions: Arc<[i32]>,
    /// What the projectors of this process have committed; none where one of them does not know.
    own: Arc<Mutex<HashMap<&'static str, Option<i64>>>>,
}

impl Progress {
    pub fn new(pool: PgPool) -> Self {
        let projectors = projectors();
        Self {
            pool,
            moved: watch::Sender::new(()),
            changed: Arc::new(
                projectors
                    .iter()
                    .map(|one| (one.name(), watch::Sender::default()))
                    .collect(),
            ),
            names: projectors.iter().map(|one| one.name().to_owned()).collect(),
            versions: projectors.iter().map(|one| one.version()).collect(),
            own: Arc::default(),
        }
    }

    /// Told by a projector after a commit of rows.
    pub fn notify_rows_changed(&self, projection: &'static str) {
        if let Some(changed) = self.changed.get(projection) {
            changed.send_replace(());
        }
    }

    /// What tells whenever the rows of a view have changed, where this process projects it.
    pub fn subscribe(&self, projection: &str) -> ViewChanges {
        let changed = self.changed.get(projection);
        ViewChanges(changed.unwrap_or(&self.moved).subscribe())
    }

    /// Told by a projector after each commit, and when it no longer knows what the database holds.
    pub fn record_position(&self, projection: &'static str, position: Option<i64>) {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        own.insert(projection, position);
        drop(own);
        self.moved.send_replace(());
    }

    /// Waits until a view of this process has moved, at most for the given time.
    pub async fn wait_for_progress(&self, limit: Duration) {
        // The sender is this value's own, so the channel never closes.
        let _ = tokio::time::timeout(limit, self.moved.subscribe().changed()).await;
    }

    /// The position that every view has reached.
    pub async fn position(&self) -> Result<i64, sqlx::Error> {
        if let Some(position) = self.known() {
            return Ok(position);
        }
        // A view that was never begun has no row yet, and one of another version is to be rebuilt: neither is anywhere.
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

    /// Waits until every view has reached a position, at most for the given time; tells how far they are.
    pub async fn wait_for(&self, position: i64, limit: Duration) -> Result<i64, sqlx::Error> {
        let deadline = tokio::time::Instant::now() + limit;
        let mut moved = self.moved.subscribe();
        loop {
            let reached = self.position().await?;
            if reached >= position || tokio::time::Instant::now() >= deadline {
                return Ok(reached);
            }
            // Either a projector of this process has moved, or it is time to look again.
            let _ = tokio::time::timeout(POLL, moved.changed()).await;
        }
    }

    /// Waits until the views show what somebody has written, at most for the given time; tells whether they do.
    pub async fn wait_for_written(
        &self,
        written: &WrittenPositions,
        limit: Duration,
    ) -> Result<bool, sqlx::Error> {
        // As a rule: nobody waits.
        if self.shows(written).await? {
            return Ok(true);
        }
        let deadline = tokio::time::Instant::now() + limit;
        let mut moved = self.moved.subscribe();
        loop {
            if self.shows(written).await? {
                return Ok(true);
            }
            if tokio::time::Instant::now() >= deadline {
                return Ok(false);
            }
            let _ = tokio::time::timeout(POLL, moved.changed()).await;
        }
    }

    async fn shows(&self, written: &WrittenPositions) -> Result<bool, sqlx::Error> {
        let missing: Vec<(&str, i64)> = {
            let own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
            let reached = |view: &str| own.get(view).copied().flatten();
            let wanted = written.0.iter().map(|(view, position)| (*view, *position));
            wanted
                .filter(|(view, position)| reached(view).is_none_or(|reached| reached < *position))
                .collect()
        };
        // Those that this process projects and has not brought there will tell; others are asked for.
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

    /// The same where all views are projected here, without a look at the database.
    fn known(&self) -> Option<i64> {
        let own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        if own.len() < self.names.len() {
            return None;
        }
        own.values()
            .copied()
            .min_by_key(|position| position.unwrap_or(-1))?
    }
}
