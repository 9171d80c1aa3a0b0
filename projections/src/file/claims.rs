//! Claims on files: an owner has the same contents under a name only once, and a knowledge base has only one document
//! of a file.
//!
//! They are reservations owned by the file, so they are as current as the log, and no view has to be read.

use eventstore::append::ExtraWriteError;
use eventstore::log::LogError;
use eventstore::{Execution, Keys};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// The reservation kind of a document's claim on its file.
pub const DOCUMENT_CLAIM: &str = "document";
/// The refusal of a document whose file is being deleted.
pub const FILE_GONE: &str = "file_gone";

/// The claim of a document: to be the only one of its knowledge base that is created from a file.
pub fn document_claim(knowledge_base: Uuid, file: Uuid) -> String {
    format!("{knowledge_base} {file}")
}

/// Claims an existing file for a document; only one document of a knowledge base can.
pub fn with_claim(mut execution: Execution, knowledge_base: Uuid, file: Uuid) -> Execution {
    let claim = document_claim(knowledge_base, file);
    execution
        .reserve
        .push((DOCUMENT_CLAIM, claim, file.to_string()));
    execution.with_write(move |connection| {
        Box::pin(async move {
            match exists(connection, file).await? {
                true => Ok(()),
                false => Err(ExtraWriteError::Refused(FILE_GONE)),
            }
        })
    })
}

/// Releases the claim of a document on a file.
pub fn with_release(mut execution: Execution, knowledge_base: Uuid, file: Uuid) -> Execution {
    let claim = document_claim(knowledge_base, file);
    execution.release.push((DOCUMENT_CLAIM, claim));
    execution
}

/// Whether a file exists. It cannot be deleted before this transaction ends.
async fn exists(connection: &mut PgConnection, file: Uuid) -> Result<bool, sqlx::Error> {
    let rows = sqlx::query_scalar!(
        "select owner from reservations where kind = 'file' and owner = $1 for share",
        file.to_string()
    )
    .fetch_all(connection)
    .await?;
    Ok(!rows.is_empty())
}

/// Waits until no other transaction holds a file.
pub(super) async fn lock(connection: &mut PgConnection, file: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query_scalar!(
        "select owner from reservations where kind = 'file' and owner = $1 for update",
        file.to_string()
    )
    .fetch_all(connection)
    .await?;
    Ok(())
}

/// Whether a document is created from a file.
pub(super) async fn is_in_document(
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

/// Releases the claim of a document that is erased without a command.
pub async fn release(
    pool: &PgPool,
    keys: &Keys,
    knowledge_base: Uuid,
    file: Uuid,
) -> Result<(), LogError> {
    let claim = document_claim(knowledge_base, file);
    let mac = keys.mac(DOCUMENT_CLAIM, claim.as_bytes()).await?;
    sqlx::query!(
        "delete from reservations where kind = 'document' and mac = $1",
        mac
    )
    .execute(pool)
    .await?;
    Ok(())
}
