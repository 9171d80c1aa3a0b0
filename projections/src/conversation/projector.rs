//! Projects events of conversations and of their runs.

use domain::conversation::{ConversationEvent, ImportedRole};
use domain::personal::ERASED;
use domain::response::{Answer, answer_text};
use domain::{Event, Personal};
use eventstore::log::OpenedEvent;
use futures_util::future::BoxFuture;
use sqlx::PgConnection;
use uuid::Uuid;

use super::ConversationView;
use super::rows::{BatchRows, MessageRow};
use crate::projector::{ApplyError, Projector};
use crate::response::apply_response;

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
        &["conversation", "response"]
    }

    fn apply<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        events: &'a [&'a OpenedEvent],
    ) -> BoxFuture<'a, Result<(), ApplyError>> {
        Box::pin(async move {
            let mut rows = BatchRows::load(connection, events).await?;
            for opened in events {
                match &opened.event {
                    Event::Conversation(event) => apply(&mut rows, opened, event)?,
                    Event::Response(event) => apply_response(&mut rows, opened, event)?,
                    Event::User(_)
                    | Event::Assistant(_)
                    | Event::Provider(_)
                    | Event::File(_)
                    | Event::Knowledge(_)
                    | Event::Document(_)
                    | Event::Group(_)
                    | Event::Installation(_) => {}
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
    let id = opened.aggregate_id;
    if let Some(conversation) = new_conversation(opened, event) {
        rows.conversations.insert(id, conversation);
        return Ok(());
    }
    let conversation = rows.conversation(id)?;
    conversation.version = opened.sequence;
    // Reading and rating do not move a conversation to the top; imported messages have times of their own.
    if !matches!(
        event,
        ConversationEvent::ReadMarkerMoved { .. }
            | ConversationEvent::FeedbackGiven { .. }
            | ConversationEvent::MessageImported { .. }
    ) {
        conversation.updated_at = opened.recorded_at;
    }
    match event {
        ConversationEvent::ConversationStarted { .. }
        | ConversationEvent::ConversationImported { .. } => {}
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
            rows.erased.insert(id, opened.recorded_at);
        }
        ConversationEvent::MessagePosted { .. }
        | ConversationEvent::AnswerAdded { .. }
        | ConversationEvent::MessageImported { .. } => add_message(rows, opened, event)?,
    }
    Ok(())
}

/// The row of a conversation that an event starts.
fn new_conversation(opened: &OpenedEvent, event: &ConversationEvent) -> Option<ConversationView> {
    let empty =
        |owner_id: Uuid, title: &Option<Personal<String>>, assistant_id: Uuid| ConversationView {
            id: opened.aggregate_id,
            version: opened.sequence,
            owner_id,
            title: title.as_ref().map(|title| title.text().to_owned()),
            assistant_id,
            model: None,
            pinned: false,
            archived: false,
            trashed: false,
            leaf_id: None,
            last_read_message_id: None,
            message_count: 0,
            imported_from: None,
            created_at: opened.recorded_at,
            updated_at: opened.recorded_at,
        };
    match event {
        ConversationEvent::ConversationStarted {
            owner_id,
            title,
            assistant_id,
            model,
        } => Some(ConversationView {
            model: model.clone(),
            ..empty(*owner_id, title, *assistant_id)
        }),
        ConversationEvent::ConversationImported {
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
        } => Some(ConversationView {
            model: model.clone(),
            pinned: *pinned,
            archived: *archived,
            trashed: *trashed,
            imported_from: Some(source.name().to_owned()),
            created_at: *started_at,
            updated_at: *changed_at,
            ..empty(*owner_id, title, *assistant_id)
        }),
        _ => None,
    }
}

/// Adds a question, an empty answer or an imported message to the tree.
fn add_message(
    rows: &mut BatchRows,
    opened: &OpenedEvent,
    event: &ConversationEvent,
) -> Result<(), ApplyError> {
    let empty = |id: Uuid| MessageRow {
        id,
        conversation_id: opened.aggregate_id,
        parent_id: None,
        role: "user".to_owned(),
        user_id: None,
        response_id: None,
        content: String::new(),
        answer: None,
        status: "running".to_owned(),
        position: opened.position,
        created_at: opened.recorded_at,
    };
    if let ConversationEvent::MessagePosted {
        message_id,
        attachments,
        ..
    }
    | ConversationEvent::MessageImported {
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
            ..empty(*message_id)
        },
        ConversationEvent::AnswerAdded {
            message_id,
            parent_id,
            response_id,
        } => MessageRow {
            parent_id: Some(*parent_id),
            role: "assistant".to_owned(),
            response_id: Some(*response_id),
            ..empty(*message_id)
        },
        ConversationEvent::MessageImported {
            message_id,
            parent_id,
            said,
            content,
            model,
            usage,
            rating,
            written_at,
            ..
        } => {
            if model.is_some() || usage.is_some() {
                rows.imported.insert(*message_id, (model.clone(), *usage));
            }
            if rating.is_some() {
                rows.ratings.insert(*message_id, *rating);
            }
            let row = MessageRow {
                parent_id: *parent_id,
                created_at: *written_at,
                ..empty(*message_id)
            };
            fill_imported(rows, opened, row, (*said, content))?
        }
        _ => return Ok(()),
    };
    let conversation = rows.conversation(opened.aggregate_id)?;
    conversation.leaf_id = Some(row.id);
    // The importer counts as having read the message.
    if matches!(event, ConversationEvent::MessageImported { .. }) {
        conversation.last_read_message_id = Some(row.id);
    }
    conversation.message_count += 1;
    rows.messages.insert(row.id, row);
    Ok(())
}

/// Completes the row of an imported message with its author and content.
fn fill_imported(
    rows: &mut BatchRows,
    opened: &OpenedEvent,
    row: MessageRow,
    (role, content): (ImportedRole, &Personal<Answer>),
) -> Result<MessageRow, ApplyError> {
    let owner = rows.conversation(opened.aggregate_id)?.owner_id;
    let (text, answer) = match content.plain() {
        Some(answer) => (answer_text(&answer.parts), Some(answer)),
        None => (ERASED.to_owned(), None),
    };
    let status = match (role, answer) {
        (_, None) => "erased",
        (ImportedRole::Question | ImportedRole::Answer, _) => "complete",
        (ImportedRole::Failed, _) => "failed",
        (ImportedRole::Interrupted, _) => "interrupted",
        (ImportedRole::Cancelled, _) => "cancelled",
    };
    let answer = answer.filter(|_| role.is_answer());
    Ok(MessageRow {
        role: if role.is_answer() {
            "assistant"
        } else {
            "user"
        }
        .to_owned(),
        user_id: (!role.is_answer()).then_some(owner),
        content: text,
        answer: answer.map(|answer| serde_json::json!(answer).to_string()),
        status: status.to_owned(),
        ..row
    })
}
