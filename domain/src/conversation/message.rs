//! New messages in the tree of a conversation.

use uuid::Uuid;

use super::{ConversationError, ConversationEvent};
use crate::personal::{Personal, Subject};
use crate::text;

/// Maximum length of a message, in characters.
pub(super) const CONTENT_LIMIT: usize = 2_000_000;
pub(super) const MAX_ATTACHMENTS: usize = 20;

/// A message that a person writes.
pub(super) struct NewMessage<'a> {
    pub id: Uuid,
    pub parent_id: Option<Uuid>,
    pub author: Uuid,
    pub content: &'a str,
    pub attachments: Vec<Uuid>,
}

impl NewMessage<'_> {
    /// Adds the message and, if one is requested, its answer.
    pub(super) fn post(
        self,
        conversation_id: Uuid,
        answer: Option<(Uuid, Uuid)>,
    ) -> Result<Vec<ConversationEvent>, ConversationError> {
        if self.attachments.len() > MAX_ATTACHMENTS {
            return Err(ConversationError::Attachments);
        }
        let content =
            text::parse_prose(self.content, CONTENT_LIMIT).map_err(ConversationError::Content)?;
        if !text::is_visible(&content) && self.attachments.is_empty() {
            return Err(ConversationError::Content(text::TextError::Empty));
        }
        let question = ConversationEvent::MessagePosted {
            message_id: self.id,
            parent_id: self.parent_id,
            author: self.author,
            content: Personal::new(subjects(conversation_id, self.author), content),
            attachments: self.attachments,
        };
        let answer = answer.map(|answer| answer_added(self.id, answer));
        Ok(std::iter::once(question).chain(answer).collect())
    }
}

/// Destroying the key of the conversation or of the author makes a message unreadable.
pub(super) fn subjects(conversation_id: Uuid, author: Uuid) -> [Subject; 2] {
    [
        Subject::new("conversation", conversation_id),
        Subject::new("user", author),
    ]
}

pub(super) fn answer_added(
    parent_id: Uuid,
    (message_id, response_id): (Uuid, Uuid),
) -> ConversationEvent {
    ConversationEvent::AnswerAdded {
        message_id,
        parent_id,
        response_id,
    }
}
