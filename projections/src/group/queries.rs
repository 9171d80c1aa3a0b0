//! Queries on groups. Managers of groups see all of them, others those of which they are members.

use sqlx::PgPool;
use uuid::Uuid;

use super::{GroupView, MemberView};
use crate::counts::to_i64;
use crate::page::Page;

/// A reader of groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupReader {
    pub id: Uuid,
    /// Whether the reader can manage groups.
    pub manages_groups: bool,
}

/// Finds a group that the reader can see.
pub async fn find(
    pool: &PgPool,
    reader: GroupReader,
    id: Uuid,
) -> Result<Option<GroupView>, sqlx::Error> {
    let visible = list_visible(pool, reader, Some(&[id]), None, 1).await?;
    Ok(visible.into_iter().next())
}

/// Lists the groups that a reader can see, in the order of their creation.
pub async fn list(
    pool: &PgPool,
    reader: GroupReader,
    after: Option<Uuid>,
    limit: usize,
) -> Result<Page<GroupView, Uuid>, sqlx::Error> {
    let rows = list_visible(pool, reader, None, after, limit + 1).await?;
    Ok(Page::from_rows(rows, limit, |group| group.id))
}

async fn list_visible(
    pool: &PgPool,
    reader: GroupReader,
    ids: Option<&[Uuid]>,
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
        ids as Option<&[Uuid]>,
        after.unwrap_or_default(),
        to_i64(limit)
    )
    .fetch_all(pool)
    .await
}

/// Returns those of the given groups that a reader can see.
pub async fn filter_readable(
    pool: &PgPool,
    reader: GroupReader,
    ids: &[Uuid],
) -> Result<Vec<Uuid>, sqlx::Error> {
    let visible = list_visible(pool, reader, Some(ids), None, ids.len()).await?;
    Ok(visible.into_iter().map(|group| group.id).collect())
}

/// Returns members of a group in the order of their registration, optionally only one of them.
pub async fn members(
    pool: &PgPool,
    group: Uuid,
    only: Option<Uuid>,
    after: Option<Uuid>,
    limit: usize,
) -> Result<Page<MemberView, Uuid>, sqlx::Error> {
    let rows = sqlx::query_as!(
        MemberView,
        r#"select u.id as user_id, u.display_name, u.email, u.role as "role: _", m.added_at
         from view_group_members m join view_users u on u.id = m.user_id
         where m.group_id = $1 and m.user_id > $2 and ($3::uuid is null or m.user_id = $3)
         order by m.user_id limit $4"#,
        group,
        after.unwrap_or_default(),
        only,
        to_i64(limit + 1)
    )
    .fetch_all(pool)
    .await?;
    Ok(Page::from_rows(rows, limit, |member| member.user_id))
}
