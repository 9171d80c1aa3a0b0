//! Documents of knowledge bases. Readers of the knowledge base can read them; its owner can change them.

mod add;
mod delete;
mod download;
mod get;
mod list;
mod list_chunks;
mod replace;
mod reprocess;
mod wire;
mod write;

use poem::Result;
use poem_openapi::OpenApi;
use projections::document::{DocumentView, queries};
use uuid::Uuid;

pub(crate) use self::wire::ChunkResource;
use self::wire::Processing;
use crate::http::{Ctx, Problem};
use crate::knowledge;

/// The operations of this feature.
pub(crate) fn operations() -> impl OpenApi {
    (
        list::Operation,
        add::Operation,
        get::Operation,
        download::Operation,
        replace::Operation,
        list_chunks::Operation,
        reprocess::Operation,
        delete::Operation,
    )
}

async fn find(ctx: &Ctx, id: Uuid) -> Result<DocumentView, Problem> {
    queries::find(&ctx.pool, ctx.caller.id, id)
        .await?
        .ok_or_else(Problem::not_found)
}

async fn find_owned(ctx: &Ctx, id: Uuid) -> Result<DocumentView, Problem> {
    let document = find(ctx, id).await?;
    knowledge::find_owned(ctx, document.knowledge_base_id).await?;
    Ok(document)
}

async fn processing_reply(ctx: &Ctx, id: Uuid) -> Result<Processing, Problem> {
    let position = ctx.catch_up().await?;
    let document = find(ctx, id).await?;
    Ok(Processing::new(document, position))
}
