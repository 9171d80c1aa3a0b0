//! The stored progress of projectors.

use eventstore::{Log, log};
use sqlx::{PgConnection, PgPool};

use super::Projector;
use crate::statement::execute;

/// The stored progress of a projector.
pub(crate) struct Checkpoint {
    pub version: i32,
    pub position: i64,
    pub hash: Vec<u8>,
}

impl Checkpoint {
    /// Whether the rows were written by this version of the projector and from this log.
    pub(crate) async fn is_valid(
        &self,
        pool: &PgPool,
        projector: &dyn Projector,
    ) -> Result<bool, sqlx::Error> {
        if self.version != projector.version() {
            return Ok(false);
        }
        Ok(self.position == 0
            || log::hash_at(pool, self.position).await?.as_ref() == Some(&self.hash))
    }
}

/// Locks the checkpoint until the transaction ends, so that only one process applies events. Creates it if it does not
/// exist.
pub(crate) async fn lock(
    transaction: &mut PgConnection,
    log: &Log,
    projector: &dyn Projector,
) -> Result<Checkpoint, sqlx::Error> {
    let checkpoint = sqlx::query_as!(
        Checkpoint,
        "select version, position, hash from projections where name = $1 for update",
        projector.name()
    )
    .fetch_optional(&mut *transaction)
    .await?;
    if let Some(checkpoint) = checkpoint {
        return Ok(checkpoint);
    }
    execute!(
        transaction,
        "insert into projections (name, version, position, hash) values ($1, $2, 0, $3) on conflict do nothing",
        projector.name(),
        projector.version(),
        &log.genesis
    )?;
    sqlx::query_as!(
        Checkpoint,
        "select version, position, hash from projections where name = $1 for update",
        projector.name()
    )
    .fetch_one(transaction)
    .await
}

pub(crate) async fn save_checkpoint(
    transaction: &mut PgConnection,
    projector: &dyn Projector,
    position: i64,
    hash: &[u8],
) -> Result<(), sqlx::Error> {
    execute!(
        transaction,
        "update projections set version = $2, position = $3, hash = $4 where name = $1",
        projector.name(),
        projector.version(),
        position,
        hash
    )
}
