//! Queries on groups: who keeps groups sees all of them, others those that they are in.

use sqlx::PgPool;
use uuid::Uuid;

use super::{GroupView, MemberView};
use crate::page::Page;

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupReader {
    pub id: Uuid,
    /// Whether it keeps groups.
    pub manages_groups: bool,
}

/// One group, where the reader may see it.
pub async fn find(
    pool: &PgPool,
    reader: GroupReader,
    id: Uuid,
) -> Result<Option<GroupView>, sqlx::Error> {
    let seen = some(pool, reader, Some(&[id]), None, 1).await?;
    Ok(seen.into_iter().next())
}

/// The groups that a reader may see, in the order of their making.
pub async fn list(
    pool: &PgPool,
    reader: GroupReader,
    after: Option<Uuid>,
    limit: usize,
) -> Result<Page<GroupView, Uuid>, sqlx::Error> {
    let rows = some(pool, reader, None, after, limit + 1).await?;
    Ok(Page::from_rows(rows, limit, |group| group.id))
}

async fn some(
    pool: &PgPool,
    reader: GroupReader,
    among: Option<&[Uuid]>,
    after: Option<Uuid>,
    limit: usize,
) -> Result<Vec<GroupView>, sqlx::Error> {
    sqlx::query_as!(
        GroupView,
        r#"select g.id, g.version, g.name, g.description,
                  (select count(*) from view_group_members m where m.group_id = g.id) as "members!",
                  own.user_id is not null as "member!", g.created_at, g.updated_at
           from view_groups g left join view_group_members own on own.group_id = g.id and own.user_id = $1
           where ($2 or own.user_id is not null) and g.id > $4 and ($3::uuid[] is null or g.id = any($3))
           order by g.id limit $5"#,
        reader.id,
        reader.manages_groups,
        among as Option<&[Uuid]>,
        after.unwrap_or_default(),
        i64::try_from(limit).unwrap_or(i64::MAX)
    )
    .fetch_all(pool)
    .await
}

/// Those among some groups that a reader may see.
pub async fn filter_readable(
    pool: &PgPool,
    reader: GroupReader,
    ids: &[Uuid],
) -> Result<Vec<Uuid>, sqlx::Error> {
    let seen = some(pool, reader, Some(ids), None, ids.len()).await?;
    Ok(seen.into_iter().map(|group| group.id).collect())
}

/// Members of a group, in the order of their registration; one of them alone where it is named.
pub async fn members(
    pool: &PgPool,
    group: Uuid,
    only: Option<Uuid>,
    after: Option<Uuid>,
    limit: usize,
) -> Result<Page<MemberView, Uuid>, sqlx::Error> {
    let rows = sqlx::query_as!(
        MemberView,
        "select u.id as user_id, u.display_name, u.email, u.role, m.added_at
         from view_group_members m join view_users u on u.id = m.user_id
         where m.group_id = $1 and m.user_id > $2 and ($3::uuid is null or m.user_id = $3)
         order by m.user_id limit $4",
        group,
        after.unwrap_or_default(),
        only,
        i64::try_from(limit + 1).unwrap_or(i64::MAX)
    )
    .fetch_all(pool)
    .await?;
    Ok(Page::from_rows(rows, limit, |member| member.user_id))
}
