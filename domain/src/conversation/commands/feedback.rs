//! Rating answers.

use uuid::Uuid;

use crate::command::{Command, Decision};
use crate::conversation::{Conversation, ConversationError, ConversationEvent, Rating};

/// Rates an answer for the actor; `None` withdraws the rating.
#[derive(Debug, Clone, PartialEq)]
pub struct GiveFeedback {
    pub actor: Uuid,
    pub message_id: Uuid,
    pub rating: Option<Rating>,
}

impl Command<Conversation> for GiveFeedback {
    fn decide(self, state: &Conversation) -> Decision<Conversation> {
        state.require_visible(self.actor)?;
        if !state.node(self.message_id)?.is_answer {
            return Err(ConversationError::NotRatable);
        }
        Ok(vec![ConversationEvent::FeedbackGiven {
            user_id: self.actor,
            message_id: self.message_id,
            rating: self.rating,
        }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::decide;
    use crate::conversation::fixture::{ANSWER, NEXT, OWNER, QUESTION, STRANGER, history};

    #[test]
    fn only_answers_can_be_rated_and_only_by_the_owner() {
        let give = |actor, message_id, rating| {
            let command = GiveFeedback {
                actor,
                message_id,
                rating,
            };
            decide(history(), command)
        };
        for rating in [Some(Rating::Up), Some(Rating::Down), None] {
            let given = ConversationEvent::FeedbackGiven {
                user_id: OWNER,
                message_id: ANSWER,
                rating,
            };
            assert_eq!(give(OWNER, ANSWER, rating), Ok(vec![given]));
        }
        for (actor, message, refusal) in [
            (OWNER, QUESTION, ConversationError::NotRatable),
            (OWNER, NEXT, ConversationError::UnknownMessage),
            (STRANGER, ANSWER, ConversationError::NotFound),
        ] {
            assert_eq!(give(actor, message, Some(Rating::Up)), Err(refusal));
        }
    }
}
