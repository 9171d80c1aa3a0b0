//! Changes of single fields: merged into the object as it is, again whenever somebody else was quicker.
//!
//! Texts are sealed in the log, so an aggregate cannot merge them itself. What is merged therefore names the version
//! that it was merged into, and the aggregate takes it at that version alone.

use std::time::Duration;

use domain::StoredAggregate;
use eventstore::ExecutorError;
use eventstore::executor::step;
use tokio::time::Instant;
use uuid::Uuid;

use crate::auth::Caller;
use crate::head::Head;
use crate::problem::Problem;
use crate::state::App;

/// How long a change is merged again while others change the same object.
const LIMIT: Duration = Duration::from_secs(10);
/// How long one look waits for the views.
const VIEWS: Duration = Duration::from_secs(2);
/// The pause where the views show no other version yet.
const PAUSE: Duration = Duration::from_millis(20);

/// A request that changes some fields of an object.
pub(crate) struct Merge<'a> {
    app: &'a App,
    caller: &'a Caller,
    head: &'a Head,
    body: &'a [u8],
    deadline: Instant,
    /// The version that the last attempt was merged into.
    tried: Option<i64>,
}

impl<'a> Merge<'a> {
    pub fn new(app: &'a App, caller: &'a Caller, head: &'a Head, body: &'a [u8]) -> Self {
        Self {
            app,
            caller,
            head,
            body,
            deadline: Instant::now() + LIMIT,
            tried: None,
        }
    }

    /// Whether an earlier request with the same key has made this change already.
    pub async fn is_repeated(&self) -> Result<bool, Problem> {
        let key = self.head.idempotency(self.caller, self.body);
        Ok(self.app.repeated(key).await?.is_some())
    }

    /// Executes a command that was merged into a version of an object. False: it has another version by now, so the
    /// command must be made again from what is there then.
    pub async fn try_step<A: StoredAggregate + 'static>(
        &mut self,
        id: Uuid,
        version: i64,
        command: A::Command,
    ) -> Result<bool, Problem> {
        if let Some(expected) = self.head.expected()
            && expected != version
        {
            // The views may not show the caller's version yet; a later one does not go away again.
            if expected < version || self.tried == Some(version) {
                return Err(mismatch(version));
            }
            self.wait(version).await?;
            return Ok(false);
        }
        let steps = vec![step::<A>(id, Some(version), command)];
        let execution = self.head.execution(self.caller, self.body, steps);
        match self.app.try_execute(self.caller.id, execution).await {
            Ok(_) => Ok(true),
            Err(ExecutorError::VersionMismatch { .. }) if self.head.expected().is_none() => {
                self.wait(version).await?;
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Waits until the views show what this process knows of the log.
    async fn wait(&mut self, version: i64) -> Result<(), Problem> {
        if Instant::now() >= self.deadline {
            return Err(Problem::unavailable(
                "contended",
                "the object is changing too quickly, or the views are behind; try again",
            ));
        }
        let (progress, head) = (&self.app.progress, self.app.feed.head());
        progress.reach(head, VIEWS).await?;
        if self.tried.replace(version) == Some(version) {
            // Another process has changed it, and this one has not heard of it yet.
            progress.next(PAUSE).await;
        }
        Ok(())
    }
}

fn mismatch(current: i64) -> Problem {
    ExecutorError::VersionMismatch { current }.into()
}
