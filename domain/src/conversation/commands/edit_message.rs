//! Editing a message.

use uuid::Uuid;

use crate::command::{Command, Decision};
use crate::conversation::message::NewMessage;
use crate::conversation::{Conversation, ConversationError};

/// Adds a sibling of one of the actor's messages, with new content.
#[derive(Debug, Clone, PartialEq)]
pub struct EditMessage {
    pub conversation_id: Uuid,
    pub actor: Uuid,
    pub original_id: Uuid,
    pub message_id: Uuid,
    pub content: String,
    pub attachments: Vec<Uuid>,
    /// Ids of the requested answer: message and response.
    pub answer: Option<(Uuid, Uuid)>,
}

impl Command<Conversation> for EditMessage {
    fn decide(self, state: &Conversation) -> Decision<Conversation> {
        state.require_writable(self.actor)?;
        let original = state.node(self.original_id)?;
        if original.is_answer {
            return Err(ConversationError::NotEditable);
        }
        let message = NewMessage {
            id: self.message_id,
            parent_id: original.parent_id,
            author: self.actor,
            content: &self.content,
            attachments: self.attachments,
        };
        message.post(self.conversation_id, self.answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::decide;
    use crate::conversation::fixture::{
        ANSWER, CONVERSATION, NEXT, OWNER, QUESTION, history, posted,
    };

    #[test]
    fn an_edit_adds_a_sibling() {
        let edit = |original_id| {
            let command = EditMessage {
                conversation_id: CONVERSATION,
                actor: OWNER,
                original_id,
                message_id: NEXT,
                content: "Hello".into(),
                attachments: vec![],
                answer: None,
            };
            decide(history(), command)
        };
        assert_eq!(edit(QUESTION), Ok(vec![posted(NEXT, None)]));
        assert_eq!(edit(ANSWER), Err(ConversationError::NotEditable));
        assert_eq!(edit(Uuid::nil()), Err(ConversationError::UnknownMessage));
    }
}
