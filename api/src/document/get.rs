//! `GET /documents/:id`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::find;
use super::wire::DocumentResource;
use crate::http::{Ctx, Problem, Single};
use crate::knowledge::Tag;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Knowledge")]
impl Operation {
    /// Reads a document.
    ///
    /// `status` shows whether processing has finished.
    #[oai(path = "/documents/:id", method = "get", operation_id = "getDocument")]
    async fn get_document(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<Single<DocumentResource>, Problem> {
        ctx.get(find(&ctx, id.0)).await
    }
}
