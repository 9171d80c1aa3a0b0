//! `POST /knowledge-bases`

use domain::knowledge;
use poem::Result;
use poem_openapi::OpenApi;

use super::wire::{CreateKnowledgeBase, KnowledgeBaseResource};
use super::{Tag, choose_readers, find};
use crate::http::{Body, Created, Ctx, Problem};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Knowledge")]
impl Operation {
    /// Creates a knowledge base.
    ///
    /// Guests cannot create knowledge bases.
    #[oai(
        path = "/knowledge-bases",
        method = "post",
        operation_id = "createKnowledgeBase"
    )]
    async fn create_knowledge_base(
        &self,
        ctx: Ctx,
        body: Body<CreateKnowledgeBase>,
    ) -> Result<Created<KnowledgeBaseResource>, Problem> {
        ctx.caller.require_creator()?;
        let id = ctx.clock.new_id();
        let (description, chunking) = body.value.parse(id).map_err(Problem::refused)?;
        let requested = (body.value.visibility, body.value.group_ids.as_deref());
        let readers = choose_readers(&ctx, requested, &[]).await?;
        let command = knowledge::CreateKnowledgeBase {
            owner: ctx.caller.editor(),
            description,
            readers: readers.unwrap_or_default(),
            chunking,
        };
        let execution = ctx.creation(id, &body.bytes, command);
        ctx.create(execution, |id| find(&ctx, id)).await
    }
}
