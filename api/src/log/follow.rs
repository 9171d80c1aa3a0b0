//! `GET /events/stream`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;

use super::Tag;
use super::stream::{EventScope, open_stream};
use crate::http::{Ctx, Problem};
use crate::stream::{Frames, Start};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Log")]
impl Operation {
    /// Follows the log.
    ///
    /// Server-sent events: one `event` for each event in order, with an id for `Last-Event-ID`. Requires the admin
    /// role.
    #[oai(path = "/events/stream", method = "get", operation_id = "streamEvents")]
    async fn stream_events(
        &self,
        ctx: Ctx,
        /// An event id or a position; only later events are sent. By default, the stream starts now.
        after: Query<Option<String>>,
        request: &poem::Request,
    ) -> Result<Frames, Problem> {
        ctx.caller.require_admin()?;
        let start = Start::parse(request, after.0.as_deref())?;
        let (frames, _) = open_stream(ctx, start, EventScope::All).await?;
        Ok(frames)
    }
}
