//! `GET /files/:id`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use projections::file::text;
use uuid::Uuid;

use super::wire::FileResource;
use super::{Tag, find};
use crate::http::{Ctx, Problem, Single};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Files")]
impl Operation {
    /// Reads the description of a file.
    ///
    /// Name, type, size and digest, and why its text could not be read, if so.
    #[oai(path = "/files/:id", method = "get", operation_id = "getFile")]
    async fn get_file(&self, ctx: Ctx, id: Path<Uuid>) -> Result<Single<FileResource>, Problem> {
        let position = ctx.read_position().await?;
        let file = find(&ctx, id.0).await?;
        let version = file.version;
        let resource = FileResource {
            unread_reason: text::failure(&ctx.files, file.id).await?,
            ..file.into()
        };
        Ok(Single::new(resource, version, position))
    }
}
