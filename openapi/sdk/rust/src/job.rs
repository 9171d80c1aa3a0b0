//! Waiting for jobs.

use futures_util::TryStreamExt;
use uuid::Uuid;

use crate::client::Client;
use crate::error::Error;
use crate::stream::StreamEvent;
use crate::types::Job;

impl Client {
    /// Waits until a job has ended, also over restarts of the server. Fails with [`Error::Job`] unless it completed.
    pub async fn wait_for_job(&self, id: Uuid) -> Result<Job, Error> {
        let mut frames = self.stream_job(id);
        while let Some(frame) = frames.try_next().await? {
            if let StreamEvent::JobEnded(job) = frame.event()? {
                return match job.status.as_str() {
                    "completed" => Ok(*job),
                    _ => Err(Error::Job(job)),
                };
            }
        }
        self.get_job(id).await
    }
}
