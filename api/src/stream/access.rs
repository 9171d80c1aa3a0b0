//! Access to conversations, and the reason why one is not shown.

use eventstore::log::{self, RecordedEvent};
use projections::conversation::queries;
use projections::projector::parking;
use serde::Deserialize;
use uuid::Uuid;

use crate::http::Problem;
use crate::state::App;

impl App {
    /// Fails unless the reader may read the conversation and the views show it.
    pub(crate) async fn require_readable(&self, reader: Uuid, id: Uuid) -> Result<(), Problem> {
        match queries::find(&self.pool, reader, id).await? {
            Some(_) => Ok(()),
            None => Err(self.missing_reason(reader, id).await?),
        }
    }

    /// Why the views do not show a conversation or part of it. "Not found" only if the log confirms that, or if the
    /// conversation belongs to another user.
    pub(crate) async fn missing_reason(&self, reader: Uuid, id: Uuid) -> Result<Problem, Problem> {
        let scope = id.to_string();
        let first = log::read_scope(&self.pool, &scope, 0, 1).await?;
        let Some(first) = first.first().filter(|first| owner(first) == Some(reader)) else {
            return Ok(Problem::not_found());
        };
        if parking::is_parked(&self.pool, &scope).await? {
            let detail =
                "an event of this conversation could not be applied; an administrator can retry it";
            return Ok(Problem::unavailable("parked", detail));
        }
        if self.progress.position().await? < first.position {
            let detail = "this conversation is not visible yet; try again";
            return Ok(Problem::unavailable("projection_behind", detail));
        }
        Ok(Problem::not_found())
    }
}

/// The owner of a conversation, from its first event.
fn owner(first: &RecordedEvent) -> Option<Uuid> {
    #[derive(Deserialize)]
    struct Started {
        owner_id: Uuid,
    }
    let started: Started = first.read_fields().ok()?;
    Some(started.owner_id)
}
