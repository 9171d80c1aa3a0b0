//! Keeps every view up with the log. Views that are at the same place advance in one transaction; one that is rebuilt,
//! blocked or failing goes on by itself, and the others do not wait for it.

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

type One = Arc<dyn Projector>;

/// Starts to follow. The task ends when the supervisor is dropped.
pub fn start_projecting(source: &EventSource, progress: &Progress, health: &Health) -> Supervisor {
    for projector in &projectors() {
        progress.record_position(projector.name(), None);
    }
    let mut tasks = Supervisor::new(health.clone());
    let (feed, p) = (source.feed.clone(), progress.clone());
    tasks.spawn("projections of another log", move || {
        forget_lost(feed.clone(), p.clone())
    });
    let (source, progress) = (source.clone(), progress.clone());
    tasks.spawn("projections", move || {
        follow(source.clone(), progress.clone())
    });
    tasks
}

/// Where the log turns out to be another one, the views are where the database says, not where they were seen last.
async fn forget_lost(mut feed: Feed, progress: Progress) {
    let mut epoch = feed.epoch();
    loop {
        epoch = feed.wait_for_epoch_change(epoch).await;
        for projector in projectors() {
            progress.record_position(projector.name(), None);
        }
    }
}

/// The views of this process: those that advance together, and those that are on their own for now.
struct Views {
    source: EventSource,
    progress: Progress,
    together: Vec<One>,
    apart: JoinSet<(One, i64)>,
    /// Those of them that have caught up, with their places.
    back: Vec<(One, i64)>,
    /// How far those are that advance together.
    position: i64,
    /// Positions for which the planner was told of the rows.
    analyzed: i64,
}

async fn follow(source: EventSource, progress: Progress) {
    let mut views = Views {
        source,
        progress,
        together: projectors().into_iter().map(Arc::from).collect(),
        apart: JoinSet::new(),
        back: Vec::new(),
        position: 0,
        analyzed: 0,
    };
    let mut outage = Outage::new("advance the projections", SHORTEST_PAUSE, LONGEST_PAUSE);
    loop {
        views.take_back().await;
        match views.step().await {
            Ok(moved) => {
                outage.record_success();
                if !moved {
                    views.wait().await;
                }
            }
            Err(error) => {
                for projector in &views.together {
                    views.progress.record_position(projector.name(), None);
                }
                outage.pause(&error).await;
            }
        }
    }
}

impl Views {
    /// Takes the next events; false where there is nothing more to do at the moment.
    async fn step(&mut self) -> Result<bool, LogError> {
        if self.together.is_empty() {
            return Ok(false);
        }
        match advance_together(&self.source, &self.together).await {
            Ok(Some(step)) => {
                self.position = step.position;
                for projector in &self.together {
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
                // Where the log goes no further there is nothing to look for.
                Ok(step.has_advanced && self.source.feed.head() > step.position)
            }
            Ok(None) => Ok(self.part()),
            // Somebody holds a lock on one of the tables: which one shows when each goes on by itself.
            Err(LogError::Database(error)) if is_lock_timeout(&error) => Ok(self.part()),
            // A missing key stops one view and says so; nothing is written in its place.
            Err(error) if !error.is_transient() => Ok(self.part()),
            Err(error) => Err(error),
        }
    }

    /// Lets each view go on by itself until it has caught up.
    fn part(&mut self) -> bool {
        let target = self.source.feed.head();
        for projector in self.together.drain(..) {
            let (source, progress) = (self.source.clone(), self.progress.clone());
            self.apart.spawn(async move {
                let position = catch_up(&source, &progress, &projector, target).await;
                (projector, position)
            });
        }
        false
    }

    /// Takes back the views that have caught up, brought to the place of the others.
    async fn take_back(&mut self) {
        while let Some(ended) = self.apart.try_join_next() {
            self.back.push(whole(ended));
        }
        for (projector, mut position) in std::mem::take(&mut self.back) {
            if self.together.is_empty() {
                self.position = position;
            }
            while position < self.position {
                match advance(&self.source, projector.as_ref(), Some(self.position)).await {
                    Ok(step) if step.position > position => position = step.position,
                    // It parts again at the next step.
                    _ => break,
                }
            }
            self.together.push(projector);
        }
    }

    /// Waits for more events, or for a view that comes back. A crash of the database may lose the last rows of a view,
    /// though never an event: it is looked at again now and then, also when nothing new comes.
    async fn wait(&mut self) {
        let mut feed = self.source.feed.clone();
        let alone = self.together.is_empty();
        tokio::select! {
            () = feed.wait_for_position(self.position), if !alone => {}
            () = tokio::time::sleep(RECHECK), if !alone => {}
            Some(ended) = self.apart.join_next() => self.back.push(whole(ended)),
            else => tokio::time::sleep(RECHECK).await,
        }
    }

    async fn analyze(&self) {
        for projector in &self.together {
            if let Err(error) = analyze_tables(&self.source.pool, projector.as_ref()).await {
                tracing::warn!(%error, projection = projector.name(), "ANALYZE failed");
            }
        }
    }
}

/// What a view on its own has reached. Its panic is that of this task, which is then started again as a whole.
fn whole(ended: Result<(One, i64), JoinError>) -> (One, i64) {
    match ended {
        Ok(back) => back,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Brings one view to a position of the log, however long that takes; tells where it is then.
async fn catch_up(source: &EventSource, progress: &Progress, projector: &One, target: i64) -> i64 {
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
