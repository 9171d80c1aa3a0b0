//! One run: requested, started by one or more workers, ended exactly once.

use cqrs_es::Aggregate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ResponseCommand, ResponseError, ResponseEvent};
use crate::command::handle_commands;
use crate::event::StoredAggregate;

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Response {
    pub(super) conversation_id: Option<Uuid>,
    pub(super) requested_by: Uuid,
    pub(super) attempt: u32,
    pub(super) is_cancelling: bool,
    pub(super) has_ended: bool,
}

impl StoredAggregate for Response {
    const OWNS_KEY: bool = false;

    /// A run belongs to the stream of its conversation.
    fn scope(&self, id: &str) -> String {
        self.conversation_id
            .map_or_else(|| id.to_owned(), |id| id.to_string())
    }
}

impl Aggregate for Response {
    const TYPE: &'static str = "response";
    type Command = ResponseCommand;
    type Event = ResponseEvent;
    type Error = ResponseError;
    handle_commands!();

    fn apply(&mut self, event: ResponseEvent) {
        match event {
            ResponseEvent::ResponseRequested {
                conversation_id,
                requested_by,
                ..
            } => {
                self.conversation_id = Some(conversation_id);
                self.requested_by = requested_by;
            }
            ResponseEvent::ResponseStarted { attempt, .. } => self.attempt = attempt,
            ResponseEvent::CancellationRequested { .. } => self.is_cancelling = true,
            ResponseEvent::ResponseCompleted { .. }
            | ResponseEvent::ResponseFailed { .. }
            | ResponseEvent::ResponseInterrupted { .. }
            | ResponseEvent::ResponseCancelled { .. } => self.has_ended = true,
        }
    }
}

impl Response {
    /// The conversation of a run that was requested and has not ended.
    pub(super) fn require_running(&self) -> Result<Uuid, ResponseError> {
        let conversation_id = self.conversation_id.ok_or(ResponseError::NotFound)?;
        match self.has_ended {
            true => Err(ResponseError::Ended),
            false => Ok(conversation_id),
        }
    }
}
