//! Keeps every view up with the log.

use std::time::Duration;

use projections::projector::{advance, has_grown, tell_planner};
use projections::{Progress, Projector, Source, projectors};
use tokio::task::JoinSet;

const PAUSE: Duration = Duration::from_millis(200);
const RECHECK: Duration = Duration::from_secs(1);

/// Starts one task per projector. They end when the set is dropped.
pub fn start_projecting(source: &Source, progress: &Progress) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    for projector in projectors() {
        progress.moved(projector.name(), None);
        tasks.spawn(follow(source.clone(), progress.clone(), projector));
    }
    tasks
}

async fn follow(mut source: Source, progress: Progress, projector: Box<dyn Projector>) {
    let mut told = 0;
    loop {
        match advance(&source, projector.as_ref()).await {
            Ok(step) => {
                progress.moved(projector.name(), Some(step.position));
                if has_grown(told, step.position) {
                    told = step.position;
                    if let Err(error) = tell_planner(&source.pool, projector.as_ref()).await {
                        tracing::warn!(%error, "the planner was not told of a view's rows");
                    }
                }
                if !step.moved {
                    // A crash of the database may lose the last rows of a view, though never an event: look again
                    // now and then, also when nothing new comes.
                    let _ = tokio::time::timeout(RECHECK, source.feed.beyond(step.position)).await;
                }
            }
            Err(error) => {
                progress.moved(projector.name(), None);
                // A missing key stops this view and says so; nothing is written in its place.
                tracing::warn!(projection = projector.name(), %error, "the view waits");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}
