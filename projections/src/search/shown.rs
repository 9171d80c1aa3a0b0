//! What an engine has found, as the reader may see it now.

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use uuid::Uuid;

/// A hit that the reader may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub id: Uuid,
    pub kind: String,
    pub conversation_id: Uuid,
    pub title: Option<String>,
    pub role: Option<String>,
    pub content: String,
    pub created_at: DateTime<Utc>,
}

/// The hits in the order given, less those that are not the reader's, in the trash, or gone.
pub async fn of(pool: &PgPool, reader: Uuid, found: &[Uuid]) -> Result<Vec<Shown>, sqlx::Error> {
    sqlx::query_as!(
        Shown,
        r#"select hit.id as "id!", case when m.id is null then 'conversation' else 'message' end as "kind!",
                  c.id as "conversation_id!", c.title, m.role as "role?",
                  coalesce(m.content, c.title, '') as "content!",
                  coalesce(m.created_at, c.created_at) as "created_at!"
           from unnest($2::uuid[]) with ordinality as hit (id, place)
           left join view_messages m on m.id = hit.id
           join view_conversations c on c.id = coalesce(m.conversation_id, hit.id)
           where c.owner_id = $1 and not c.trashed and not c.erased and (m.id is null or m.status <> 'erased')
           order by hit.place"#,
        reader,
        found
    )
    .fetch_all(pool)
    .await
}
