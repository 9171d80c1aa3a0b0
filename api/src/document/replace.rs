//! `PUT /documents/:id/content`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::wire::Processing;
use super::write::{Upload, remove_unused, replace, upload};
use super::{find_owned, processing_reply};
use crate::file::{self, MultipartBody};
use crate::http::{Ctx, Problem};
use crate::knowledge::Tag;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Knowledge")]
impl Operation {
    /// Uploads a new version of a document.
    ///
    /// Searches find the passages of the previous version until the new ones are ready.
    #[oai(
        path = "/documents/:id/content",
        method = "put",
        operation_id = "replaceDocument"
    )]
    async fn replace_document(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        body: MultipartBody,
    ) -> Result<Processing, Problem> {
        ctx.catch_up().await?;
        let document = find_owned(&ctx, id.0).await?;
        match upload(&ctx, body).await? {
            Upload::Repeated(..) => {}
            Upload::Stored(key, uploaded) if uploaded.id == document.file_id => {
                file::record_unchanged(&ctx, key).await?;
            }
            Upload::Stored(key, uploaded) => {
                replace(&ctx, &document, (uploaded, key)).await?;
                remove_unused(&ctx, document.file_id, id.0).await?;
            }
        }
        processing_reply(&ctx, id.0).await
    }
}
