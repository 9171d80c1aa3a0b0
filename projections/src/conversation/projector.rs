//! Events of conversations and of their runs to rows.

use domain::Event;
use domain::conversation::ConversationEvent;
use eventstore::log::OpenedEvent;
use futures_util::future::BoxFuture;
use sqlx::PgConnection;
use uuid::Uuid;

use super::ConversationView;
use super::rows::{MessageRow, Rows};
use crate::projector::{ApplyError, Projector};
use crate::response::apply_response;

#[derive(Debug)]
pub struct ConversationProjector;

impl Projector for ConversationProjector {
    fn name(&self) -> &'static str {
        "conversations"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [&'static str] {
        &["view_conversations", "view_messages", "view_responses"]
    }

    fn aggregates(&self) -> &'static [&'static str] {
        &["conversation", "response"]
    }

    fn apply<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        events: &'a [&'a OpenedEvent],
    ) -> BoxFuture<'a, Result<(), ApplyError>> {
        Box::pin(async move {
            let mut rows = Rows::load(connection, events).await?;
            for at in events {
                match &at.event {
                    Event::Conversation(event) => apply(&mut rows, at, event)?,
                    Event::Response(event) => apply_response(&mut rows, at, event)?,
                    Event::User(_)
                    | Event::Assistant(_)
                    | Event::Provider(_)
                    | Event::File(_)
                    | Event::Knowledge(_)
                    | Event::Document(_) => {}
                }
            }
            Ok(rows.save(connection).await?)
        })
    }
}

fn apply(rows: &mut Rows, at: &OpenedEvent, event: &ConversationEvent) -> Result<(), ApplyError> {
    let id = at.aggregate_id;
    if let ConversationEvent::ConversationStarted {
        owner_id,
        title,
        assistant_id,
        model,
    } = event
    {
        let started = ConversationView {
            id,
            version: at.sequence,
            owner_id: *owner_id,
            title: title.as_ref().map(|title| title.text().to_owned()),
            assistant_id: *assistant_id,
            model: model.clone(),
            pinned: false,
            archived: false,
            trashed: false,
            leaf_id: None,
            last_read_message_id: None,
            message_count: 0,
            created_at: at.recorded_at,
            updated_at: at.recorded_at,
        };
        rows.conversations.insert(id, started);
        return Ok(());
    }
    let conversation = rows.conversation(id)?;
    conversation.version = at.sequence;
    // Reading and rating bring a conversation nothing new.
    if !matches!(
        event,
        ConversationEvent::ReadMarkerMoved { .. } | ConversationEvent::FeedbackGiven { .. }
    ) {
        conversation.updated_at = at.recorded_at;
    }
    match event {
        ConversationEvent::ConversationStarted { .. } => {}
        ConversationEvent::TitleChanged { title, .. } => {
            conversation.title = Some(title.text().to_owned());
        }
        ConversationEvent::AssistantChosen {
            assistant_id,
            model,
        } => {
            conversation.assistant_id = *assistant_id;
            conversation.model.clone_from(model);
        }
        ConversationEvent::ConversationPinned {} => conversation.pinned = true,
        ConversationEvent::ConversationUnpinned {} => conversation.pinned = false,
        ConversationEvent::ConversationArchived {} => conversation.archived = true,
        ConversationEvent::ConversationUnarchived {} => conversation.archived = false,
        ConversationEvent::ConversationTrashed {} => conversation.trashed = true,
        ConversationEvent::ConversationRestored {} => conversation.trashed = false,
        ConversationEvent::ReadMarkerMoved {
            user_id,
            message_id,
        } => {
            if *user_id == conversation.owner_id {
                conversation.last_read_message_id = Some(*message_id);
            }
        }
        ConversationEvent::FeedbackGiven {
            message_id, rating, ..
        } => {
            rows.ratings.insert(*message_id, *rating);
        }
        ConversationEvent::ConversationErased {} => {
            rows.erased.insert(id, at.recorded_at);
        }
        ConversationEvent::MessagePosted { .. } | ConversationEvent::AnswerAdded { .. } => {
            add(rows, at, event)?;
        }
    }
    Ok(())
}

/// A question or the place of an answer enters the tree.
fn add(rows: &mut Rows, at: &OpenedEvent, event: &ConversationEvent) -> Result<(), ApplyError> {
    let node = |id: Uuid| MessageRow {
        id,
        conversation_id: at.aggregate_id,
        parent_id: None,
        role: "user".to_owned(),
        user_id: None,
        response_id: None,
        content: String::new(),
        answer: None,
        status: "running".to_owned(),
        position: at.position,
        created_at: at.recorded_at,
    };
    if let ConversationEvent::MessagePosted {
        message_id,
        attachments,
        ..
    } = event
        && !attachments.is_empty()
    {
        rows.attachments.insert(*message_id, attachments.clone());
    }
    let row = match event {
        ConversationEvent::MessagePosted {
            message_id,
            parent_id,
            author,
            content,
            ..
        } => MessageRow {
            parent_id: *parent_id,
            user_id: Some(*author),
            content: content.text().to_owned(),
            status: match content.plain() {
                Some(_) => "complete".to_owned(),
                None => "erased".to_owned(),
            },
            ..node(*message_id)
        },
        ConversationEvent::AnswerAdded {
            message_id,
            parent_id,
            response_id,
        } => MessageRow {
            parent_id: Some(*parent_id),
            role: "assistant".to_owned(),
            response_id: Some(*response_id),
            ..node(*message_id)
        },
        _ => return Ok(()),
    };
    let conversation = rows.conversation(at.aggregate_id)?;
    conversation.leaf_id = Some(row.id);
    conversation.message_count += 1;
    rows.messages.insert(row.id, row);
    Ok(())
}
