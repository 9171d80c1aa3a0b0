//! Cancelling a run.

use uuid::Uuid;

use crate::command::{Command, Decision};
use crate::personal::{Personal, Subject};
use crate::response::{Answer, Response, ResponseError, ResponseEvent, Usage};

/// A run that has not started ends at once; otherwise its worker is asked to stop and to save the partial answer.
#[derive(Debug, Clone, PartialEq)]
pub struct CancelResponse {
    pub by: Uuid,
}

impl Command<Response> for CancelResponse {
    fn decide(self, state: &Response) -> Decision<Response> {
        let by = self.by;
        if state.requested_by != by {
            return Err(ResponseError::NotFound);
        }
        let conversation_id = state.require_running()?;
        if state.is_cancelling {
            return Err(ResponseError::CancellationRequested);
        }
        let mut events = vec![ResponseEvent::CancellationRequested { by }];
        if state.attempt == 0 {
            let subject = Subject::new("conversation", conversation_id);
            events.push(ResponseEvent::ResponseCancelled {
                attempt: 0,
                answer: Personal::new([subject], Answer::default()),
                usage: Usage::default(),
                calls: vec![],
            });
        }
        Ok(events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::decide;
    use crate::response::fixture::{USER, completed, requested, sealed, started};

    const CANCEL: CancelResponse = CancelResponse { by: USER };
    const CANCELLING: ResponseEvent = ResponseEvent::CancellationRequested { by: USER };

    #[test]
    fn cancelling_a_waiting_run_ends_it_at_once() {
        let ended = ResponseEvent::ResponseCancelled {
            attempt: 0,
            answer: sealed(Answer::default()),
            usage: Usage::default(),
            calls: vec![],
        };
        let decided = decide([requested()], CANCEL);
        assert_eq!(decided, Ok(vec![CANCELLING, ended]));
    }

    #[test]
    fn cancelling_a_started_run_is_requested_once() {
        let decided = decide([requested(), started(1)], CANCEL);
        assert_eq!(decided, Ok(vec![CANCELLING]));
        for (last, refusal) in [
            (CANCELLING, ResponseError::CancellationRequested),
            (completed(1), ResponseError::Ended),
        ] {
            let refused = decide([requested(), started(1), last], CANCEL);
            assert_eq!(refused, Err(refusal));
        }
    }

    #[test]
    fn another_user_cannot_cancel_a_run() {
        let stranger = CancelResponse { by: Uuid::nil() };
        let refused = decide([requested(), started(1)], stranger);
        assert_eq!(refused, Err(ResponseError::NotFound));
    }
}
