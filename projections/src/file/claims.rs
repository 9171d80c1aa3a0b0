//! Claims on files: an owner has the same contents under a name only once, and documents claim their file. They are
//! reservations owned by the file, so they are as current as the log, and no view has to be read.

use sqlx::PgConnection;
use uuid::Uuid;

/// The refusal of a document whose file is being deleted.
pub const FILE_GONE: &str = "file_gone";

/// Whether a file exists. It cannot be deleted before this transaction ends.
pub(crate) async fn exists(connection: &mut PgConnection, file: Uuid) -> Result<bool, sqlx::Error> {
    let rows = sqlx::query_scalar!(
        "select owner from reservations where kind = 'file' and owner = $1 for share",
        file.to_string()
    )
    .fetch_all(connection)
    .await?;
    Ok(!rows.is_empty())
}

/// Waits until no other transaction holds a file.
pub(crate) async fn lock(connection: &mut PgConnection, file: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query_scalar!(
        "select owner from reservations where kind = 'file' and owner = $1 for update",
        file.to_string()
    )
    .fetch_all(connection)
    .await?;
    Ok(())
}

/// Whether a document is created from a file.
pub(crate) async fn is_in_document(
    connection: &mut PgConnection,
    file: Uuid,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from reservations where kind = 'document' and owner = $1) as "used!""#,
        file.to_string()
    )
    .fetch_one(connection)
    .await
}
