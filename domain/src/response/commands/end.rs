//! Ending a run.

use crate::command::{Command, Decision};
use crate::personal::{Personal, Subject};
use crate::response::{
    Answer, Call, FailureCode, FinishReason, Response, ResponseError, ResponseEvent, Usage,
};

/// A worker ends its attempt.
#[derive(Debug, Clone, PartialEq)]
pub struct EndResponse {
    pub attempt: u32,
    pub outcome: Outcome,
    /// The calls to models during the attempt.
    pub calls: Vec<Call>,
}

/// How a run ends.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Completed {
        answer: Answer,
        finish_reason: FinishReason,
        usage: Usage,
    },
    Failed {
        code: FailureCode,
        detail: String,
        answer: Answer,
        usage: Usage,
    },
    Interrupted {
        answer: Answer,
    },
    Cancelled {
        answer: Answer,
        usage: Usage,
    },
}

impl Command<Response> for EndResponse {
    fn decide(self, state: &Response) -> Decision<Response> {
        let conversation_id = state.require_running()?;
        let Self {
            attempt,
            outcome,
            calls,
        } = self;
        if attempt != state.attempt {
            return Err(ResponseError::StaleAttempt);
        }
        let subject = || [Subject::new("conversation", conversation_id)];
        let seal = |answer| Personal::new(subject(), answer);
        Ok(vec![match outcome {
            Outcome::Completed {
                answer,
                finish_reason,
                usage,
            } => ResponseEvent::ResponseCompleted {
                attempt,
                answer: seal(answer),
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
                answer: seal(answer),
                usage,
                calls,
            },
            Outcome::Interrupted { answer } => ResponseEvent::ResponseInterrupted {
                attempt,
                answer: seal(answer),
            },
            Outcome::Cancelled { answer, usage } => ResponseEvent::ResponseCancelled {
                attempt,
                answer: seal(answer),
                usage,
                calls,
            },
        }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::decide;
    use crate::response::fixture::{answer, calls, completed, requested, sealed, started};

    #[test]
    fn only_the_current_attempt_can_end_a_run_and_only_once() {
        let complete = EndResponse {
            attempt: 1,
            outcome: Outcome::Completed {
                answer: answer(),
                finish_reason: FinishReason::Stop,
                usage: Usage::default(),
            },
            calls: calls(),
        };
        let mut given = vec![requested(), started(1)];
        let ended = decide(given.clone(), complete.clone());
        assert_eq!(ended, Ok(vec![completed(1)]));
        for (next, refusal) in [
            (started(2), ResponseError::StaleAttempt),
            (completed(1), ResponseError::Ended),
        ] {
            given.truncate(2);
            given.push(next);
            assert_eq!(decide(given.clone(), complete.clone()), Err(refusal));
        }
    }

    #[test]
    fn an_interrupted_run_keeps_the_partial_answer() {
        let interrupt = EndResponse {
            attempt: 1,
            outcome: Outcome::Interrupted { answer: answer() },
            calls: vec![],
        };
        let interrupted = ResponseEvent::ResponseInterrupted {
            attempt: 1,
            answer: sealed(answer()),
        };
        let decided = decide([requested(), started(1)], interrupt);
        assert_eq!(decided, Ok(vec![interrupted]));
    }
}
