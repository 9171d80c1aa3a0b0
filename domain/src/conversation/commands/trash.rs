//! Moving a conversation to the trash and back.

use uuid::Uuid;

use crate::command::{Command, Decision};
use crate::conversation::{Conversation, ConversationError, ConversationEvent};

#[derive(Debug, Clone, PartialEq)]
pub struct TrashConversation {
    pub actor: Uuid,
}

impl Command<Conversation> for TrashConversation {
    fn decide(self, state: &Conversation) -> Decision<Conversation> {
        state.require_visible(self.actor)?;
        match state.trashed {
            true => Err(ConversationError::Trashed),
            false => Ok(vec![ConversationEvent::ConversationTrashed {}]),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct RestoreConversation {
    pub actor: Uuid,
}

impl Command<Conversation> for RestoreConversation {
    fn decide(self, state: &Conversation) -> Decision<Conversation> {
        state.require_visible(self.actor)?;
        match state.trashed {
            true => Ok(vec![ConversationEvent::ConversationRestored {}]),
            false => Err(ConversationError::NotTrashed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::decide;
    use crate::conversation::fixture::{OWNER, STRANGER, history, history_and};

    #[test]
    fn only_a_trashed_conversation_can_be_restored() {
        let restore = RestoreConversation { actor: OWNER };
        assert_eq!(
            decide(history(), restore.clone()),
            Err(ConversationError::NotTrashed)
        );
        let trashed = history_and(ConversationEvent::ConversationTrashed {});
        assert_eq!(
            decide(trashed.clone(), restore),
            Ok(vec![ConversationEvent::ConversationRestored {}])
        );
        assert_eq!(
            decide(trashed, TrashConversation { actor: OWNER }),
            Err(ConversationError::Trashed)
        );
    }

    #[test]
    fn a_stranger_cannot_trash_a_conversation() {
        let refused = decide(history(), TrashConversation { actor: STRANGER });
        assert_eq!(refused, Err(ConversationError::NotFound));
    }
}
