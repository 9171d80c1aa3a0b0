//! Importing conversations: a job reads an uploaded file.

use poem::Result;
use poem_openapi::{Object, OpenApi};
use projections::file::queries as files;
use projections::job::JobKind;
use serde::Deserialize;
use uuid::Uuid;

use crate::conversation::Tag;
use crate::http::{Body, Ctx, Problem, StartedJob};
use crate::job::{self, JobResource};

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(crate) struct StartImport {
    /// A file that the caller has uploaded: a conversation exported as JSON, an archive from `exports/archive`, or the
    /// ZIP file or `conversations.json` of a `ChatGPT` export.
    pub file_id: Uuid,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct ImportApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Conversations")]
impl ImportApi {
    /// Starts an import.
    ///
    /// A job imports an uploaded file: its conversations with their times, and everything else that an archive
    /// contains. Importing the same file again changes nothing. Each user can run one import at a time. The result of
    /// the job counts new entries, entries that existed already, and entries that could not be imported.
    #[oai(path = "/imports", method = "post", operation_id = "startImport")]
    async fn start_import(
        &self,
        ctx: Ctx,
        body: Body<StartImport>,
    ) -> Result<StartedJob<JobResource>, Problem> {
        ctx.caller.require_creator()?;
        ctx.catch_up().await?;
        let file = files::find(&ctx.pool, ctx.caller.id, body.value.file_id).await?;
        let file = file.ok_or_else(|| {
            Problem::invalid(
                "/file_id",
                "unknown_file",
                "you have no file with this id; upload it first",
            )
        })?;
        job::request(&ctx, JobKind::Import(file.id)).await
    }
}
