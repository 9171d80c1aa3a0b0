//! `DELETE /files/:id`

use domain::file::DeleteFile;
use eventstore::ExecutorError;
use poem::Result;
use poem::http::StatusCode;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use projections::file::{FileView, IN_USE, queries, with_deletion_unless_used};
use uuid::Uuid;

use super::{Tag, find};
use crate::http::{Ctx, NoContent, Problem};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Files")]
impl Operation {
    /// Deletes a file.
    ///
    /// Destroys its encryption key and deletes its bytes. A file that belongs to a document cannot be deleted.
    #[oai(path = "/files/:id", method = "delete", operation_id = "deleteFile")]
    async fn delete_file(&self, ctx: Ctx, id: Path<Uuid>) -> Result<NoContent, Problem> {
        ctx.catch_up().await?;
        if let Some(first) = ctx.find_repeated(b"").await? {
            return Ok(NoContent::at(first.position));
        }
        let file = find_unused(&ctx, id.0).await?;
        let actor = Some(ctx.caller.id);
        let execution = ctx.command(file.id, b"", DeleteFile { actor });
        let execution = with_deletion_unless_used(execution, &file);
        let deleted = ctx.try_execute(execution).await;
        let committed = deleted.map_err(deletion_problem)?;
        // If the store is unavailable, a later clean-up deletes the bytes.
        ctx.files.discard(file.id).await;
        Ok(NoContent::at(committed.position))
    }
}

/// Finds a file of the caller that no document uses.
async fn find_unused(ctx: &Ctx, id: Uuid) -> Result<FileView, Problem> {
    let file = find(ctx, id).await?;
    // Documents of earlier versions have no reservation of their file: only the view knows them.
    match queries::is_in_document(&ctx.pool, file.id).await? {
        true => Err(in_use()),
        false => Ok(file),
    }
}

fn deletion_problem(error: ExecutorError) -> Problem {
    match error {
        ExecutorError::WriteRefused(IN_USE) => in_use(),
        error => error.into(),
    }
}

fn in_use() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        IN_USE,
        "a document of a knowledge base uses this file; delete the document instead",
    )
}
