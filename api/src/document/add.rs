//! `POST /knowledge-bases/:id/documents`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::processing_reply;
use super::wire::Processing;
use super::write::{Upload, add, find_existing, upload};
use crate::file::MultipartBody;
use crate::http::{Ctx, Problem};
use crate::knowledge;
use crate::knowledge::Tag;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Knowledge")]
impl Operation {
    /// Adds a document to a knowledge base.
    ///
    /// Uploading the same bytes under the same name again returns the existing document.
    #[oai(
        path = "/knowledge-bases/:id/documents",
        method = "post",
        operation_id = "addDocument"
    )]
    async fn add_document(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        body: MultipartBody,
    ) -> Result<Processing, Problem> {
        ctx.catch_up().await?;
        knowledge::find_owned(&ctx, id.0).await?;
        let (key, uploaded) = match upload(&ctx, body).await? {
            Upload::Repeated(Some(document_id), _) => {
                return processing_reply(&ctx, document_id).await;
            }
            Upload::Repeated(None, bytes) => {
                let document_id = find_existing(&ctx, id.0, &bytes).await?;
                return processing_reply(&ctx, document_id).await;
            }
            Upload::Stored(key, uploaded) => (key, uploaded),
        };
        let document_id = add(&ctx, id.0, (uploaded, key)).await?;
        processing_reply(&ctx, document_id).await
    }
}
