//! Changes of single fields: merged into the current object, and retried if another change was committed first.
//!
//! Texts are encrypted in the log, so the aggregate cannot merge them itself. The command therefore names the version
//! it was merged into, and the aggregate accepts it only at that version.

use std::time::Duration;

use domain::{Command, StoredAggregate};
use eventstore::ExecutorError;
use eventstore::command::step;
use tokio::time::Instant;
use uuid::Uuid;

use super::{Ctx, Problem};

/// How long a change is retried while others change the same object.
const LIMIT: Duration = Duration::from_secs(10);
/// How long one attempt waits for the views.
const VIEW_WAIT: Duration = Duration::from_secs(2);
/// The pause if the views still show the same version.
const PAUSE: Duration = Duration::from_millis(20);

/// A request that changes some fields of an object.
pub(crate) struct Merge<'a> {
    ctx: &'a Ctx,
    body: &'a [u8],
    deadline: Instant,
    /// The version that the last attempt was merged into.
    tried: Option<i64>,
}

impl<'a> Merge<'a> {
    pub(super) fn new(ctx: &'a Ctx, body: &'a [u8]) -> Self {
        Self {
            ctx,
            body,
            deadline: Instant::now() + LIMIT,
            tried: None,
        }
    }

    /// Whether an earlier request with the same idempotency key has already made this change.
    pub(super) async fn is_repeated(&self) -> Result<bool, Problem> {
        Ok(self.ctx.find_repeated(self.body).await?.is_some())
    }

    /// Executes a command that was merged into a version of an object. Returns false if the object has another version
    /// by now: the command must then be built again from the new state.
    pub(super) async fn try_step<A: StoredAggregate>(
        &mut self,
        id: Uuid,
        version: i64,
        command: impl Command<A>,
    ) -> Result<bool, Problem> {
        if let Some(expected) = self.ctx.meta.expected()
            && expected != version
        {
            // The views may not show the expected version yet, so wait for it; an older one will not come back.
            if expected < version || self.tried == Some(version) {
                return Err(mismatch(version));
            }
            self.wait(version).await?;
            return Ok(false);
        }
        let steps = vec![step(id, Some(version), command)];
        let execution = self.ctx.execution(self.body, steps);
        match self.ctx.try_execute(execution).await {
            Ok(_) => Ok(true),
            Err(ExecutorError::VersionMismatch { .. }) if self.ctx.meta.expected().is_none() => {
                self.wait(version).await?;
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Waits until the views have caught up with the log, as far as this process knows it.
    async fn wait(&mut self, version: i64) -> Result<(), Problem> {
        if Instant::now() >= self.deadline {
            return Err(Problem::unavailable(
                "contended",
                "the object is changing too quickly, or the views are behind; try again",
            ));
        }
        let (progress, head) = (&self.ctx.progress, self.ctx.feed.head());
        progress.wait_for(head, VIEW_WAIT).await?;
        if self.tried.replace(version) == Some(version) {
            // Another process has changed the object, and this one has not received the event yet.
            progress.wait_for_progress(PAUSE).await;
        }
        Ok(())
    }
}

fn mismatch(current: i64) -> Problem {
    ExecutorError::VersionMismatch { current }.into()
}
