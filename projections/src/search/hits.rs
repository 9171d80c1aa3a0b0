//! The hits of an engine that the reader can see, with their contents.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use sqlx::types::Text;
use uuid::Uuid;

use super::IndexedKind;
use crate::conversation::MessageRole;

/// A hit that the reader can see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisibleHit {
    pub id: Uuid,
    pub kind: Text<IndexedKind>,
    pub conversation_id: Option<Uuid>,
    pub document_id: Option<Uuid>,
    pub knowledge_base_id: Option<Uuid>,
    /// The title of its conversation or document, or its own name.
    pub title: Option<String>,
    pub role: Option<Text<MessageRole>>,
    pub content: String,
    pub created_at: DateTime<Utc>,
}

/// Loads hits in the given order, without those that the reader cannot see, that are in the trash, or deleted.
pub async fn load(
    pool: &PgPool,
    reader: Uuid,
    ids: &[Uuid],
) -> Result<Vec<VisibleHit>, sqlx::Error> {
    load_rows(pool, reader, ids, true).await
}

/// Counts of hits that the reader can see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HitCounts {
    pub kinds: BTreeMap<IndexedKind, i64>,
    pub roles: BTreeMap<MessageRole, i64>,
    pub knowledge_bases: BTreeMap<Uuid, i64>,
}

/// Counts hits by kind, role and knowledge base.
pub async fn count(pool: &PgPool, reader: Uuid, ids: &[Uuid]) -> Result<HitCounts, sqlx::Error> {
    let mut counts = HitCounts::default();
    for hit in load_rows(pool, reader, ids, false).await? {
        *counts.kinds.entry(hit.kind.0).or_default() += 1;
        if let Some(role) = hit.role {
            *counts.roles.entry(role.0).or_default() += 1;
        }
        if let Some(base) = hit.knowledge_base_id {
            *counts.knowledge_bases.entry(base).or_default() += 1;
        }
    }
    Ok(counts)
}

/// The same as [`load`]; leaves texts out if they are not needed.
async fn load_rows(
    pool: &PgPool,
    reader: Uuid,
    ids: &[Uuid],
    with_texts: bool,
) -> Result<Vec<VisibleHit>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    sqlx::query_as!(
        VisibleHit,
        r#"with hit as (select id, place from unnest($2::uuid[]) with ordinality as hit (id, place)),
           document as (select d.*, k.id as base from view_documents d
                        join readable_knowledge_bases($1) k on k.id = d.knowledge_base_id)
           select id as "id!", kind as "kind!: _", conversation_id, document_id, knowledge_base_id, title, role as "role: _",
                  case when $3 then content else '' end as "content!", created_at as "created_at!"
           from (
               select hit.place, hit.id, 'message' as kind, c.id as conversation_id, null::uuid as document_id,
                      null::uuid as knowledge_base_id, c.title, m.role, m.content, m.created_at
               from hit join view_messages m using (id) join view_conversations c on c.id = m.conversation_id
               where c.owner_id = $1 and not c.trashed and not c.erased and m.status <> 'erased'
               union all
               select hit.place, c.id, 'conversation', c.id, null, null, c.title, null, coalesce(c.title, ''), c.created_at
               from hit join view_conversations c using (id)
               where c.owner_id = $1 and not c.trashed and not c.erased
               union all
               select hit.place, a.id, 'assistant', null, null, null, a.name, null, a.name || E'\n' || a.description,
                      a.created_at
               from hit join view_assistants a using (id)
               where a.owner_id = $1 or (a.visibility = 'everyone' and a.status = 'active')
               union all
               select hit.place, d.id, 'document', null, d.id, d.base, d.name, null, d.name, d.created_at
               from hit join document d using (id)
               union all
               select hit.place, p.id, 'passage', null, d.id, d.base, d.name, null, p.body, d.created_at
               from hit join view_passages p using (id)
               join document d on d.id = p.document_id and d.ready_attempt = p.attempt) shown
           order by place"#,
        reader,
        ids,
        with_texts
    )
    .fetch_all(pool)
    .await
}
