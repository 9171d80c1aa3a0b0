//! `GET /knowledge-bases/:id`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::wire::KnowledgeBaseResource;
use super::{Tag, find};
use crate::http::{Ctx, Problem, Single};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Knowledge")]
impl Operation {
    /// Reads a knowledge base.
    ///
    /// For callers who may read its documents.
    #[oai(
        path = "/knowledge-bases/:id",
        method = "get",
        operation_id = "getKnowledgeBase"
    )]
    async fn get_knowledge_base(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<Single<KnowledgeBaseResource>, Problem> {
        ctx.get(find(&ctx, id.0)).await
    }
}
