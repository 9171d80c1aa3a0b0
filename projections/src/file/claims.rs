//! Claims on files: that its owner has these bytes once, and that a document of a knowledge base is made of them.
//!
//! They are reservations that belong to the file, so they are as new as the log, and no view has to be asked.

use eventstore::append::ExtraWriteError;
use eventstore::log::LogError;
use eventstore::{Execution, Keys};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// The kind of a document's claim on its file.
pub const DOCUMENT_CLAIM: &str = "document";
/// What a document is refused with whose file is being deleted.
pub const FILE_GONE: &str = "file_gone";

/// What a document claims: to be the one of its knowledge base that is made of a file.
pub fn document_claim(knowledge_base: Uuid, file: Uuid) -> String {
    format!("{knowledge_base} {file}")
}

/// Claims a file for a document, which one of a knowledge base can do, while the file is there.
pub fn with_claim(mut execution: Execution, knowledge_base: Uuid, file: Uuid) -> Execution {
    let claim = document_claim(knowledge_base, file);
    execution
        .reserve
        .push((DOCUMENT_CLAIM, claim, file.to_string()));
    execution.with_write(move |connection| {
        Box::pin(async move {
            match is_there(connection, file).await? {
                true => Ok(()),
                false => Err(ExtraWriteError::Refused(FILE_GONE)),
            }
        })
    })
}

/// Gives the claim of a document on a file back.
pub fn with_release(mut execution: Execution, knowledge_base: Uuid, file: Uuid) -> Execution {
    let claim = document_claim(knowledge_base, file);
    execution.release.push((DOCUMENT_CLAIM, claim));
    execution
}

/// Whether a file is there. It is not deleted before this transaction ends.
async fn is_there(connection: &mut PgConnection, file: Uuid) -> Result<bool, sqlx::Error> {
    let rows = sqlx::query_scalar!(
        "select owner from reservations where kind = 'file' and owner = $1 for share",
        file.to_string()
    )
    .fetch_all(connection)
    .await?;
    Ok(!rows.is_empty())
}

/// Waits until no other transaction needs a file.
pub(super) async fn lock(connection: &mut PgConnection, file: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query_scalar!(
        "select owner from reservations where kind = 'file' and owner = $1 for update",
        file.to_string()
    )
    .fetch_all(connection)
    .await?;
    Ok(())
}

/// Whether a document is made of a file.
pub(super) async fn is_in_a_document(
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

/// Gives the claim of a document back that is erased beside the log.
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
