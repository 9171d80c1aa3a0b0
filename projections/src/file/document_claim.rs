//! The claim of a document on its file: a knowledge base has only one document of a file.

use eventstore::log::LogError;
use eventstore::{Execution, Keys};
use sqlx::PgPool;
use uuid::Uuid;

use crate::command_write::CommandWrite;

/// The reservation kind of a document's claim on its file.
pub const DOCUMENT_CLAIM: &str = "document";

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
    execution.with_write(CommandWrite::RequireFile { file })
}

/// Releases the claim of a document on a file.
pub fn with_release(mut execution: Execution, knowledge_base: Uuid, file: Uuid) -> Execution {
    let claim = document_claim(knowledge_base, file);
    execution.release.push((DOCUMENT_CLAIM, claim));
    execution
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
