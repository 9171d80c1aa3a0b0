//! `GET /files/:id/content`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path};
use uuid::Uuid;

use super::content::{Content, serve_content};
use super::{Tag, find};
use crate::http::{Ctx, Problem};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Files")]
impl Operation {
    /// Downloads a file.
    ///
    /// The bytes as they were uploaded, as an attachment that no browser runs. Supports a single byte range.
    #[oai(
        path = "/files/:id/content",
        method = "get",
        operation_id = "getFileContent"
    )]
    async fn get_file_content(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        /// Such as `bytes=0-1023`; several ranges are answered with the whole file.
        #[oai(name = "Range")]
        range: Header<Option<String>>,
    ) -> Result<Content, Problem> {
        ctx.read_position().await?;
        let file = find(&ctx, id.0).await?;
        serve_content(&ctx.app, ctx.caller.id, file, range.0.as_deref()).await
    }
}
