//! A command as it is executed, and its result.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{Event, Subject};
use futures_util::future::BoxFuture;
use sqlx::PgConnection;
use uuid::Uuid;

use super::context::Context;
use super::idempotency::Idempotency;
use super::step::Step;
use crate::append::{LeaseRow, SideWrite, SideWriteError};
use crate::seal::erasure;

/// One command on one or more aggregates, committed atomically.
pub struct Execution {
    pub context: Context,
    pub steps: Vec<Box<dyn Step>>,
    /// Values to reserve, as (kind, normalised text, owner).
    pub reserve: Vec<(&'static str, String, String)>,
    pub release: Vec<(&'static str, String)>,
    /// The run that the command starts, if this process is to answer it.
    pub run: Option<Box<dyn StartedRun>>,
    pub idempotency: Option<Idempotency>,
    pub writes: Vec<Arc<dyn SideWrite>>,
    /// Subjects whose keys one of the writes destroys.
    pub destroyed: Vec<Subject>,
}

impl Execution {
    /// A command with only steps.
    pub fn new(context: Context, steps: Vec<Box<dyn Step>>) -> Self {
        Self {
            context,
            steps,
            reserve: vec![],
            release: vec![],
            run: None,
            idempotency: None,
            writes: vec![],
            destroyed: vec![],
        }
    }

    /// Adds a write to the command's transaction. Writes run in the order in which they were added.
    #[must_use]
    pub fn with_write(mut self, write: impl SideWrite + 'static) -> Self {
        self.writes.push(Arc::new(write));
        self
    }

    /// Destroys the key of a subject in the same transaction.
    #[must_use]
    pub fn with_key_destruction(mut self, subject: &Subject) -> Self {
        self.destroyed.push(subject.clone());
        self.with_write(KeyDestruction(subject.clone()))
    }
}

/// Destroys the key of a subject.
struct KeyDestruction(Subject);

impl SideWrite for KeyDestruction {
    fn write<'a>(
        &'a self,
        connection: &'a mut PgConnection,
    ) -> BoxFuture<'a, Result<(), SideWriteError>> {
        Box::pin(async move {
            let subjects = [self.0.as_str().to_owned()];
            Ok(erasure::destroy_keys(connection, &subjects).await?)
        })
    }
}

/// A run that starts with a command. Its lease is granted in the same append, and it gets the events once they are
/// durable, even if the client is gone by then.
pub trait StartedRun: Send + Sync {
    fn lease(&self) -> LeaseRow;
    fn hand_over(self: Box<Self>, events: Vec<CommittedEvent>);
}

/// An event that a command appended.
#[derive(Debug, Clone)]
pub struct CommittedEvent {
    pub position: i64,
    pub aggregate_id: Uuid,
    /// The version of the aggregate after the event.
    pub version: i64,
    pub recorded_at: DateTime<Utc>,
    pub event: Event,
}

/// The result of a command.
#[derive(Debug, Clone)]
pub struct Committed {
    pub events: Vec<CommittedEvent>,
    /// The last position that the command has written; 0 if nothing changed.
    pub position: i64,
    /// Whether an earlier request with the same idempotency key recorded it.
    pub replayed: bool,
}
