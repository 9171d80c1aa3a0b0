//! A whole conversation, a stretch of it at a time: what is exported may be longer than what fits in memory.

use chrono::{DateTime, Utc};
use domain::response::Answer;
use sqlx::PgPool;
use sqlx::types::Json;
use uuid::Uuid;

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
    /// Names of files that are still there.
    pub attachments: Vec<String>,
    /// What answered.
    pub model: Option<String>,
    pub input_tokens: Option<i64>,
    pub output_tokens: Option<i64>,
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

/// Some messages of a conversation: those of some ids in their order, or those after a position.
pub async fn messages(
    pool: &PgPool,
    conversation_id: Uuid,
    wanted: Wanted<'_>,
) -> Result<Vec<ExportedMessage>, sqlx::Error> {
    let (ids, after, limit) = match wanted {
        Wanted::These(ids) => (Some(ids), None, None),
        Wanted::After(position, limit) => (None, Some(position), Some(limit)),
    };
    sqlx::query_as!(
        ExportedMessage,
        r#"select m.id, m.parent_id, m.role, m.content, m.answer as "answer: _", m.status,
                  array(select f.name from unnest(m.attachments) with ordinality as a (id, place)
                        join view_files f using (id) order by a.place) as "attachments!",
                  r.model as "model?", r.input_tokens as "input_tokens?", r.output_tokens as "output_tokens?",
                  m.created_at, m.position
           from view_messages m left join view_responses r on r.message_id = m.id
           where m.conversation_id = $1 and ($2::uuid[] is null or m.id = any($2))
             and ($3::bigint is null or m.position > $3)
           order by array_position($2::uuid[], m.id), m.position, m.id limit $4"#,
        conversation_id,
        ids,
        after,
        limit
    )
    .fetch_all(pool)
    .await
}

/// Which messages are meant.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    These(&'a [Uuid]),
    /// Those after a position, so many at most.
    After(i64, i64),
}
