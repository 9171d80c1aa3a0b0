//! Counts of what the installation holds.

use sqlx::PgPool;

/// Counts of the read models at one point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InstallationCounts {
    pub users: i64,
    /// Including those in the trash, excluding erased and hidden ones.
    pub conversations: i64,
    pub messages: i64,
    pub running_responses: i64,
}

pub async fn counts(pool: &PgPool) -> Result<InstallationCounts, sqlx::Error> {
    sqlx::query_as!(
        InstallationCounts,
        r#"select (select count(*) from view_users) as "users!",
                  count(*) as "conversations!",
                  coalesce(sum(message_count), 0)::bigint as "messages!",
                  (select count(*) from view_responses where ended_at is null) as "running_responses!"
           from view_conversations where not erased and not hidden"#
    )
    .fetch_one(pool)
    .await
}
