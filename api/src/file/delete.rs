//! `DELETE /files/:id`

use domain::file::{File, FileCommand};
use eventstore::ExecutorError;
use eventstore::executor::step;
use poem::Result;
use poem::http::StatusCode;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use projections::file::{IN_USE, queries, with_deletion_unless_used};
use uuid::Uuid;

use super::{discard_bytes, find};
use crate::http::{Ctx, NoContent, Problem, Tag};

#[derive(Debug, Clone, Copy)]
pub struct Operation;

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
        let file = find(&ctx, id.0).await?;
        // Documents of earlier versions have no reservation of their file: only the view knows them.
        if queries::is_in_document(&ctx.pool, file.id).await? {
            return Err(in_use());
        }
        let command = FileCommand::DeleteFile {
            actor: ctx.caller.id,
        };
        let steps = vec![step::<File>(file.id, ctx.meta.expected(), command)];
        let execution = with_deletion_unless_used(ctx.execution(b"", steps), &file);
        let deleted = ctx.try_execute(execution).await;
        let committed = deleted.map_err(|error| match error {
            ExecutorError::ExtraRefused(IN_USE) => in_use(),
            error => error.into(),
        })?;
        discard_bytes(&ctx.app, file.id).await;
        Ok(NoContent::at(committed.position))
    }
}

fn in_use() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        IN_USE,
        "a document of a knowledge base uses this file; delete the document instead",
    )
}
