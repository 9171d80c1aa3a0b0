//! Exports a whole conversation in pages, because it may not fit in memory.

use chrono::{DateTime, Utc};
use domain::conversation::Rating;
use domain::response::{Answer, FinishReason, Usage};
use sqlx::PgPool;
use sqlx::types::{Json, Text};
use uuid::Uuid;

use super::view::{ConversationView, MessageRole, MessageStatus, select_conversations};
use crate::counts::to_i64;
use crate::portable::{PortableAttachment, PortableConversation, PortableMessage};

/// A message with everything that an export says about it.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportedMessage {
    pub id: Uuid,
    pub parent_id: Option<Uuid>,
    pub role: Text<MessageRole>,
    pub content: String,
    /// Parts and citations of an answer that has ended.
    pub answer: Option<Json<Answer>>,
    pub status: Text<MessageStatus>,
    /// Why the model stopped.
    pub finish_reason: Option<Text<FinishReason>>,
    /// The id, name and digest of files that still exist.
    pub attachments: Option<Json<Vec<PortableAttachment>>>,
    /// The model that answered.
    pub model: Option<String>,
    pub input_tokens: Option<i64>,
    pub output_tokens: Option<i64>,
    pub feedback: Option<Text<Rating>>,
    pub created_at: DateTime<Utc>,
    /// Its position in the log, which orders the messages of a conversation.
    pub position: i64,
}

/// Returns the ids of the path from the root to a message.
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

/// Returns up to `limit` messages of a conversation after a position in the log. Uses an index, so that the length of the
/// conversation does not matter.
pub async fn messages_after(
    pool: &PgPool,
    conversation_id: Uuid,
    position: i64,
    limit: usize,
) -> Result<Vec<ExportedMessage>, sqlx::Error> {
    let limit = to_i64(limit);
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

/// Returns messages by id, in the given order.
pub async fn messages(pool: &PgPool, ids: &[Uuid]) -> Result<Vec<ExportedMessage>, sqlx::Error> {
    sqlx::query_as!(
        ExportedMessage,
        r#"select m.id, m.parent_id, m.role as "role: _", m.content, m.answer as "answer: _", m.status as "status: _",
                  r.finish_reason as "finish_reason?: _",
                  (select json_agg(json_build_object('id', f.id, 'name', f.name, 'sha256', f.sha256) order by a.place)
                   from unnest(m.attachments) with ordinality as a (id, place) join view_files f using (id))
                      as "attachments: _",
                  coalesce(r.model, m.model) as "model?", coalesce(r.input_tokens, m.input_tokens) as "input_tokens?",
                  coalesce(r.output_tokens, m.output_tokens) as "output_tokens?", m.feedback as "feedback: _",
                  m.created_at, m.position
           from unnest($1::uuid[]) with ordinality as wanted (id, place)
           join view_messages m using (id) left join view_responses r on r.message_id = m.id
           order by wanted.place"#,
        ids
    )
    .fetch_all(pool)
    .await
}

/// Returns a page of all conversations of an owner that are not hidden, newest first.
pub async fn conversations(
    pool: &PgPool,
    owner: Uuid,
    before: Option<Uuid>,
    limit: usize,
) -> Result<Vec<ConversationView>, sqlx::Error> {
    select_conversations!(
        "from view_conversations where owner_id = $1 and not erased and not hidden and ($2::uuid is null or id < $2)
         order by id desc limit $3",
        owner,
        before,
        to_i64(limit)
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
            role: message.role.to_string(),
            content: message.content,
            answer,
            status: message.status.to_string(),
            finish_reason: message.finish_reason.map(|reason| reason.to_string()),
            attachments: message.attachments.map(|files| files.0).unwrap_or_default(),
            model: message.model,
            usage: usage.map(|(input, output)| Usage {
                input_tokens: tokens(input),
                output_tokens: tokens(output),
            }),
            feedback: message.feedback.map(|rating| rating.to_string()),
            created_at: message.created_at,
        }
    }
}
