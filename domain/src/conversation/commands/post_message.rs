//! Posting a message.

use uuid::Uuid;

use crate::command::{Command, Decision};
use crate::conversation::message::NewMessage;
use crate::conversation::title::{self, Title};
use crate::conversation::{Conversation, ConversationError};

/// The position of a new message in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parent {
    /// Below the newest message.
    Leaf,
    /// As a new root.
    Root,
    /// Below this message.
    Message(Uuid),
}

impl Parent {
    fn resolve(self, state: &Conversation) -> Result<Option<Uuid>, ConversationError> {
        match self {
            Self::Leaf => Ok(state.leaf),
            Self::Root => Ok(None),
            Self::Message(id) if state.nodes.contains_key(&id) => Ok(Some(id)),
            Self::Message(_) => Err(ConversationError::UnknownParent),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct PostMessage {
    pub conversation_id: Uuid,
    pub actor: Uuid,
    pub message_id: Uuid,
    pub parent: Parent,
    pub content: String,
    /// Files that belong to the actor.
    pub attachments: Vec<Uuid>,
    /// Ids of the requested answer: message and response.
    pub answer: Option<(Uuid, Uuid)>,
}

impl Command<Conversation> for PostMessage {
    fn decide(self, state: &Conversation) -> Decision<Conversation> {
        state.require_writable(self.actor)?;
        let message = NewMessage {
            id: self.message_id,
            parent_id: self.parent.resolve(state)?,
            author: self.actor,
            content: &self.content,
            attachments: self.attachments,
        };
        let mut events = message.post(self.conversation_id, self.answer)?;
        if state.title == Title::Missing {
            events.extend(title::set_from_question(
                self.conversation_id,
                &self.content,
            ));
        }
        Ok(events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::decide;
    use crate::conversation::ConversationEvent;
    use crate::conversation::fixture::{
        ANSWER, NEXT, OWNER, QUESTION, RESPONSE, STRANGER, answered, history, history_and, post,
        posted, started, titled,
    };
    use crate::text::TextError;

    #[test]
    fn posting_adds_question_and_answer_in_one_decision() {
        let command = PostMessage {
            message_id: QUESTION,
            answer: Some((ANSWER, RESPONSE)),
            ..post(OWNER, Parent::Leaf, "Hello")
        };
        let events = vec![
            posted(QUESTION, None),
            answered(ANSWER, RESPONSE),
            titled("Hello", true),
        ];
        assert_eq!(decide([started()], command), Ok(events));
    }

    #[test]
    fn a_message_is_added_below_the_leaf_unless_a_parent_is_given() {
        for (parent, parent_id) in [
            (Parent::Leaf, Some(ANSWER)),
            (Parent::Root, None),
            (Parent::Message(QUESTION), Some(QUESTION)),
        ] {
            let decided = decide(history(), post(OWNER, parent, "Hello"));
            assert_eq!(decided, Ok(vec![posted(NEXT, parent_id)]));
        }
    }

    #[test]
    fn a_parent_of_another_conversation_is_refused() {
        let other = Parent::Message(Uuid::from_u128(99));
        let refused = decide(history(), post(OWNER, other, "Hello"));
        assert_eq!(refused, Err(ConversationError::UnknownParent));
    }

    #[test]
    fn posting_to_an_archived_or_trashed_conversation_is_refused() {
        for (last, refusal) in [
            (
                ConversationEvent::ConversationArchived {},
                ConversationError::Archived,
            ),
            (
                ConversationEvent::ConversationTrashed {},
                ConversationError::Trashed,
            ),
        ] {
            let refused = decide(history_and(last), post(OWNER, Parent::Leaf, "Hello"));
            assert_eq!(refused, Err(refusal));
        }
    }

    #[test]
    fn a_stranger_cannot_see_a_conversation() {
        let refused = decide(history(), post(STRANGER, Parent::Leaf, "Hello"));
        assert_eq!(refused, Err(ConversationError::NotFound));
    }

    #[test]
    fn blank_content_and_control_characters_are_refused() {
        for (content, error) in [(" \n", TextError::Empty), ("a\u{0}", TextError::Control)] {
            let refused = decide(history(), post(OWNER, Parent::Leaf, content));
            assert_eq!(refused, Err(ConversationError::Content(error)));
        }
    }

    #[test]
    fn the_first_question_becomes_the_title_if_there_is_none() {
        let titles = |given: Vec<ConversationEvent>, content: &str| {
            let events = decide(given, post(OWNER, Parent::Leaf, content)).unwrap();
            events
                .into_iter()
                .filter_map(|event| match event {
                    ConversationEvent::TitleChanged {
                        title, automatic, ..
                    } => {
                        assert!(automatic);
                        title.plain().cloned()
                    }
                    _ => None,
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(
            titles(vec![started()], "\n Where is it?\nmore"),
            ["Where is it?"]
        );
        assert_eq!(titles(history(), "And now?"), [""; 0]);
        let own = vec![started(), titled("Mine", false)];
        assert_eq!(titles(own, "Where is it?"), [""; 0]);
    }
}
