//! Progress on a terminal; nothing is printed if standard error is not one.

use std::time::Duration;

use convosphere_client::types::Job;
use convosphere_client::{Client, Error, StreamEvent};
use futures_util::TryStreamExt;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use crate::failure::Failure;

const TICK: Duration = Duration::from_millis(100);

/// Waits for a job and returns its result; fails if the job fails.
pub async fn wait_for_job(client: &Client, label: &str, job: Job) -> Result<Value, Failure> {
    let bar = start(label);
    let ended = follow(client, &bar, job).await;
    bar.finish_and_clear();
    let job = ended?;
    match job.status.as_str() {
        "completed" => Ok(job.result.unwrap_or_default()),
        _ => Err(Error::Job(Box::new(job)).into()),
    }
}

/// Starts to show that work is done; its amount is not known yet.
pub fn start(label: &str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_message(label.to_owned());
    bar.enable_steady_tick(TICK);
    bar
}

/// Shows how much is done.
pub fn advance(bar: &ProgressBar, done: i64, total: Option<i64>) {
    if let Some(total) = total.and_then(|total| u64::try_from(total).ok())
        && bar.length() != Some(total)
    {
        bar.set_length(total);
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len}")
        {
            bar.set_style(style);
        }
    }
    bar.set_position(u64::try_from(done).unwrap_or(0));
}

async fn follow(client: &Client, bar: &ProgressBar, job: Job) -> Result<Job, Error> {
    let mut frames = client.stream_job(job.id);
    while let Some(frame) = frames.try_next().await? {
        match frame.event()? {
            StreamEvent::JobProgress(job) => {
                advance(bar, job.progress.done, job.progress.total);
            }
            StreamEvent::JobEnded(job) => return Ok(*job),
            _ => {}
        }
    }
    client.get_job(job.id).await
}
