//! One run: requested, started by one or more workers, ended exactly once.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Answer, Call, Outcome, ResponseCommand, ResponseError, ResponseEvent, Usage};
use crate::event::StoredAggregate;
use crate::personal::{Personal, Subject};

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Response {
    conversation_id: Option<Uuid>,
    requested_by: Uuid,
    attempt: u32,
    is_cancelling: bool,
    has_ended: bool,
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
    type Services = ();

    async fn handle(
        &mut self,
        command: ResponseCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), ResponseError> {
        for event in self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

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
    fn decide(&self, command: ResponseCommand) -> Result<Vec<ResponseEvent>, ResponseError> {
        if let ResponseCommand::RequestResponse {
            conversation_id,
            prompt_message_id,
            message_id,
            requested_by,
            assistant_id,
            assistant_version,
            model,
            context_window,
        } = command
        {
            if self.conversation_id.is_some() {
                return Err(ResponseError::AlreadyRequested);
            }
            return Ok(vec![ResponseEvent::ResponseRequested {
                conversation_id,
                prompt_message_id,
                message_id,
                requested_by,
                assistant_id,
                assistant_version,
                model,
                context_window,
            }]);
        }
        let conversation_id = self.conversation_id.ok_or(ResponseError::NotFound)?;
        match command {
            ResponseCommand::RequestResponse { .. } => Err(ResponseError::AlreadyRequested),
            ResponseCommand::StartResponse { attempt, passages } => self.start(attempt, passages),
            ResponseCommand::EndResponse {
                attempt,
                outcome,
                calls,
            } => self.end(conversation_id, attempt, outcome, calls),
            ResponseCommand::CancelResponse { by } => self.cancel(conversation_id, by),
        }
    }

    fn start(
        &self,
        attempt: u32,
        passages: Vec<Uuid>,
    ) -> Result<Vec<ResponseEvent>, ResponseError> {
        if self.has_ended {
            return Err(ResponseError::Ended);
        }
        if attempt != self.attempt + 1 {
            return Err(ResponseError::StaleAttempt);
        }
        Ok(vec![ResponseEvent::ResponseStarted { attempt, passages }])
    }

    fn end(
        &self,
        conversation_id: Uuid,
        attempt: u32,
        outcome: Outcome,
        calls: Vec<Call>,
    ) -> Result<Vec<ResponseEvent>, ResponseError> {
        if self.has_ended {
            return Err(ResponseError::Ended);
        }
        if attempt != self.attempt {
            return Err(ResponseError::StaleAttempt);
        }
        let subject = || [Subject::new("conversation", conversation_id)];
        Ok(vec![match outcome {
            Outcome::Completed {
                answer,
                finish_reason,
                usage,
            } => ResponseEvent::ResponseCompleted {
                attempt,
                answer: Personal::new(subject(), answer),
                finish_reason,
                usage,
                calls,
            },
            Outcome::Failed {
                code,
                detail,
                answer,
                usage,
            } => ResponseEvent::ResponseFailed {
                attempt,
                code,
                detail: Personal::new(subject(), detail),
                answer: Personal::new(subject(), answer),
                usage,
                calls,
            },
            Outcome::Interrupted { answer } => ResponseEvent::ResponseInterrupted {
                attempt,
                answer: Personal::new(subject(), answer),
            },
            Outcome::Cancelled { answer, usage } => ResponseEvent::ResponseCancelled {
                attempt,
                answer: Personal::new(subject(), answer),
                usage,
                calls,
            },
        }])
    }

    /// A run that has not started ends at once; otherwise its worker is asked to stop and to save the partial answer.
    fn cancel(&self, conversation_id: Uuid, by: Uuid) -> Result<Vec<ResponseEvent>, ResponseError> {
        if self.requested_by != by {
            return Err(ResponseError::NotFound);
        }
        if self.has_ended {
            return Err(ResponseError::Ended);
        }
        if self.is_cancelling {
            return Err(ResponseError::CancellationRequested);
        }
        let mut events = vec![ResponseEvent::CancellationRequested { by }];
        if self.attempt == 0 {
            events.push(ResponseEvent::ResponseCancelled {
                attempt: 0,
                answer: Personal::new(
                    [Subject::new("conversation", conversation_id)],
                    Answer::default(),
                ),
                usage: Usage::default(),
                calls: vec![],
            });
        }
        Ok(events)
    }
}
