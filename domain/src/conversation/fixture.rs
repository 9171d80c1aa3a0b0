//! A conversation with a question and its answer.

use uuid::Uuid;

use super::{ConversationEvent, Parent, PostMessage, UpdateConversation};
use crate::personal::{Personal, Subject};

pub(super) const CONVERSATION: Uuid = Uuid::from_u128(0xc0);
pub(super) const OWNER: Uuid = Uuid::from_u128(0xada);
pub(super) const STRANGER: Uuid = Uuid::from_u128(0xeee);
pub(super) const QUESTION: Uuid = Uuid::from_u128(0x11);
pub(super) const ANSWER: Uuid = Uuid::from_u128(0x12);
pub(super) const RESPONSE: Uuid = Uuid::from_u128(0x13);
pub(super) const NEXT: Uuid = Uuid::from_u128(0x14);

pub(super) fn started() -> ConversationEvent {
    ConversationEvent::ConversationStarted {
        owner_id: OWNER,
        title: None,
        assistant_id: Uuid::nil(),
        model: None,
        hidden: false,
    }
}

pub(super) fn posted(message_id: Uuid, parent_id: Option<Uuid>) -> ConversationEvent {
    ConversationEvent::MessagePosted {
        message_id,
        parent_id,
        author: OWNER,
        content: Personal::new(
            [
                Subject::new("conversation", CONVERSATION),
                Subject::new("user", OWNER),
            ],
            "Hello".to_owned(),
        ),
        attachments: vec![],
    }
}

pub(super) fn answered(message_id: Uuid, response_id: Uuid) -> ConversationEvent {
    ConversationEvent::AnswerAdded {
        message_id,
        parent_id: QUESTION,
        response_id,
    }
}

pub(super) fn titled(title: &str, automatic: bool) -> ConversationEvent {
    ConversationEvent::TitleChanged {
        title: Personal::new([Subject::new("conversation", CONVERSATION)], title.into()),
        automatic,
        call: None,
    }
}

pub(super) fn history() -> Vec<ConversationEvent> {
    vec![
        started(),
        posted(QUESTION, None),
        answered(ANSWER, RESPONSE),
        titled("Hello", true),
    ]
}

/// The history, followed by one more event.
pub(super) fn history_and(last: ConversationEvent) -> Vec<ConversationEvent> {
    let mut events = history();
    events.push(last);
    events
}

pub(super) fn post(actor: Uuid, parent: Parent, content: &str) -> PostMessage {
    PostMessage {
        conversation_id: CONVERSATION,
        actor,
        message_id: NEXT,
        parent,
        content: content.to_owned(),
        attachments: vec![],
        answer: None,
    }
}

pub(super) fn pin() -> UpdateConversation {
    UpdateConversation {
        conversation_id: CONVERSATION,
        actor: OWNER,
        title: None,
        archived: None,
        pinned: Some(true),
        assistant_id: None,
        model: None,
    }
}
