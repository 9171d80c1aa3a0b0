//! Projects events of conversations and of their runs.

use domain::AggregateEvent;
use domain::conversation::{ConversationEvent, ImportedRole};
use domain::personal::{ERASED, Personal};
use domain::response::{ResponseEvent, answer_text};
use eventstore::log::OpenedEvent;
use futures_util::future::BoxFuture;
use sqlx::PgConnection;
use sqlx::types::Text;
use uuid::Uuid;

use super::rows::{BatchRows, MessageRow};
use super::view::{ConversationView, MessageRole, MessageStatus};
use crate::projector::{ApplyError, Projector};
use crate::response::apply_response;

/// Unlike other projectors, it changes rows in memory: many events in a row concern the same conversation.
#[derive(Debug)]
pub struct ConversationProjector;

impl Projector for ConversationProjector {
    fn name(&self) -> &'static str {
        "conversations"
    }

    fn version(&self) -> i32 {
        2
    }

    fn tables(&self) -> &'static [&'static str] {
        &["view_conversations", "view_messages", "view_responses"]
    }

    fn aggregates(&self) -> &'static [&'static str] {
        &[
            ConversationEvent::AGGREGATE_TYPE,
            ResponseEvent::AGGREGATE_TYPE,
        ]
    }

    fn apply<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        events: &'a [&'a OpenedEvent],
    ) -> BoxFuture<'a, Result<(), ApplyError>> {
        Box::pin(async move {
            let mut rows = BatchRows::load(connection, events).await?;
            for opened in events {
                if let Some(event) = ConversationEvent::from_event(&opened.event) {
                    apply(&mut rows, opened, event)?;
                }
                if let Some(event) = ResponseEvent::from_event(&opened.event) {
                    apply_response(&mut rows, opened, event)?;
                }
            }
            Ok(rows.save(connection).await?)
        })
    }
}

fn apply(
    rows: &mut BatchRows,
    opened: &OpenedEvent,
    event: &ConversationEvent,
) -> Result<(), ApplyError> {
    match event {
        ConversationEvent::ConversationStarted { .. } => start(rows, opened, event),
        ConversationEvent::ConversationImported { .. } => import(rows, opened, event),
        ConversationEvent::TitleChanged { title, .. } => {
            changed(rows, opened)?.title = Some(title.text().to_owned());
        }
        ConversationEvent::AssistantChosen {
            assistant_id,
            model,
        } => {
            let conversation = changed(rows, opened)?;
            conversation.assistant_id = *assistant_id;
            conversation.model.clone_from(model);
        }
        ConversationEvent::ConversationPinned {} => changed(rows, opened)?.pinned = true,
        ConversationEvent::ConversationUnpinned {} => changed(rows, opened)?.pinned = false,
        ConversationEvent::ConversationArchived {} => changed(rows, opened)?.archived = true,
        ConversationEvent::ConversationUnarchived {} => changed(rows, opened)?.archived = false,
        ConversationEvent::ConversationTrashed {} => changed(rows, opened)?.trashed = true,
        ConversationEvent::ConversationRestored {} => changed(rows, opened)?.trashed = false,
        ConversationEvent::ReadMarkerMoved {
            user_id,
            message_id,
        } => {
            let conversation = annotated(rows, opened)?;
            if *user_id == conversation.owner_id {
                conversation.last_read_message_id = Some(*message_id);
            }
        }
        ConversationEvent::FeedbackGiven {
            message_id, rating, ..
        } => {
            annotated(rows, opened)?;
            rows.ratings.insert(*message_id, *rating);
        }
        ConversationEvent::ConversationErased {} => {
            changed(rows, opened)?;
            rows.erased.insert(opened.aggregate_id, opened.recorded_at);
        }
        ConversationEvent::MessagePosted { .. } => post_message(rows, opened, event)?,
        ConversationEvent::AnswerAdded { .. } => add_answer(rows, opened, event)?,
        ConversationEvent::MessageImported { .. } => import_message(rows, opened, event)?,
    }
    Ok(())
}

/// The conversation of an event that moves it to the top.
fn changed<'a>(
    rows: &'a mut BatchRows,
    opened: &OpenedEvent,
) -> Result<&'a mut ConversationView, ApplyError> {
    let conversation = annotated(rows, opened)?;
    conversation.updated_at = opened.recorded_at;
    Ok(conversation)
}

/// The conversation of an event that does not: reading and rating; and imported messages have times of their own.
fn annotated<'a>(
    rows: &'a mut BatchRows,
    opened: &OpenedEvent,
) -> Result<&'a mut ConversationView, ApplyError> {
    let conversation = rows.conversation(opened.aggregate_id)?;
    conversation.version = opened.sequence;
    Ok(conversation)
}

fn start(rows: &mut BatchRows, opened: &OpenedEvent, event: &ConversationEvent) {
    if let ConversationEvent::ConversationStarted {
        owner_id,
        title,
        assistant_id,
        model,
        hidden,
    } = event
    {
        let conversation = ConversationView {
            model: model.clone(),
            hidden: *hidden,
            ..empty_conversation(opened, *owner_id, title.as_ref(), *assistant_id)
        };
        rows.conversations.insert(opened.aggregate_id, conversation);
    }
}

fn import(rows: &mut BatchRows, opened: &OpenedEvent, event: &ConversationEvent) {
    if let ConversationEvent::ConversationImported {
        owner_id,
        source,
        title,
        assistant_id,
        model,
        pinned,
        archived,
        trashed,
        started_at,
        changed_at,
    } = event
    {
        let conversation = ConversationView {
            model: model.clone(),
            pinned: *pinned,
            archived: *archived,
            trashed: *trashed,
            imported_from: Some(Text(*source)),
            created_at: *started_at,
            updated_at: *changed_at,
            ..empty_conversation(opened, *owner_id, title.as_ref(), *assistant_id)
        };
        rows.conversations.insert(opened.aggregate_id, conversation);
    }
}

fn empty_conversation(
    opened: &OpenedEvent,
    owner_id: Uuid,
    title: Option<&Personal<String>>,
    assistant_id: Uuid,
) -> ConversationView {
    ConversationView {
        id: opened.aggregate_id,
        version: opened.sequence,
        owner_id,
        title: title.map(|title| title.text().to_owned()),
        assistant_id,
        model: None,
        pinned: false,
        archived: false,
        trashed: false,
        hidden: false,
        leaf_id: None,
        last_read_message_id: None,
        message_count: 0,
        imported_from: None,
        created_at: opened.recorded_at,
        updated_at: opened.recorded_at,
    }
}

fn post_message(
    rows: &mut BatchRows,
    opened: &OpenedEvent,
    event: &ConversationEvent,
) -> Result<(), ApplyError> {
    let ConversationEvent::MessagePosted {
        message_id,
        parent_id,
        author,
        content,
        attachments,
    } = event
    else {
        return Ok(());
    };
    changed(rows, opened)?;
    let message = MessageRow {
        parent_id: *parent_id,
        user_id: Some(*author),
        content: content.text().to_owned(),
        status: Text(match content.plain() {
            Some(_) => MessageStatus::Complete,
            None => MessageStatus::Erased,
        }),
        ..empty_message(opened, *message_id, MessageRole::User)
    };
    add_message(rows, message, attachments)
}

/// Adds the message of an answer that is not written yet.
fn add_answer(
    rows: &mut BatchRows,
    opened: &OpenedEvent,
    event: &ConversationEvent,
) -> Result<(), ApplyError> {
    let ConversationEvent::AnswerAdded {
        message_id,
        parent_id,
        response_id,
    } = event
    else {
        return Ok(());
    };
    changed(rows, opened)?;
    let message = MessageRow {
        parent_id: Some(*parent_id),
        response_id: Some(*response_id),
        ..empty_message(opened, *message_id, MessageRole::Assistant)
    };
    add_message(rows, message, &[])
}

fn import_message(
    rows: &mut BatchRows,
    opened: &OpenedEvent,
    event: &ConversationEvent,
) -> Result<(), ApplyError> {
    let ConversationEvent::MessageImported {
        message_id,
        parent_id,
        said,
        content,
        attachments,
        model,
        usage,
        rating,
        written_at,
    } = event
    else {
        return Ok(());
    };
    let conversation = annotated(rows, opened)?;
    // The importer counts as having read the message.
    conversation.last_read_message_id = Some(*message_id);
    let owner_id = conversation.owner_id;
    if model.is_some() || usage.is_some() {
        rows.imported.insert(*message_id, (model.clone(), *usage));
    }
    if rating.is_some() {
        rows.ratings.insert(*message_id, *rating);
    }
    let (role, user_id) = match said.is_answer() {
        true => (MessageRole::Assistant, None),
        false => (MessageRole::User, Some(owner_id)),
    };
    let answer = content.plain();
    let message = MessageRow {
        parent_id: *parent_id,
        user_id,
        content: answer.map_or(ERASED.to_owned(), |answer| answer_text(&answer.parts)),
        answer: answer
            .filter(|_| said.is_answer())
            .map(|answer| serde_json::json!(answer).to_string()),
        status: Text(match answer {
            Some(_) => imported_status(*said),
            None => MessageStatus::Erased,
        }),
        created_at: *written_at,
        ..empty_message(opened, *message_id, role)
    };
    add_message(rows, message, attachments)
}

fn imported_status(role: ImportedRole) -> MessageStatus {
    match role {
        ImportedRole::Question | ImportedRole::Answer => MessageStatus::Complete,
        ImportedRole::Failed => MessageStatus::Failed,
        ImportedRole::Interrupted => MessageStatus::Interrupted,
        ImportedRole::Cancelled => MessageStatus::Cancelled,
    }
}

fn empty_message(opened: &OpenedEvent, id: Uuid, role: MessageRole) -> MessageRow {
    MessageRow {
        id,
        conversation_id: opened.aggregate_id,
        parent_id: None,
        role: Text(role),
        user_id: None,
        response_id: None,
        content: String::new(),
        answer: None,
        status: Text(MessageStatus::Running),
        position: opened.position,
        created_at: opened.recorded_at,
    }
}

/// Adds a message to the tree of its conversation, as its newest leaf.
fn add_message(
    rows: &mut BatchRows,
    message: MessageRow,
    attachments: &[Uuid],
) -> Result<(), ApplyError> {
    let conversation = rows.conversation(message.conversation_id)?;
    conversation.leaf_id = Some(message.id);
    conversation.message_count += 1;
    if !attachments.is_empty() {
        rows.attachments.insert(message.id, attachments.to_vec());
    }
    rows.messages.insert(message.id, message);
    Ok(())
}
