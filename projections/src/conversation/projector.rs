//! Events of conversations and of their runs to rows.

use domain::Event;
use domain::conversation::ConversationEvent;
use eventstore::log::OpenedEvent;
use futures_util::future::BoxFuture;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::projector::Projector;
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

    fn apply<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        event: &'a OpenedEvent,
    ) -> BoxFuture<'a, Result<(), sqlx::Error>> {
        Box::pin(async move {
            match &event.event {
                Event::Conversation(conversation) => apply(connection, event, conversation).await,
                Event::Response(response) => apply_response(connection, event, response).await,
                Event::User(_) | Event::Assistant(_) => Ok(()),
            }
        })
    }
}

async fn apply(
    connection: &mut PgConnection,
    at: &OpenedEvent,
    event: &ConversationEvent,
) -> Result<(), sqlx::Error> {
    let id = at.aggregate_id;
    match event {
        ConversationEvent::ConversationStarted { .. } => return start(connection, at, event).await,
        ConversationEvent::MessagePosted {
            message_id,
            parent_id,
            author,
            content,
            ..
        } => {
            let node = Node {
                id: *message_id,
                parent_id: *parent_id,
                role: "user",
                user_id: Some(*author),
                response_id: None,
                content: content.text(),
                status: if content.plain().is_some() {
                    "complete"
                } else {
                    "erased"
                },
            };
            add(connection, at, node).await?;
        }
        ConversationEvent::AnswerAdded {
            message_id,
            parent_id,
            response_id,
        } => {
            let node = Node {
                id: *message_id,
                parent_id: Some(*parent_id),
                role: "assistant",
                user_id: None,
                response_id: Some(*response_id),
                content: "",
                status: "running",
            };
            add(connection, at, node).await?;
        }
        ConversationEvent::TitleChanged { title, .. } => {
            sqlx::query!(
                "update view_conversations set title = $2 where id = $1",
                id,
                title.text()
            )
            .execute(&mut *connection)
            .await?;
        }
        ConversationEvent::AssistantChosen {
            assistant_id,
            model,
        } => {
            sqlx::query!(
                "update view_conversations set assistant_id = $2, model = $3 where id = $1",
                id,
                assistant_id,
                *model
            )
            .execute(&mut *connection)
            .await?;
        }
        ConversationEvent::ConversationPinned {} => {
            flags(connection, id, Some(true), None, None).await?;
        }
        ConversationEvent::ConversationUnpinned {} => {
            flags(connection, id, Some(false), None, None).await?;
        }
        ConversationEvent::ConversationArchived {} => {
            flags(connection, id, None, Some(true), None).await?;
        }
        ConversationEvent::ConversationUnarchived {} => {
            flags(connection, id, None, Some(false), None).await?;
        }
        ConversationEvent::ConversationTrashed {} => {
            flags(connection, id, None, None, Some(true)).await?;
        }
        ConversationEvent::ConversationRestored {} => {
            flags(connection, id, None, None, Some(false)).await?;
        }
    }
    sqlx::query!(
        "update view_conversations set version = $2, updated_at = $3 where id = $1",
        id,
        at.sequence,
        at.recorded_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn start(
    connection: &mut PgConnection,
    at: &OpenedEvent,
    event: &ConversationEvent,
) -> Result<(), sqlx::Error> {
    let ConversationEvent::ConversationStarted {
        owner_id,
        title,
        assistant_id,
        model,
    } = event
    else {
        return Ok(());
    };
    sqlx::query!(
        "insert into view_conversations (id, version, owner_id, title, assistant_id, model, created_at, updated_at)
         values ($1, 1, $2, $3, $4, $5, $6, $6)",
        at.aggregate_id,
        owner_id,
        title.as_ref().map(domain::Personal::text),
        assistant_id,
        *model,
        at.recorded_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

struct Node<'a> {
    id: Uuid,
    parent_id: Option<Uuid>,
    role: &'static str,
    user_id: Option<Uuid>,
    response_id: Option<Uuid>,
    content: &'a str,
    status: &'static str,
}

async fn add(
    connection: &mut PgConnection,
    at: &OpenedEvent,
    node: Node<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into view_messages (id, conversation_id, parent_id, parent_key, role, user_id, response_id, content,
                                    status, position, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        node.id,
        at.aggregate_id,
        node.parent_id,
        node.parent_id.unwrap_or(at.aggregate_id),
        node.role,
        node.user_id,
        node.response_id,
        node.content,
        node.status,
        at.position,
        at.recorded_at
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update view_conversations set leaf_id = $2, message_count = message_count + 1 where id = $1",
        at.aggregate_id,
        node.id
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn flags(
    connection: &mut PgConnection,
    id: Uuid,
    pinned: Option<bool>,
    archived: Option<bool>,
    trashed: Option<bool>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update view_conversations set pinned = coalesce($2, pinned), archived = coalesce($3, archived),
                trashed = coalesce($4, trashed) where id = $1",
        id,
        pinned,
        archived,
        trashed
    )
    .execute(connection)
    .await?;
    Ok(())
}
