//! Queries on conversations and messages: a reader sees its own.

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use uuid::Uuid;

use super::{ConversationView, MessageView};
use crate::page::Page;

/// Which conversations a list shows.
#[derive(Debug, Clone, Default)]
pub struct ConversationFilter {
    pub archived: bool,
    pub trashed: bool,
    pub pinned: Option<bool>,
    /// A part of the title, in any case.
    pub title: Option<String>,
}

/// Where a page of conversations begins: after this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ConversationKey {
    pub updated_at: DateTime<Utc>,
    pub id: Uuid,
}

/// One conversation, where it is the reader's.
pub async fn find(
    pool: &PgPool,
    reader: Uuid,
    id: Uuid,
) -> Result<Option<ConversationView>, sqlx::Error> {
    sqlx::query_as!(
        ConversationView,
        "select id, version, owner_id, title, assistant_id, model, pinned, archived, trashed, leaf_id,
                last_read_message_id, message_count, imported_from, created_at, updated_at
         from view_conversations where id = $1 and owner_id = $2 and not erased",
        id,
        reader
    )
    .fetch_optional(pool)
    .await
}

/// Who owns each of some conversations; none where it was erased. Those that the view does not show are left out.
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

/// The reader's conversations, the last changed first.
pub async fn list(
    pool: &PgPool,
    reader: Uuid,
    filter: &ConversationFilter,
    after: Option<ConversationKey>,
    limit: usize,
) -> Result<Page<ConversationView, ConversationKey>, sqlx::Error> {
    let pattern = filter.title.as_deref().map(contains);
    let rows = sqlx::query_as!(
        ConversationView,
        "select id, version, owner_id, title, assistant_id, model, pinned, archived, trashed, leaf_id,
                last_read_message_id, message_count, imported_from, created_at, updated_at
         from view_conversations
         where owner_id = $1 and not erased and trashed = $2 and archived = $3
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
        i64::try_from(limit + 1).unwrap_or(i64::MAX)
    )
    .fetch_all(pool)
    .await?;
    Ok(Page::from_rows(rows, limit, |row| ConversationKey {
        updated_at: row.updated_at,
        id: row.id,
    }))
}

fn contains(text: &str) -> String {
    let literal = text
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    format!("%{literal}%")
}

/// The path from a message to its root, newest first. The next page begins at the parent of its last message.
pub async fn path(
    pool: &PgPool,
    conversation_id: Uuid,
    leaf: Uuid,
    limit: usize,
) -> Result<Page<MessageView, Uuid>, sqlx::Error> {
    let rows = sqlx::query_as!(
        MessageView,
        r#"with recursive path as (
               select m.*, 1 as depth from view_messages m where m.id = $2 and m.conversation_id = $1
               union all
               select m.*, p.depth + 1 from path p join view_messages m on m.id = p.parent_id where p.depth < $3)
           select p.id as "id!", p.conversation_id as "conversation_id!", p.parent_id,
                  array(select s.id from view_messages s where s.parent_key = p.parent_key order by s.position)
                      as "sibling_ids!",
                  p.role as "role!", p.user_id, p.response_id, p.content as "content!", p.attachments as "attachments!",
                  p.answer as "answer: _",
                  p.status as "status!", p.feedback, p.created_at as "created_at!"
           from path p order by p.depth"#,
        conversation_id,
        leaf,
        i32::try_from(limit).unwrap_or(i32::MAX)
    )
    .fetch_all(pool)
    .await?;
    let next = rows
        .last()
        .filter(|_| rows.len() == limit)
        .and_then(|last| last.parent_id);
    Ok(Page { items: rows, next })
}

/// The newest message of those below one, or that one itself; none where the conversation does not have it.
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

/// One message, where it is in a conversation of the reader's.
pub async fn message(
    pool: &PgPool,
    reader: Uuid,
    id: Uuid,
) -> Result<Option<MessageView>, sqlx::Error> {
    sqlx::query_as!(
        MessageView,
        r#"select m.id, m.conversation_id, m.parent_id,
                  array(select s.id from view_messages s where s.parent_key = m.parent_key order by s.position)
                      as "sibling_ids!",
                  m.role, m.user_id, m.response_id, m.content, m.attachments, m.answer as "answer: _", m.status, m.feedback,
                  m.created_at
           from view_messages m join view_conversations c on c.id = m.conversation_id
           where m.id = $1 and c.owner_id = $2 and not c.erased"#,
        id,
        reader
    )
    .fetch_optional(pool)
    .await
}

/// The messages right below one, or the roots of a conversation; the oldest first.
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

/// The message that a run writes, where it is in a conversation of the reader's.
pub async fn message_of_run(
    pool: &PgPool,
    reader: Uuid,
    id: Uuid,
) -> Result<Option<MessageView>, sqlx::Error> {
    sqlx::query_as!(
        MessageView,
        r#"select m.id, m.conversation_id, m.parent_id,
                  array(select s.id from view_messages s where s.parent_key = m.parent_key order by s.position)
                      as "sibling_ids!",
                  m.role, m.user_id, m.response_id, m.content, m.attachments, m.answer as "answer: _", m.status, m.feedback,
                  m.created_at
           from view_messages m join view_conversations c on c.id = m.conversation_id
           where m.id = (select message_id from view_responses where id = $1) and c.owner_id = $2 and not c.erased"#,
        id,
        reader
    )
    .fetch_optional(pool)
    .await
}

/// Conversations of an owner that were not erased yet; some of them.
pub async fn list_unerased(pool: &PgPool, owner_id: Uuid) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from view_conversations where owner_id = $1 and not erased limit 100",
        owner_id
    )
    .fetch_all(pool)
    .await
}
