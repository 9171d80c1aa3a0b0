//! Runs of assistants: reading, following and cancelling them.

mod cancel;
mod follow;
mod get;
mod get_prompt;
mod wire;

use poem::Result;
use poem_openapi::{OpenApi, Tags};
use projections::response::{ResponseView, queries};
use uuid::Uuid;

pub(crate) use self::wire::{ResponseResource, ResponseState, money};
use crate::http::{Ctx, Problem};

/// The area of the contract.
#[derive(Tags)]
pub(crate) enum Tag {
    /// Runs of assistants; each run writes an answer.
    Responses,
}

/// The operations of this feature.
pub(crate) fn operations() -> impl OpenApi {
    (
        get::Operation,
        follow::Operation,
        get_prompt::Operation,
        cancel::Operation,
    )
}

async fn find(ctx: &Ctx, id: Uuid) -> Result<ResponseView, Problem> {
    queries::find(&ctx.pool, ctx.caller.id, id)
        .await?
        .ok_or_else(Problem::not_found)
}
