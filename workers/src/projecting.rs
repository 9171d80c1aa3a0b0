//! Keeps every view up with the log.

use std::time::Duration;

use eventstore::Feed;
use eventstore::log::LogError;
use projections::projector::{Advance, advance, advance_together, has_grown, tell_planner};
use projections::{Progress, Projector, Source, projectors};
use tokio::task::JoinSet;

const PAUSE: Duration = Duration::from_millis(200);
const RECHECK: Duration = Duration::from_secs(1);

/// Starts to follow. The task ends when the set is dropped.
pub fn start_projecting(source: &Source, progress: &Progress) -> JoinSet<()> {
    let projectors = projectors();
    for projector in &projectors {
        progress.moved(projector.name(), None);
    }
    let mut tasks = JoinSet::new();
    tasks.spawn(forget_lost(source.feed.clone(), progress.clone()));
    tasks.spawn(follow(source.clone(), progress.clone(), projectors));
    tasks
}

/// Where the log turns out to be another one, the views are where the database says, not where they were seen last.
async fn forget_lost(mut feed: Feed, progress: Progress) {
    let mut epoch = feed.epoch();
    loop {
        epoch = feed.after_epoch(epoch).await;
        for projector in projectors() {
            progress.moved(projector.name(), None);
        }
    }
}

async fn follow(mut source: Source, progress: Progress, projectors: Vec<Box<dyn Projector>>) {
    let mut told = 0;
    loop {
        let step = match advance_together(&source, &projectors).await {
            Ok(Some(step)) => Ok(step),
            Ok(None) => each_alone(&source, &progress, &projectors).await,
            Err(error) => Err(error),
        };
        match step {
            Ok(step) => {
                for projector in &projectors {
                    progress.moved(projector.name(), Some(step.position));
                }
                if has_grown(told, step.position) {
                    told = step.position;
                    tell_of(&source, &projectors).await;
                }
                if !step.moved {
                    // A crash of the database may lose the last rows of a view, though never an event: look again
                    // now and then, also when nothing new comes.
                    let _ = tokio::time::timeout(RECHECK, source.feed.beyond(step.position)).await;
                }
            }
            Err(error) => {
                for projector in &projectors {
                    progress.moved(projector.name(), None);
                }
                tracing::warn!(%error, "the views wait");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Views that stand at different places, are made anew, or cannot go on: the others do not wait for them. Tells how
/// far all are; the last thing that went wrong where something did.
async fn each_alone(
    source: &Source,
    progress: &Progress,
    projectors: &[Box<dyn Projector>],
) -> Result<Advance, LogError> {
    let mut least = None;
    let mut failed = None;
    for projector in projectors {
        match advance(source, projector.as_ref()).await {
            Ok(step) => {
                progress.moved(projector.name(), Some(step.position));
                let position = least.map_or(step.position, |least: i64| least.min(step.position));
                least = Some(position);
            }
            Err(error) => {
                // A missing key stops this view and says so; nothing is written in its place.
                tracing::warn!(projection = projector.name(), %error, "the view waits");
                failed = Some(error);
            }
        }
    }
    match failed {
        Some(error) => Err(error),
        None => Ok(Advance {
            position: least.unwrap_or(0),
            moved: true,
        }),
    }
}

async fn tell_of(source: &Source, projectors: &[Box<dyn Projector>]) {
    for projector in projectors {
        if let Err(error) = tell_planner(&source.pool, projector.as_ref()).await {
            tracing::warn!(%error, "the planner was not told of a view's rows");
        }
    }
}
