//! Server-sent events: durable frames from the log with live deltas between them; no durable frame is lost over a
//! reconnect.

#![warn(clippy::wildcard_enum_match_arm)]

mod access;
mod change;
mod follow;
mod frame;
mod outage;
mod rights;
mod start;

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use poem::Request;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::EventStream;
use uuid::Uuid;

pub(crate) use self::follow::{follow, follow_frames, wait_for_shutdown};
pub(crate) use self::frame::Frame;
pub(crate) use self::outage::Outage;
pub(crate) use self::rights::Rights;
pub(crate) use self::start::{Start, frame_id};
use crate::conversation::Tag;
use crate::http::{Ctx, Problem};
use crate::limits::Share;

/// The response of a stream.
pub(crate) type Frames = EventStream<BoxStream<'static, Frame>>;

/// What a stream follows: a conversation, or one of its runs.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub conversation_id: Uuid,
    pub response: Option<Uuid>,
}

impl Target {
    /// Whether the stream includes a run.
    pub(crate) fn wants(&self, run: Uuid) -> bool {
        self.response.is_none_or(|id| id == run)
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct StreamApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Conversations")]
impl StreamApi {
    /// Follows a conversation.
    ///
    /// Server-sent events: messages, runs, and the pieces of answers as they are written. Durable frames carry an `id`;
    /// send the last one as `Last-Event-ID` and nothing is missed. Without it and without `after`, the stream starts
    /// now. Frames: `message.posted`, `conversation.changed`, `read_marker.moved`, `response.started`,
    /// `response.delta`, `response.snapshot`, one of `response.completed`, `response.failed`, `response.interrupted`
    /// and `response.cancelled` per run, `stream.caught_up`, `stream.reset`, `stream.closed`. Ignore unknown frames.
    #[oai(
        path = "/conversations/:id/stream",
        method = "get",
        operation_id = "streamConversation"
    )]
    async fn stream_conversation(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        /// An event id or a position; only later events are sent.
        after: Query<Option<String>>,
        request: &Request,
    ) -> Result<Frames, Problem> {
        ctx.read_position().await?;
        ctx.app.require_readable(ctx.caller.id, id.0).await?;
        let start = Start::parse(request, after.0.as_deref())?.unwrap_or(Start::Now);
        let target = Target {
            conversation_id: id.0,
            response: None,
        };
        follow(Arc::clone(&ctx.app), ctx.caller, target, start)
    }
}

/// Frames as an event stream with a keep-alive comment every 15 s. Holds the share of the reader until it ends.
pub(crate) fn frames(
    share: Share,
    stream: impl futures_util::Stream<Item = Frame> + Send + 'static,
) -> Frames {
    let held = stream.inspect(move |_| {
        let _ = &share;
    });
    EventStream::new(held.boxed())
        .keep_alive(std::time::Duration::from_secs(15))
        .to_event(Frame::event)
}
