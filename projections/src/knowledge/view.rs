//! A knowledge base as readers see it.

use chrono::{DateTime, Utc};
use sqlx::types::Text;
use strum::{Display, EnumString, IntoStaticStr};
use uuid::Uuid;

/// Who can read a knowledge base, apart from its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum KnowledgeVisibility {
    Private,
    Groups,
    Everyone,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnowledgeBaseView {
    pub id: Uuid,
    pub version: i64,
    pub owner_id: Uuid,
    pub name: String,
    pub description: String,
    pub tags: Vec<String>,
    pub visibility: Text<KnowledgeVisibility>,
    /// The groups that can read it if its visibility is `groups`.
    pub group_ids: Vec<Uuid>,
    pub chunk_tokens: i32,
    pub chunk_overlap: i32,
    pub documents: i64,
    /// The assistants of the reader that use it.
    pub assistants: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A checked query of knowledge bases `k`: its columns, followed by the rest of the statement. `$1` is the reader.
macro_rules! select_knowledge_bases {
    ($rest:literal $($arguments:tt)*) => {
        sqlx::query_as!(
            crate::knowledge::KnowledgeBaseView,
            r#"select id, version, owner_id, name, description, tags, visibility as "visibility: _", group_ids,
                      chunk_tokens, chunk_overlap,
                      (select count(*) from view_documents d where d.knowledge_base_id = k.id) as "documents!",
                      (select count(*) from view_assistants a
                       where a.owner_id = $1 and k.id = any (a.knowledge_base_ids)) as "assistants!",
                      created_at, updated_at "#
                + $rest
                $($arguments)*
        )
    };
}

pub(super) use select_knowledge_bases;
