//! Which streams of the log a person may read: the own account and what belongs to it, and the groups that the own
//! knowledge is shared with.

use sqlx::PgPool;
use uuid::Uuid;

/// All of them.
pub async fn list_readable(pool: &PgPool, reader: Uuid) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select id as "id!" from view_conversations where owner_id = $1
           union all select id from view_assistants where owner_id = $1
           union all select id from view_files where owner_id = $1
           union all select id from view_knowledge_bases where owner_id = $1
           union all select distinct unnest(group_ids) from view_knowledge_bases where owner_id = $1
           union all select $1"#,
        reader
    )
    .fetch_all(pool)
    .await
}

/// Those among some.
pub async fn filter_readable(
    pool: &PgPool,
    reader: Uuid,
    scopes: &[Uuid],
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select id as "id!" from view_conversations where id = any($2) and owner_id = $1
           union all select id from view_assistants where id = any($2) and owner_id = $1
           union all select id from view_files where id = any($2) and owner_id = $1
           union all select id from view_knowledge_bases where id = any($2) and owner_id = $1
           union all select distinct g.id from view_knowledge_bases k cross join unnest(k.group_ids) as g (id)
               where k.owner_id = $1 and g.id = any($2)
           union all select $1 where $1 = any($2)"#,
        reader,
        scopes
    )
    .fetch_all(pool)
    .await
}
