//! The scopes of the log that a user can read: the own account, everything it owns, and the groups with which it shares
//! knowledge bases.

use sqlx::PgPool;
use uuid::Uuid;

/// Lists all scopes that a reader can read.
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

/// Returns those of the given scopes that a reader can read.
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
