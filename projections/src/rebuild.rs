//! Rebuilding a view from the log in one transaction, and the digest that proves it equal to the live one.

use eventstore::log::{self, LogError};
use eventstore::{Keys, Log};
use sha2::{Digest, Sha256};
use sqlx::PgPool;

use crate::projector::{Projector, clear, lock, save, take};

const PAGE: i64 = 1_000;

/// Makes a view anew. Readers see the old rows until it is whole. Returns the position reached.
pub async fn rebuild(
    pool: &PgPool,
    log: &Log,
    keys: &Keys,
    projector: &dyn Projector,
    mut progress: impl FnMut(i64),
) -> Result<i64, LogError> {
    let mut transaction = pool.begin().await?;
    lock(&mut transaction, log, projector).await?;
    clear(&mut transaction, log, projector).await?;
    let mut position = 0;
    loop {
        let rows = log::read(pool, position, PAGE).await?;
        let Some(last) = rows.last().map(|row| (row.position, row.hash.clone())) else {
            break;
        };
        let events = log::open(log, keys, rows).await?;
        take(&mut transaction, projector, &events).await?;
        save(&mut transaction, projector, last.0, &last.1).await?;
        position = last.0;
        progress(position);
    }
    transaction.commit().await?;
    Ok(position)
}

/// SHA-256 over all rows of a projector's tables, in an order of their own.
pub async fn digest(pool: &PgPool, projector: &dyn Projector) -> Result<[u8; 32], sqlx::Error> {
    let mut hasher = Sha256::new();
    for table in projector.tables() {
        let statement = format!("select t::text from {table} t order by t::text collate \"C\"");
        let rows: Vec<String> = sqlx::query_scalar(&statement).fetch_all(pool).await?;
        hasher.update(table.as_bytes());
        for row in rows {
            hasher.update(row.len().to_be_bytes());
            hasher.update(row.as_bytes());
        }
    }
    Ok(hasher.finalize().into())
}

/// A projector's state, for operators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    pub name: String,
    pub version: i32,
    pub position: i64,
    pub parked: i64,
}

/// The state of all projectors.
pub async fn list(pool: &PgPool) -> Result<Vec<Status>, sqlx::Error> {
    sqlx::query_as!(
        Status,
        r#"select name, version, position,
                  (select count(*) from parked_aggregates where projection = name) as "parked!"
           from projections order by name"#
    )
    .fetch_all(pool)
    .await
}
