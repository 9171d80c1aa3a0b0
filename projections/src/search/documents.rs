//! What is indexed: the texts that events have touched, as the views show them now. So an index may be behind, and
//! twice the same event does no harm.

use std::collections::BTreeSet;

use domain::conversation::ConversationEvent;
use domain::response::ResponseEvent;
use domain::{Event, personal::ERASED};
use eventstore::log::OpenedEvent;
use sqlx::PgPool;
use uuid::Uuid;

use super::{Document, Kind};

/// The ids of what a stretch of the log has touched.
#[derive(Debug, Default)]
pub struct Touched {
    messages: BTreeSet<Uuid>,
    /// Runs whose answers have come.
    responses: BTreeSet<Uuid>,
    conversations: BTreeSet<Uuid>,
    /// Nothing of them is to be found any more.
    erased: BTreeSet<Uuid>,
}

impl Touched {
    pub fn add(&mut self, at: &OpenedEvent) {
        match &at.event {
            Event::Conversation(ConversationEvent::MessagePosted { message_id, .. }) => {
                self.messages.insert(*message_id);
            }
            Event::Conversation(
                ConversationEvent::ConversationStarted { .. }
                | ConversationEvent::TitleChanged { .. },
            ) => {
                self.conversations.insert(at.aggregate_id);
            }
            Event::Conversation(ConversationEvent::ConversationErased {}) => {
                self.conversations.insert(at.aggregate_id);
                self.erased.insert(at.aggregate_id);
            }
            Event::Response(
                ResponseEvent::ResponseCompleted { .. }
                | ResponseEvent::ResponseFailed { .. }
                | ResponseEvent::ResponseInterrupted { .. }
                | ResponseEvent::ResponseCancelled { .. },
            ) => {
                self.responses.insert(at.aggregate_id);
            }
            _ => {}
        }
    }

    pub fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.responses.is_empty() && self.conversations.is_empty()
    }
}

/// The documents to put in, and the ids of what must not be found any more.
pub async fn of(
    pool: &PgPool,
    touched: &Touched,
) -> Result<(Vec<Document>, Vec<Uuid>), sqlx::Error> {
    let list = |ids: &BTreeSet<Uuid>| ids.iter().copied().collect::<Vec<Uuid>>();
    let mut documents: Vec<Document> = sqlx::query!(
        r#"select m.id, m.conversation_id, c.owner_id, m.role, m.content, m.created_at
           from view_messages m join view_conversations c on c.id = m.conversation_id
           where m.id = any($1) or m.id in (select r.message_id from view_responses r where r.id = any($2))
               or m.conversation_id = any($3)"#,
        &list(&touched.messages),
        &list(&touched.responses),
        &list(&touched.erased)
    )
    .fetch_all(pool)
    .await?
    .into_iter()
    .map(|row| Document {
        id: row.id,
        kind: Kind::Message,
        conversation_id: row.conversation_id,
        owner_id: row.owner_id,
        role: Some(row.role),
        content: row.content,
        created_at: row.created_at,
    })
    .collect();
    let conversations = sqlx::query!(
        "select id, owner_id, title, created_at from view_conversations where id = any($1)",
        &list(&touched.conversations)
    )
    .fetch_all(pool)
    .await?;
    documents.extend(conversations.into_iter().map(|row| Document {
        id: row.id,
        kind: Kind::Conversation,
        conversation_id: row.id,
        owner_id: row.owner_id,
        role: None,
        content: row.title.unwrap_or_default(),
        created_at: row.created_at,
    }));
    let (shown, gone): (Vec<_>, Vec<_>) = documents
        .into_iter()
        .partition(|document| !document.content.is_empty() && document.content != ERASED);
    Ok((
        shown,
        gone.into_iter().map(|document| document.id).collect(),
    ))
}

/// How far an engine's index is.
pub async fn checkpoint(pool: &PgPool, engine: &str) -> Result<(i64, Vec<u8>), sqlx::Error> {
    let row = sqlx::query!(
        "select position, hash from search_checkpoints where engine = $1",
        engine
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map_or((0, vec![]), |row| (row.position, row.hash)))
}

pub async fn save_checkpoint(
    pool: &PgPool,
    engine: &str,
    position: i64,
    hash: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into search_checkpoints (engine, position, hash) values ($1, $2, $3)
         on conflict (engine) do update set position = excluded.position, hash = excluded.hash",
        engine,
        position,
        hash
    )
    .execute(pool)
    .await?;
    Ok(())
}
