//! `GET /documents/:id/content`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path};
use projections::file::queries as files;
use uuid::Uuid;

use super::find;
use crate::file::content::{Content, serve_content};
use crate::http::{Ctx, Problem};
use crate::knowledge::Tag;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Knowledge")]
impl Operation {
    /// Downloads the file of a document.
    ///
    /// The bytes as they were uploaded, as an attachment that no browser runs. Supports a single byte range.
    #[oai(
        path = "/documents/:id/content",
        method = "get",
        operation_id = "getDocumentContent"
    )]
    async fn get_document_content(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        /// Such as `bytes=0-1023`; several ranges are answered with the whole file.
        #[oai(name = "Range")]
        range: Header<Option<String>>,
    ) -> Result<Content, Problem> {
        ctx.read_position().await?;
        let document = find(&ctx, id.0).await?;
        let file = files::find_many(&ctx.pool, &[document.file_id])
            .await?
            .pop();
        serve_content(
            &ctx.app,
            ctx.caller.id,
            file.ok_or_else(Problem::not_found)?,
            range.0.as_deref(),
        )
        .await
    }
}
