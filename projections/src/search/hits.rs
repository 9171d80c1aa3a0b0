//! What an engine has found, as the reader may see it now.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use uuid::Uuid;

/// A hit that the reader may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisibleHit {
    pub id: Uuid,
    pub kind: String,
    pub conversation_id: Option<Uuid>,
    pub document_id: Option<Uuid>,
    pub knowledge_base_id: Option<Uuid>,
    /// Of the conversation or the document it stands in, or its own name.
    pub title: Option<String>,
    pub role: Option<String>,
    pub content: String,
    pub created_at: DateTime<Utc>,
}

/// The hits in the order given, less those that the reader may not see, that are in the trash, or gone.
pub async fn load(
    pool: &PgPool,
    reader: Uuid,
    found: &[Uuid],
) -> Result<Vec<VisibleHit>, sqlx::Error> {
    some(pool, reader, found, true).await
}

/// What can be counted of hits that the reader may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HitCounts {
    pub kinds: BTreeMap<String, i64>,
    pub roles: BTreeMap<String, i64>,
    pub knowledge_bases: BTreeMap<Uuid, i64>,
}

/// How many hits there are of each kind, by each role, in each knowledge base.
pub async fn count(pool: &PgPool, reader: Uuid, found: &[Uuid]) -> Result<HitCounts, sqlx::Error> {
    let mut counts = HitCounts::default();
    for hit in some(pool, reader, found, false).await? {
        *counts.kinds.entry(hit.kind).or_default() += 1;
        if let Some(role) = hit.role {
            *counts.roles.entry(role).or_default() += 1;
        }
        if let Some(base) = hit.knowledge_base_id {
            *counts.knowledge_bases.entry(base).or_default() += 1;
        }
    }
    Ok(counts)
}

/// The same as [`of`]; their texts are left out where nobody wants to read them.
async fn some(
    pool: &PgPool,
    reader: Uuid,
    found: &[Uuid],
    with_texts: bool,
) -> Result<Vec<VisibleHit>, sqlx::Error> {
    if found.is_empty() {
        return Ok(vec![]);
    }
    sqlx::query_as!(
        VisibleHit,
        r#"with hit as (select id, place from unnest($2::uuid[]) with ordinality as hit (id, place)),
           document as (select d.*, k.id as base from view_documents d
                        join readable_knowledge_bases($1) k on k.id = d.knowledge_base_id)
           select id as "id!", kind as "kind!", conversation_id, document_id, knowledge_base_id, title, role,
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
        found,
        with_texts
    )
    .fetch_all(pool)
    .await
}
