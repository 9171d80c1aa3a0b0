//! Whether a conversation may be followed, and the true reason where it cannot be shown.

use eventstore::log::{self, RecordedEvent};
use projections::conversation::queries;
use projections::parked;
use serde::Deserialize;
use uuid::Uuid;

use crate::problem::Problem;
use crate::state::App;

impl App {
    /// Passes who may read a conversation that the views show.
    pub(crate) async fn may_follow(&self, reader: Uuid, id: Uuid) -> Result<(), Problem> {
        match queries::find(&self.pool, reader, id).await? {
            Some(_) => Ok(()),
            None => Err(self.why_missing(reader, id).await?),
        }
    }

    /// Why the views do not show something of a conversation: "not found" only where the log agrees, or where the
    /// conversation is another person's.
    pub(crate) async fn why_missing(&self, reader: Uuid, id: Uuid) -> Result<Problem, Problem> {
        let scope = id.to_string();
        let first = log::read_scope(&self.pool, &scope, 0, 1).await?;
        let Some(first) = first.first().filter(|first| owner(first) == Some(reader)) else {
            return Ok(Problem::not_found());
        };
        if parked::is_parked(&self.pool, &scope).await? {
            let detail = "an event of this conversation could not be projected; an administrator can retry it";
            return Ok(Problem::unavailable("parked", detail));
        }
        if self.progress.position().await? < first.position {
            let detail = "the views do not show this conversation yet; try again";
            return Ok(Problem::unavailable("projection_behind", detail));
        }
        Ok(Problem::not_found())
    }
}

/// Whom a conversation was started for, by its first event.
fn owner(first: &RecordedEvent) -> Option<Uuid> {
    #[derive(Deserialize)]
    struct Started {
        owner_id: Uuid,
    }
    let started: Started = serde_json::from_str(&first.payload).ok()?;
    Some(started.owner_id)
}
