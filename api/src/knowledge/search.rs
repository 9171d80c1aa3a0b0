//! `POST /knowledge/search`

use poem::Result;
use poem_openapi::OpenApi;
use projections::knowledge::retrieval::RetrievalModels;
use projections::knowledge::{queries, retrieval};

use super::Tag;
use super::wire::{KnowledgeHits, SearchKnowledge};
use crate::http::{Body, Ctx, Problem, Unversioned};
use crate::search::search_text;

/// Longest question, in characters.
const MAX_QUESTION: usize = 2_000;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Knowledge")]
impl Operation {
    /// Searches knowledge bases for passages.
    ///
    /// Finds the passages that answer a question, in knowledge bases that the caller may read.
    #[oai(
        path = "/knowledge/search",
        method = "post",
        operation_id = "searchKnowledge"
    )]
    async fn search_knowledge(
        &self,
        ctx: Ctx,
        body: Body<SearchKnowledge>,
    ) -> Result<Unversioned<KnowledgeHits>, Problem> {
        let input = body.value;
        let question = search_text("/query", &input.query, MAX_QUESTION)?;
        let limit = input.limit()?;
        let position = ctx.read_position().await?;
        let readable = match &input.knowledge_base_ids {
            Some(ids) => queries::filter_readable(&ctx.pool, ctx.caller.id, ids).await?,
            None => queries::list_readable(&ctx.pool, ctx.caller.id).await?,
        };
        let models = RetrievalModels {
            embedder: ctx.embedder.as_deref(),
            reranker: ctx.reranker.as_deref(),
        };
        let retrieved = retrieval::find(&ctx.pool, models, &readable, question, limit).await?;
        Ok(Unversioned::new(retrieved.into(), position))
    }
}
