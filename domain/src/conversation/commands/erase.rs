//! Erasing a conversation.

use crate::command::{Command, Decision};
use crate::conversation::{Conversation, ConversationError, ConversationEvent};

/// Makes the conversation unreadable; changes nothing if it is already erased.
#[derive(Debug, Clone, PartialEq)]
pub struct EraseConversation;

impl Command<Conversation> for EraseConversation {
    fn decide(self, state: &Conversation) -> Decision<Conversation> {
        match state.owner_id {
            None => Err(ConversationError::NotFound),
            Some(_) if state.erased => Ok(vec![]),
            Some(_) => Ok(vec![ConversationEvent::ConversationErased {}]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::decide;
    use crate::conversation::Parent;
    use crate::conversation::fixture::{OWNER, history, history_and, post};

    #[test]
    fn commands_on_an_erased_conversation_are_refused_except_erasing() {
        let erased = ConversationEvent::ConversationErased {};
        let erase = |given| decide(given, EraseConversation);
        assert_eq!(erase(history()), Ok(vec![erased.clone()]));
        assert_eq!(erase(history_and(erased.clone())), Ok(vec![]));
        assert_eq!(erase(vec![]), Err(ConversationError::NotFound));
        let refused = decide(history_and(erased), post(OWNER, Parent::Leaf, "x"));
        assert_eq!(refused, Err(ConversationError::NotFound));
    }
}
