//! A new conversation, built from the events of its command without waiting for a view.

use domain::Event;
use domain::conversation::ConversationEvent;
use eventstore::command::{Committed, CommittedEvent};
use poem_openapi::Object;

use super::wire::ConversationResource;
use crate::http::{Created, Problem};
use crate::message::{Exchange, MessageResource};
use crate::response::ResponseResource;

/// A new conversation, with its first message if the request contained one.
#[derive(Debug, Object)]
pub(super) struct StartedConversation {
    #[oai(flatten)]
    pub conversation: ConversationResource,
    /// The first message, if the request contained one.
    #[oai(skip_serializing_if_is_none)]
    pub message: Option<MessageResource>,
    /// The run that answers the first message.
    #[oai(skip_serializing_if_is_none)]
    pub response: Option<ResponseResource>,
}

impl StartedConversation {
    pub(super) fn from_committed(committed: &Committed) -> Result<Created<Self>, Problem> {
        let conversation = committed.events.first().and_then(new_conversation);
        let mut conversation = conversation.ok_or_else(Problem::not_found)?;
        for event in &committed.events {
            apply(&mut conversation, event);
        }
        let exchange = Exchange::find(committed);
        let (message, response) = exchange
            .map(|exchange| (exchange.message, exchange.response))
            .unzip();
        let (id, version) = (conversation.id, conversation.version);
        let started = Self {
            conversation,
            message,
            response: response.flatten(),
        };
        let location = format!("/api/v1/conversations/{id}");
        Ok(Created::new(started, location, version, committed.position))
    }
}

fn new_conversation(event: &CommittedEvent) -> Option<ConversationResource> {
    let Event::Conversation(ConversationEvent::ConversationStarted {
        title,
        assistant_id,
        model,
        hidden,
        ..
    }) = &event.event
    else {
        return None;
    };
    Some(ConversationResource {
        id: event.aggregate_id,
        version: event.version,
        title: title.as_ref().map(|title| title.text().to_owned()),
        assistant_id: *assistant_id,
        model: model.clone(),
        pinned: false,
        archived: false,
        trashed: false,
        hidden: *hidden,
        leaf_id: None,
        last_read_message_id: None,
        message_count: 0,
        imported_from: None,
        created_at: event.recorded_at,
        updated_at: event.recorded_at,
    })
}

/// Applies an event of the first exchange.
fn apply(conversation: &mut ConversationResource, event: &CommittedEvent) {
    let Event::Conversation(change) = &event.event else {
        return;
    };
    conversation.version = event.version;
    conversation.updated_at = event.recorded_at;
    match change {
        ConversationEvent::MessagePosted { message_id, .. }
        | ConversationEvent::AnswerAdded { message_id, .. } => {
            conversation.leaf_id = Some(*message_id);
            conversation.message_count += 1;
        }
        ConversationEvent::TitleChanged { title, .. } => {
            conversation.title = Some(title.text().to_owned());
        }
        _ => {}
    }
}
