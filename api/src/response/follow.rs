//! `GET /responses/:id/stream`

use std::sync::Arc;

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::{Tag, find};
use crate::http::{Ctx, Problem};
use crate::stream::{Frames, Start, Target, follow};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Responses")]
impl Operation {
    /// Follows a run.
    ///
    /// Server-sent events of this run from its start; the stream ends after the last event of the run.
    #[oai(
        path = "/responses/:id/stream",
        method = "get",
        operation_id = "streamResponse"
    )]
    async fn stream_response(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        /// An event id or a position; only later events are sent.
        after: Query<Option<String>>,
        request: &poem::Request,
    ) -> Result<Frames, Problem> {
        ctx.read_position().await?;
        let view = find(&ctx, id.0).await?;
        let start = Start::parse(request, after.0.as_deref())?.unwrap_or(Start::Beginning);
        let target = Target {
            conversation_id: view.conversation_id,
            response: Some(id.0),
        };
        follow(Arc::clone(&ctx.app), ctx.caller, target, start)
    }
}
