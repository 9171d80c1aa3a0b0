//! Conversations and messages as readers see them.

use chrono::{DateTime, Utc};
use domain::conversation::{ImportSource, Rating};
use domain::response::Answer;
use sqlx::types::{Json, Text};
use strum::{Display, EnumString, IntoStaticStr};
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationView {
    pub id: Uuid,
    pub version: i64,
    pub owner_id: Uuid,
    pub title: Option<String>,
    pub assistant_id: Uuid,
    pub model: Option<String>,
    pub pinned: bool,
    pub archived: bool,
    pub trashed: bool,
    /// Whether lists, search and counts leave it out.
    pub hidden: bool,
    pub leaf_id: Option<Uuid>,
    /// The last message that the owner has read.
    pub last_read_message_id: Option<Uuid>,
    pub message_count: i64,
    /// The product from whose export it was imported.
    pub imported_from: Option<Text<ImportSource>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// The author of a message, in the order of facets.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Display, EnumString, IntoStaticStr,
)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum MessageRole {
    Assistant,
    User,
}

/// Whether the text of a message is complete, and for answers how they ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum MessageStatus {
    /// The answer is being written, or waits for that.
    Running,
    Complete,
    Failed,
    Interrupted,
    Cancelled,
    Erased,
}

#[derive(Debug, Clone, PartialEq)]
pub struct MessageView {
    pub id: Uuid,
    pub conversation_id: Uuid,
    pub parent_id: Option<Uuid>,
    pub sibling_ids: Vec<Uuid>,
    pub role: Text<MessageRole>,
    pub user_id: Option<Uuid>,
    pub response_id: Option<Uuid>,
    pub content: String,
    pub attachments: Vec<Uuid>,
    /// Parts and citations of an answer that has ended.
    pub answer: Option<Json<Answer>>,
    pub status: Text<MessageStatus>,
    /// The rating by its reader.
    pub feedback: Option<Text<Rating>>,
    pub created_at: DateTime<Utc>,
}

/// A checked query of conversations: its columns, followed by the rest of the statement.
macro_rules! select_conversations {
    ($rest:literal $($arguments:tt)*) => {
        sqlx::query_as!(
            crate::conversation::ConversationView,
            r#"select id, version, owner_id, title, assistant_id, model, pinned, archived, trashed, hidden, leaf_id,
                      last_read_message_id, message_count, imported_from as "imported_from: _", created_at, updated_at "#
                + $rest
                $($arguments)*
        )
    };
}

/// A checked query of messages `m`: its columns, followed by the rest of the statement.
macro_rules! select_messages {
    ($rest:literal $($arguments:tt)*) => {
        sqlx::query_as!(
            crate::conversation::MessageView,
            r#"select m.id as "id!", m.conversation_id as "conversation_id!", m.parent_id,
                      array(select s.id from view_messages s where s.parent_key = m.parent_key order by s.position)
                          as "sibling_ids!",
                      m.role as "role!: _", m.user_id, m.response_id, m.content as "content!",
                      m.attachments as "attachments!", m.answer as "answer: _", m.status as "status!: _",
                      m.feedback as "feedback: _", m.created_at as "created_at!" "#
                + $rest
                $($arguments)*
        )
    };
}

pub(super) use select_conversations;
pub(super) use select_messages;
