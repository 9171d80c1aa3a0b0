//! Queries on conversations and messages. A reader sees its own.

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use uuid::Uuid;

use super::view::{ConversationView, MessageView, select_conversations, select_messages};
use crate::counts::{to_i32, to_i64};
use crate::page::Page;
use crate::statement::contains_pattern;

/// Which conversations a list shows.
#[derive(Debug, Clone, Default)]
pub struct ConversationFilter {
    pub archived: bool,
    pub trashed: bool,
    pub pinned: Option<bool>,
    /// A substring of the title, ignoring case.
    pub title: Option<String>,
}

/// The key of the conversation after which a page starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ConversationKey {
    pub updated_at: DateTime<Utc>,
    pub id: Uuid,
}

/// Finds a conversation of the reader.
pub async fn find(
    pool: &PgPool,
    reader: Uuid,
    id: Uuid,
) -> Result<Option<ConversationView>, sqlx::Error> {
    select_conversations!(
        "from view_conversations where id = $1 and owner_id = $2 and not erased",
        id,
        reader
    )
    .fetch_optional(pool)
    .await
}

/// Returns the owners of conversations; `None` if one was erased. Unknown conversations are left out.
pub async fn owners(pool: &PgPool, ids: &[Uuid]) -> Result<Vec<(Uuid, Option<Uuid>)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select id, case when not erased then owner_id end as "owner?"
           from view_conversations where id = any($1)"#,
        ids
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.owner)).collect())
}

/// Lists the reader's conversations, last changed first.
pub async fn list(
    pool: &PgPool,
    reader: Uuid,
    filter: &ConversationFilter,
    after: Option<ConversationKey>,
    limit: usize,
) -> Result<Page<ConversationView, ConversationKey>, sqlx::Error> {
    let pattern = filter.title.as_deref().map(contains_pattern);
    let rows = select_conversations!(
        "from view_conversations
         where owner_id = $1 and not erased and not hidden and trashed = $2 and archived = $3
           and ($4::boolean is null or pinned = $4)
           and ($5::text is null or title ilike $5)
           and ($6::timestamptz is null or (updated_at, id) < ($6, $7))
         order by updated_at desc, id desc limit $8",
        reader,
        filter.trashed,
        filter.archived,
        filter.pinned,
        pattern,
        after.map(|key| key.updated_at),
        after.map(|key| key.id).unwrap_or_default(),
        to_i64(limit + 1)
    )
    .fetch_all(pool)
    .await?;
    Ok(Page::from_rows(rows, limit, |row| ConversationKey {
        updated_at: row.updated_at,
        id: row.id,
    }))
}

/// Returns the path from a message to its root, newest first. The next page starts at the parent of the last message.
pub async fn path(
    pool: &PgPool,
    conversation_id: Uuid,
    leaf: Uuid,
    limit: usize,
) -> Result<Page<MessageView, Uuid>, sqlx::Error> {
    let rows = select_messages!(
        "from (with recursive path as (
                   select m.*, 1 as depth from view_messages m where m.id = $2 and m.conversation_id = $1
                   union all
                   select m.*, p.depth + 1 from path p join view_messages m on m.id = p.parent_id where p.depth < $3)
               select * from path) m
         order by m.depth",
        conversation_id,
        leaf,
        to_i32(limit)
    )
    .fetch_all(pool)
    .await?;
    let next = rows
        .last()
        .filter(|_| rows.len() == limit)
        .and_then(|last| last.parent_id);
    Ok(Page { items: rows, next })
}

/// Returns the newest descendant of a message, or the message itself; `None` if the conversation does not contain it.
pub async fn newest_descendant(
    pool: &PgPool,
    conversation_id: Uuid,
    message: Uuid,
) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"with recursive below as (
               select m.id, m.position from view_messages m where m.id = $2 and m.conversation_id = $1
               union all
               select m.id, m.position from below b join view_messages m on m.parent_key = b.id)
           select id as "id!" from below order by position desc limit 1"#,
        conversation_id,
        message
    )
    .fetch_optional(pool)
    .await
}

/// Finds a message in a conversation of the reader.
pub async fn message(
    pool: &PgPool,
    reader: Uuid,
    id: Uuid,
) -> Result<Option<MessageView>, sqlx::Error> {
    select_messages!(
        "from view_messages m join view_conversations c on c.id = m.conversation_id
           where m.id = $1 and c.owner_id = $2 and not c.erased",
        id,
        reader
    )
    .fetch_optional(pool)
    .await
}

/// Returns the children of a message, or the roots of a conversation; oldest first.
pub async fn children(
    pool: &PgPool,
    parent_or_conversation: Uuid,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from view_messages where parent_key = $1 order by position",
        parent_or_conversation
    )
    .fetch_all(pool)
    .await
}

/// Finds the message that a run writes, in a conversation of the reader.
pub async fn message_of_run(
    pool: &PgPool,
    reader: Uuid,
    id: Uuid,
) -> Result<Option<MessageView>, sqlx::Error> {
    select_messages!(
        "from view_messages m join view_conversations c on c.id = m.conversation_id
           where m.id = (select message_id from view_responses where id = $1) and c.owner_id = $2 and not c.erased",
        id,
        reader
    )
    .fetch_optional(pool)
    .await
}

/// Lists up to 100 conversations of an owner that have not been erased.
pub async fn list_trashed(pool: &PgPool, owner_id: Uuid) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from view_conversations where owner_id = $1 and trashed and not erased limit 100",
        owner_id
    )
    .fetch_all(pool)
    .await
}

pub async fn list_unerased(pool: &PgPool, owner_id: Uuid) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from view_conversations where owner_id = $1 and not erased limit 100",
        owner_id
    )
    .fetch_all(pool)
    .await
}
