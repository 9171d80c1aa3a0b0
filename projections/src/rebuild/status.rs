//! How far the views are, and what proves them equal.

use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::PgPool;

use crate::projector::Projector;

/// SHA-256 over all rows of a projector's tables, in an order of their own.
pub async fn digest(pool: &PgPool, projector: &dyn Projector) -> Result<[u8; 32], sqlx::Error> {
    let mut hasher = Sha256::new();
    for table in projector.tables() {
        let statement = format!("select t::text from {table} t order by t::text collate \"C\"");
        hasher.update(table.as_bytes());
        let mut rows = sqlx::query_scalar::<_, String>(&statement).fetch(pool);
        while let Some(row) = rows.try_next().await? {
            hasher.update(row.len().to_be_bytes());
            hasher.update(row.as_bytes());
        }
    }
    Ok(hasher.finalize().into())
}

/// A projector's state, for operators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectionStatus {
    pub name: String,
    pub version: i32,
    pub position: i64,
    pub parked: i64,
}

/// The state of all projectors.
pub async fn list_status(pool: &PgPool) -> Result<Vec<ProjectionStatus>, sqlx::Error> {
    sqlx::query_as!(
        ProjectionStatus,
        r#"select name, version, position,
                  (select count(*) from parked_aggregates where projection = name) as "parked!"
           from projections order by name"#
    )
    .fetch_all(pool)
    .await
}
