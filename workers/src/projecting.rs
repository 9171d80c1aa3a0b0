//! Keeps all views up to date with the log. Views at the same position advance in one transaction; a view that is
//! rebuilt, blocked or failing continues separately, and the others do not wait for it.

use std::sync::Arc;
use std::time::Duration;

use eventstore::Feed;
use eventstore::log::LogError;
use eventstore::{Health, Outage, Supervisor, Transient};
use projections::projector::{
    Advance, advance, advance_together, analyze_tables, is_lock_timeout, needs_analyze,
};
use projections::{EventSource, Progress, Projector, projectors};
use tokio::task::{JoinError, JoinSet};

const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
const RECHECK: Duration = Duration::from_secs(1);

type SharedProjector = Arc<dyn Projector>;

/// Starts the projections. The tasks end when the supervisor is dropped.
pub fn start_projecting(source: &EventSource, progress: &Progress, health: &Health) -> Supervisor {
    for projector in &projectors() {
        progress.record_position(projector.name(), None);
    }
    let mut tasks = Supervisor::new(health.clone());
    let (feed, p) = (source.feed.clone(), progress.clone());
    tasks.spawn("reset of projections", move || {
        reset_on_new_log(feed.clone(), p.clone())
    });
    let (source, progress) = (source.clone(), progress.clone());
    tasks.spawn("projections", move || {
        run_projections(source.clone(), progress.clone())
    });
    tasks
}

/// If the log was replaced, the positions of the views are those in the database, not the last known ones.
async fn reset_on_new_log(mut feed: Feed, progress: Progress) {
    let mut epoch = feed.epoch();
    loop {
        epoch = feed.wait_for_epoch_change(epoch).await;
        for projector in projectors() {
            progress.record_position(projector.name(), None);
        }
    }
}

/// The views of this process: those that advance group, and those that are currently separate.
struct Projections {
    source: EventSource,
    progress: Progress,
    group: Vec<SharedProjector>,
    separate: JoinSet<(SharedProjector, i64)>,
    /// Separate views that have caught up, with their positions.
    caught_up: Vec<(SharedProjector, i64)>,
    /// The position of the views that advance group.
    position: i64,
    /// The position up to which the tables have been analyzed.
    analyzed: i64,
}

async fn run_projections(source: EventSource, progress: Progress) {
    let mut projections = Projections {
        source,
        progress,
        group: projectors().into_iter().map(Arc::from).collect(),
        separate: JoinSet::new(),
        caught_up: Vec::new(),
        position: 0,
        analyzed: 0,
    };
    let mut outage = Outage::new("advance the projections", SHORTEST_PAUSE, LONGEST_PAUSE);
    loop {
        projections.rejoin().await;
        match projections.step().await {
            Ok(moved) => {
                outage.record_success();
                if !moved {
                    projections.wait().await;
                }
            }
            Err(error) => {
                for projector in &projections.group {
                    projections.progress.record_position(projector.name(), None);
                }
                outage.pause(&error).await;
            }
        }
    }
}

impl Projections {
    /// Applies the next events; `false` if there is nothing to do right now.
    async fn step(&mut self) -> Result<bool, LogError> {
        if self.group.is_empty() {
            return Ok(false);
        }
        match advance_together(&self.source, &self.group).await {
            Ok(Some(step)) => {
                self.position = step.position;
                for projector in &self.group {
                    self.progress
                        .record_position(projector.name(), Some(step.position));
                }
                for view in step.changed_views {
                    self.progress.notify_rows_changed(view);
                }
                if needs_analyze(self.analyzed, step.position) {
                    self.analyzed = step.position;
                    self.analyze().await;
                }
                // There is nothing to read if the log has not advanced.
                Ok(step.has_advanced && self.source.feed.head() > step.position)
            }
            Ok(None) => Ok(self.separate_all()),
            // A table is locked. Which one it is shows when each view continues separately.
            Err(LogError::Database(error)) if is_lock_timeout(&error) => Ok(self.separate_all()),
            // A missing key stops one view, which reports it; nothing is written instead.
            Err(error) if !error.is_transient() => Ok(self.separate_all()),
            Err(error) => Err(error),
        }
    }

    /// Lets each view continue separately until it has caught up.
    fn separate_all(&mut self) -> bool {
        let target = self.source.feed.head();
        for projector in self.group.drain(..) {
            let (source, progress) = (self.source.clone(), self.progress.clone());
            self.separate.spawn(async move {
                let position = catch_up(&source, &progress, &projector, target).await;
                (projector, position)
            });
        }
        false
    }

    /// Lets views that have caught up rejoin, at the position of the others.
    async fn rejoin(&mut self) {
        while let Some(result) = self.separate.try_join_next() {
            self.caught_up.push(unwrap_result(result));
        }
        for (projector, mut position) in std::mem::take(&mut self.caught_up) {
            if self.group.is_empty() {
                self.position = position;
            }
            while position < self.position {
                match advance(&self.source, projector.as_ref(), Some(self.position)).await {
                    Ok(step) if step.position > position => position = step.position,
                    // It is separated again in the next step.
                    _ => break,
                }
            }
            self.group.push(projector);
        }
    }

    /// Waits for more events, or for a view that rejoins. A crash of the database can lose the last rows of a view,
    /// though never an event, so the views are also checked regularly.
    async fn wait(&mut self) {
        let mut feed = self.source.feed.clone();
        let is_empty = self.group.is_empty();
        tokio::select! {
            () = feed.wait_for_position(self.position), if !is_empty => {}
            () = tokio::time::sleep(RECHECK), if !is_empty => {}
            Some(result) = self.separate.join_next() => self.caught_up.push(unwrap_result(result)),
            else => tokio::time::sleep(RECHECK).await,
        }
    }

    async fn analyze(&self) {
        for projector in &self.group {
            if let Err(error) = analyze_tables(&self.source.pool, projector.as_ref()).await {
                tracing::warn!(%error, projection = projector.name(), "ANALYZE failed");
            }
        }
    }
}

/// The position that a separate view has reached. A panic is passed on to this task, which is restarted as a whole.
fn unwrap_result(result: Result<(SharedProjector, i64), JoinError>) -> (SharedProjector, i64) {
    match result {
        Ok(projection) => projection,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Advances one view to a position, however long that takes; returns its position.
async fn catch_up(
    source: &EventSource,
    progress: &Progress,
    projector: &SharedProjector,
    target: i64,
) -> i64 {
    let name = projector.name();
    let what = format!("advance the projection {name}");
    let mut outage = Outage::new(what, SHORTEST_PAUSE, LONGEST_PAUSE);
    loop {
        match advance(source, projector.as_ref(), Some(target)).await {
            Ok(Advance {
                position,
                has_advanced,
                changed_views,
            }) => {
                outage.record_success();
                progress.record_position(name, Some(position));
                for view in changed_views {
                    progress.notify_rows_changed(view);
                }
                if !has_advanced || position >= target {
                    return position;
                }
            }
            Err(error) => {
                progress.record_position(name, None);
                outage.pause(&error).await;
            }
        }
    }
}
