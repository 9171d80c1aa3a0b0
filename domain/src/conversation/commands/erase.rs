//! Erasing a conversation.

use uuid::Uuid;

use crate::command::{Command, Decision};
use crate::conversation::{Conversation, ConversationError, ConversationEvent};

/// Makes the conversation unreadable. The installation itself, which has no actor, may repeat that.
#[derive(Debug, Clone, PartialEq)]
pub struct EraseConversation {
    pub actor: Option<Uuid>,
}

impl Command<Conversation> for EraseConversation {
    fn decide(self, state: &Conversation) -> Decision<Conversation> {
        if let Some(actor) = self.actor {
            state.require_visible(actor)?;
        }
        match state.owner_id {
            None => Err(ConversationError::NotFound),
            Some(_) if state.erased => Ok(vec![]),
            Some(_) => Ok(vec![ConversationEvent::ConversationErased {}]),
        }
    }
}

/// The same, but only while the conversation is in the trash: it may have been restored meanwhile.
#[derive(Debug, Clone, PartialEq)]
pub struct EraseTrashedConversation {
    pub actor: Uuid,
}

impl Command<Conversation> for EraseTrashedConversation {
    fn decide(self, state: &Conversation) -> Decision<Conversation> {
        state.require_visible(self.actor)?;
        match state.trashed {
            true => Ok(vec![ConversationEvent::ConversationErased {}]),
            false => Err(ConversationError::NotTrashed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::decide;
    use crate::conversation::Parent;
    use crate::conversation::fixture::{OWNER, STRANGER, history, history_and, post};

    const ERASED: ConversationEvent = ConversationEvent::ConversationErased {};

    #[test]
    fn commands_on_an_erased_conversation_are_refused_except_erasing() {
        let erase = |given| decide(given, EraseConversation { actor: None });
        assert_eq!(erase(history()), Ok(vec![ERASED]));
        assert_eq!(erase(history_and(ERASED)), Ok(vec![]));
        assert_eq!(erase(vec![]), Err(ConversationError::NotFound));
        let refused = decide(history_and(ERASED), post(OWNER, Parent::Leaf, "x"));
        assert_eq!(refused, Err(ConversationError::NotFound));
    }

    #[test]
    fn only_its_owner_erases_a_conversation_and_only_once() {
        let erase = |given, actor| decide(given, EraseConversation { actor: Some(actor) });
        assert_eq!(erase(history(), OWNER), Ok(vec![ERASED]));
        assert_eq!(erase(history(), STRANGER), Err(ConversationError::NotFound));
        let again = erase(history_and(ERASED), OWNER);
        assert_eq!(again, Err(ConversationError::NotFound));
    }

    #[test]
    fn emptying_the_trash_spares_what_was_restored() {
        let erase = |given| decide(given, EraseTrashedConversation { actor: OWNER });
        let trashed = history_and(ConversationEvent::ConversationTrashed {});
        assert_eq!(erase(trashed), Ok(vec![ERASED]));
        assert_eq!(erase(history()), Err(ConversationError::NotTrashed));
    }
}
