//! Changing title, state and model of a conversation.

use uuid::Uuid;

use crate::command::{Command, Decision};
use crate::conversation::title::seal_title;
use crate::conversation::{Conversation, ConversationError, ConversationEvent};

/// Changes only the fields that are set.
#[derive(Debug, Clone, PartialEq)]
pub struct UpdateConversation {
    pub conversation_id: Uuid,
    pub actor: Uuid,
    pub title: Option<String>,
    pub archived: Option<bool>,
    pub pinned: Option<bool>,
    pub assistant_id: Option<Uuid>,
    /// `Some(None)` returns to the assistant's model.
    pub model: Option<Option<String>>,
}

impl Command<Conversation> for UpdateConversation {
    fn decide(self, state: &Conversation) -> Decision<Conversation> {
        state.require_visible(self.actor)?;
        if state.trashed {
            return Err(ConversationError::Trashed);
        }
        let mut events = Vec::new();
        if let Some(title) = self.title {
            events.push(ConversationEvent::TitleChanged {
                title: seal_title(self.conversation_id, &title)?,
                automatic: false,
                call: None,
            });
        }
        if let Some(archived) = self.archived.filter(|new| *new != state.archived) {
            events.push(match archived {
                true => ConversationEvent::ConversationArchived {},
                false => ConversationEvent::ConversationUnarchived {},
            });
        }
        if let Some(pinned) = self.pinned.filter(|new| *new != state.pinned) {
            events.push(match pinned {
                true => ConversationEvent::ConversationPinned {},
                false => ConversationEvent::ConversationUnpinned {},
            });
        }
        if self.assistant_id.is_some() || self.model.is_some() {
            events.push(ConversationEvent::AssistantChosen {
                assistant_id: self.assistant_id.unwrap_or(state.assistant_id),
                model: self.model.unwrap_or_else(|| state.model.clone()),
            });
        }
        Ok(events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::decide;
    use crate::conversation::fixture::{history, history_and, pin};

    #[test]
    fn an_update_changes_only_what_differs() {
        let pinned = ConversationEvent::ConversationPinned {};
        assert_eq!(decide(history(), pin()), Ok(vec![pinned.clone()]));
        assert_eq!(decide(history_and(pinned), pin()), Ok(vec![]));
    }

    #[test]
    fn a_missing_or_trashed_conversation_cannot_be_updated() {
        assert_eq!(decide([], pin()), Err(ConversationError::NotFound));
        let trashed = history_and(ConversationEvent::ConversationTrashed {});
        assert_eq!(decide(trashed, pin()), Err(ConversationError::Trashed));
    }
}
