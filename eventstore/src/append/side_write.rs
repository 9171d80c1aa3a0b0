//! Writes in the transaction of an append, defined by the crate that owns the tables.

use futures_util::future::BoxFuture;
use sqlx::PgConnection;

/// A write in the transaction of an append. A command with such writes is a batch of its own; a write runs again when the
/// transaction is retried.
pub trait SideWrite: Send + Sync {
    fn write<'a>(
        &'a self,
        connection: &'a mut PgConnection,
    ) -> BoxFuture<'a, Result<(), SideWriteError>>;
}

/// Why a write failed.
#[derive(Debug, thiserror::Error)]
pub enum SideWriteError {
    /// The command is refused with this code.
    #[error("{0}")]
    Refused(&'static str),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}
