//! A whole conversation, a stretch of it at a time: what is exported may be longer than what fits in memory.

use chrono::{DateTime, Utc};
use domain::response::{Answer, Usage};
use sqlx::PgPool;
use sqlx::types::Json;
use uuid::Uuid;

use super::ConversationView;
use crate::portable::{PortableAttachment, PortableConversation, PortableMessage};

/// A message with what is told of it outside of its conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportedMessage {
    pub id: Uuid,
    pub parent_id: Option<Uuid>,
    pub role: String,
    pub content: String,
    /// Parts and citations of an answer that has ended.
    pub answer: Option<Json<Answer>>,
    pub status: String,
    /// Why the model stopped.
    pub finish_reason: Option<String>,
    /// Files that are still there: id, name and digest.
    pub attachments: Option<Json<Vec<PortableAttachment>>>,
    /// What answered.
    pub model: Option<String>,
    pub input_tokens: Option<i64>,
    pub output_tokens: Option<i64>,
    pub feedback: Option<String>,
    pub created_at: DateTime<Utc>,
    /// Its place in the log, by which all messages of a conversation are in order.
    pub position: i64,
}

/// Ids of the path from its root to a message.
pub async fn path(
    pool: &PgPool,
    conversation_id: Uuid,
    leaf: Uuid,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"with recursive path as (
               select id, parent_id, 1 as depth from view_messages where id = $2 and conversation_id = $1
               union all
               select m.id, m.parent_id, p.depth + 1 from path p join view_messages m on m.id = p.parent_id)
           select id as "id!" from path order by depth desc"#,
        conversation_id,
        leaf
    )
    .fetch_all(pool)
    .await
}

/// The messages of a conversation after a place in the log, so many at most: read along an index, however long it is.
pub async fn messages_after(
    pool: &PgPool,
    conversation_id: Uuid,
    position: i64,
    limit: usize,
) -> Result<Vec<ExportedMessage>, sqlx::Error> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let ids = sqlx::query_scalar!(
        "select id from view_messages where conversation_id = $1 and position > $2 order by position, id limit $3",
        conversation_id,
        position,
        limit
    )
    .fetch_all(pool)
    .await?;
    messages(pool, &ids).await
}

/// Messages by their ids, in the order given.
pub async fn messages(pool: &PgPool, ids: &[Uuid]) -> Result<Vec<ExportedMessage>, sqlx::Error> {
    sqlx::query_as!(
        ExportedMessage,
        r#"select m.id, m.parent_id, m.role, m.content, m.answer as "answer: _", m.status,
                  r.finish_reason as "finish_reason?",
                  (select json_agg(json_build_object('id', f.id, 'name', f.name, 'sha256', f.sha256) order by a.place)
                   from unnest(m.attachments) with ordinality as a (id, place) join view_files f using (id))
                      as "attachments: _",
                  coalesce(r.model, m.model) as "model?", coalesce(r.input_tokens, m.input_tokens) as "input_tokens?",
                  coalesce(r.output_tokens, m.output_tokens) as "output_tokens?", m.feedback, m.created_at, m.position
           from unnest($1::uuid[]) with ordinality as wanted (id, place)
           join view_messages m using (id) left join view_responses r on r.message_id = m.id
           order by wanted.place"#,
        ids
    )
    .fetch_all(pool)
    .await
}

/// All conversations of an owner, the newest first; some of them.
pub async fn conversations(
    pool: &PgPool,
    owner: Uuid,
    before: Option<Uuid>,
    limit: usize,
) -> Result<Vec<ConversationView>, sqlx::Error> {
    sqlx::query_as!(
        ConversationView,
        "select id, version, owner_id, title, assistant_id, model, pinned, archived, trashed, leaf_id,
                last_read_message_id, message_count, imported_from, created_at, updated_at
         from view_conversations where owner_id = $1 and not erased and ($2::uuid is null or id < $2)
         order by id desc limit $3",
        owner,
        before,
        i64::try_from(limit).unwrap_or(i64::MAX)
    )
    .fetch_all(pool)
    .await
}

impl From<&ConversationView> for PortableConversation {
    fn from(view: &ConversationView) -> Self {
        Self {
            id: view.id,
            title: view.title.clone(),
            assistant_id: Some(view.assistant_id),
            model: view.model.clone(),
            pinned: view.pinned,
            archived: view.archived,
            trashed: view.trashed,
            created_at: view.created_at,
            updated_at: view.updated_at,
        }
    }
}

impl From<ExportedMessage> for PortableMessage {
    fn from(message: ExportedMessage) -> Self {
        let tokens = |count| u64::try_from(count).unwrap_or(0);
        let usage = message.input_tokens.zip(message.output_tokens);
        let answer = message.answer.map(|answer| answer.0);
        Self {
            id: message.id,
            parent_id: message.parent_id,
            role: message.role,
            content: message.content,
            answer,
            status: message.status,
            finish_reason: message.finish_reason,
            attachments: message.attachments.map(|files| files.0).unwrap_or_default(),
            model: message.model,
            usage: usage.map(|(input, output)| Usage {
                input_tokens: tokens(input),
                output_tokens: tokens(output),
            }),
            feedback: message.feedback,
            created_at: message.created_at,
        }
    }
}
