//! `PATCH /knowledge-bases/:id`

use domain::knowledge;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::wire::{KnowledgeBaseResource, UpdateKnowledgeBase};
use super::{Tag, choose_readers, find, find_owned};
use crate::http::{Body, Ctx, Problem, Single};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Knowledge")]
impl Operation {
    /// Changes a knowledge base.
    ///
    /// Changes the given fields and leaves the others.
    #[oai(
        path = "/knowledge-bases/:id",
        method = "patch",
        operation_id = "updateKnowledgeBase"
    )]
    async fn update_knowledge_base(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        body: Body<UpdateKnowledgeBase>,
    ) -> Result<Single<KnowledgeBaseResource>, Problem> {
        let requested = (body.value.visibility, body.value.group_ids.as_deref());
        ctx.change(id.0, &body.bytes, || async {
            let before = find_owned(&ctx, id.0).await?;
            let readers = choose_readers(&ctx, requested, &before.group_ids).await?;
            let (description, chunking) = body.value.parse(&before).map_err(Problem::refused)?;
            let command = knowledge::UpdateKnowledgeBase {
                editor: ctx.caller.editor(),
                description,
                readers,
                chunking,
            };
            Ok((before.version, command))
        })
        .await?;
        ctx.reply(find(&ctx, id.0)).await
    }
}
