//! Requesting a run.

use uuid::Uuid;

use crate::command::{Command, Decision};
use crate::response::{Response, ResponseError, ResponseEvent};

#[derive(Debug, Clone, PartialEq)]
pub struct RequestResponse {
    pub conversation_id: Uuid,
    pub prompt_message_id: Uuid,
    pub message_id: Uuid,
    pub requested_by: Uuid,
    pub assistant_id: Uuid,
    pub assistant_version: u32,
    pub model: String,
    /// The model's context window in tokens, if its provider reports it.
    pub context_window: Option<u32>,
}

impl Command<Response> for RequestResponse {
    fn decide(self, state: &Response) -> Decision<Response> {
        if state.conversation_id.is_some() {
            return Err(ResponseError::AlreadyRequested);
        }
        Ok(vec![ResponseEvent::ResponseRequested {
            conversation_id: self.conversation_id,
            prompt_message_id: self.prompt_message_id,
            message_id: self.message_id,
            requested_by: self.requested_by,
            assistant_id: self.assistant_id,
            assistant_version: self.assistant_version,
            model: self.model,
            context_window: self.context_window,
        }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::decide;
    use crate::response::fixture::{CONVERSATION, USER, requested};

    #[test]
    fn requesting_twice_is_refused() {
        let request = RequestResponse {
            conversation_id: CONVERSATION,
            prompt_message_id: Uuid::from_u128(1),
            message_id: Uuid::from_u128(2),
            requested_by: USER,
            assistant_id: Uuid::from_u128(3),
            assistant_version: 1,
            model: "builtin/guide".into(),
            context_window: None,
        };
        assert_eq!(decide([], request.clone()), Ok(vec![requested()]));
        let again = decide([requested()], request);
        assert_eq!(again, Err(ResponseError::AlreadyRequested));
    }
}
