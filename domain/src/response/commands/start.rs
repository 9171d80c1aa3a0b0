//! Starting a run.

use uuid::Uuid;

use crate::command::{Command, Decision};
use crate::response::{Response, ResponseError, ResponseEvent};

/// A worker starts; `attempt` is one more than the last one.
#[derive(Debug, Clone, PartialEq)]
pub struct StartResponse {
    pub attempt: u32,
    /// The passages in the prompt.
    pub passages: Vec<Uuid>,
}

impl Command<Response> for StartResponse {
    fn decide(self, state: &Response) -> Decision<Response> {
        state.require_running()?;
        if self.attempt != state.attempt + 1 {
            return Err(ResponseError::StaleAttempt);
        }
        Ok(vec![ResponseEvent::ResponseStarted {
            attempt: self.attempt,
            passages: self.passages,
        }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::decide;
    use crate::response::fixture::{completed, requested, started};

    #[test]
    fn only_the_next_attempt_can_start_a_run() {
        let start = |attempt| StartResponse {
            attempt,
            passages: vec![],
        };
        assert_eq!(decide([requested()], start(1)), Ok(vec![started(1)]));
        let running = [requested(), started(1)];
        assert_eq!(
            decide(running.clone(), start(1)),
            Err(ResponseError::StaleAttempt)
        );
        assert_eq!(decide(running, start(2)), Ok(vec![started(2)]));
        let ended = [requested(), started(1), completed(1)];
        assert_eq!(decide(ended, start(2)), Err(ResponseError::Ended));
        assert_eq!(decide([], start(1)), Err(ResponseError::NotFound));
    }
}
