//! Importing conversations: a job reads an uploaded file.

use std::sync::Arc;

use poem::Result;
use poem::web::Data;
use poem_openapi::{Object, OpenApi};
use projections::file::queries as files;
use projections::job::JobKind;
use serde::Deserialize;
use uuid::Uuid;

use crate::auth::Auth;
use crate::body::Body;
use crate::job::{self, JobResource};
use crate::problem::Problem;
use crate::reply::StartedJob;
use crate::request_meta::RequestMeta;
use crate::state::App;
use crate::tag::Tag;

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub struct StartImport {
    /// A file that the caller has uploaded: a conversation exported as JSON, an archive from `exports/archive`, or the
    /// ZIP file or `conversations.json` of a `ChatGPT` export.
    pub file_id: Uuid,
}

#[derive(Debug, Clone, Copy)]
pub struct ImportApi;

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
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        body: Body<StartImport>,
    ) -> Result<StartedJob<JobResource>, Problem> {
        auth.0.require_creator()?;
        app.read_position(auth.0.id, None).await?;
        let file = files::find(&app.pool, auth.0.id, body.value.file_id).await?;
        let file = file.ok_or_else(|| {
            Problem::invalid(
                "/file_id",
                "unknown_file",
                "you have no file with this id; upload it first",
            )
        })?;
        job::request(&app, &auth.0, &meta, JobKind::Import(file.id)).await
    }
}
