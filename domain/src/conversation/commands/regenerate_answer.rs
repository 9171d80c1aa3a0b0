//! Answering a question again.

use uuid::Uuid;

use crate::command::{Command, Decision};
use crate::conversation::message::answer_added;
use crate::conversation::{Conversation, ConversationError};

/// Adds another answer to the same question.
#[derive(Debug, Clone, PartialEq)]
pub struct RegenerateAnswer {
    pub actor: Uuid,
    pub original_id: Uuid,
    /// Ids of the new answer: message and response.
    pub answer: (Uuid, Uuid),
}

impl Command<Conversation> for RegenerateAnswer {
    fn decide(self, state: &Conversation) -> Decision<Conversation> {
        state.require_writable(self.actor)?;
        let original = state.node(self.original_id)?;
        match original.parent_id {
            Some(question) if original.is_answer && !state.node(question)?.is_answer => {
                Ok(vec![answer_added(question, self.answer)])
            }
            Some(_) | None => Err(ConversationError::NotAnAnswer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::decide;
    use crate::conversation::fixture::{
        ANSWER, NEXT, OWNER, QUESTION, RESPONSE, answered, history,
    };

    #[test]
    fn regenerating_adds_another_answer_to_the_same_question() {
        let regenerate = |original_id| {
            let command = RegenerateAnswer {
                actor: OWNER,
                original_id,
                answer: (NEXT, RESPONSE),
            };
            decide(history(), command)
        };
        assert_eq!(regenerate(ANSWER), Ok(vec![answered(NEXT, RESPONSE)]));
        assert_eq!(regenerate(QUESTION), Err(ConversationError::NotAnAnswer));
    }
}
