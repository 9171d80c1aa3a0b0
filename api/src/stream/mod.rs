//! Server-sent events: durable frames from the log, live deltas between them, nothing lost over a reconnect.

mod follow;
mod frame;

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use poem::Request;
use poem::Result;
use poem::http::StatusCode;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::EventStream;
use uuid::Uuid;

pub(crate) use self::follow::{closes, follow, follow_frames};
pub use self::frame::Frame;
use crate::auth::Auth;
use crate::conversation::find;
use crate::head::Head;
use crate::problem::Problem;
use crate::state::App;
use crate::tag::Tag;

/// The answer of a stream.
pub type Frames = EventStream<BoxStream<'static, Frame>>;

/// What is followed: a conversation, or one run of it.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub conversation_id: Uuid,
    pub response: Option<Uuid>,
}

impl Target {
    /// Whether a run belongs to what is followed.
    pub fn wants(&self, run: Uuid) -> bool {
        self.response.is_none_or(|id| id == run)
    }
}

/// Where a stream begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Start {
    Now,
    Beginning,
    /// After a position; with the first bytes of its hash, where the client knows them.
    After(i64, Option<String>),
    /// After something that is no id of ours.
    Unknown,
}

impl Start {
    /// From `Last-Event-ID`, else from `?after=`. None where there is neither.
    pub fn parse(request: &Request, after: Option<&str>) -> Result<Option<Self>, Problem> {
        if let Some(value) = request.headers().get("last-event-id") {
            // A client sends back what it was given: anything else means that its cursor is broken.
            return Ok(Some(
                value
                    .to_str()
                    .ok()
                    .and_then(Self::of)
                    .unwrap_or(Self::Unknown),
            ));
        }
        let Some(after) = after else {
            return Ok(None);
        };
        Self::of(after).map(Some).ok_or_else(|| {
            let mut problem = Problem::invalid(
                "after",
                "invalid_cursor",
                "after must be an event id or a position",
            );
            problem.status = StatusCode::BAD_REQUEST;
            problem
        })
    }

    pub fn of(id: &str) -> Option<Self> {
        let (position, hash) = match id.split_once('-') {
            Some((position, hash))
                if hash.len() == 8 && hash.bytes().all(|b| b.is_ascii_hexdigit()) =>
            {
                (position, Some(hash.to_owned()))
            }
            Some(_) => return None,
            None => (id, None),
        };
        let position = position.parse().ok().filter(|position| *position >= 0)?;
        Some(Self::After(position, hash))
    }
}

#[derive(Debug, Clone, Copy)]
pub struct StreamApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Conversations")]
impl StreamApi {
    /// Follows a conversation: messages, runs, and the pieces of answers as they are written.
    ///
    /// Durable frames carry an `id`; send the last one as `Last-Event-ID` and nothing is missed. Without it, and
    /// without `after`, the stream starts now. Frames: message.posted, response.started, response.delta,
    /// response.snapshot, one of response.completed, response.failed, response.interrupted, response.cancelled per run,
    /// `stream.caught_up`, stream.reset, stream.closed. Unknown names are to be ignored.
    #[oai(
        path = "/conversations/:id/stream",
        method = "get",
        operation_id = "streamConversation"
    )]
    async fn stream_conversation(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        id: Path<Uuid>,
        /// An event id or a position: only what came after it.
        after: Query<Option<String>>,
        request: &Request,
    ) -> Result<Frames, Problem> {
        app.read_position(auth.0.id, head.min_position).await?;
        find(&app, &auth.0, id.0).await?;
        let start = Start::parse(request, after.0.as_deref())?.unwrap_or(Start::Now);
        let target = Target {
            conversation_id: id.0,
            response: None,
        };
        Ok(follow(Arc::clone(app.0), auth.0, target, start))
    }
}

/// Frames as an event stream with a comment every 15 s.
fn frames(stream: impl futures_util::Stream<Item = Frame> + Send + 'static) -> Frames {
    EventStream::new(stream.boxed())
        .keep_alive(std::time::Duration::from_secs(15))
        .to_event(Frame::event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_positions_are_read_and_garbage_is_not() {
        assert_eq!(
            Start::of("12-0123abcd"),
            Some(Start::After(12, Some("0123abcd".into())))
        );
        assert_eq!(Start::of("0"), Some(Start::After(0, None)));
        let long = "9".repeat(10_000);
        for garbage in ["", "-1", "12-", "12-zz", "x-0123abcd", "1 ", long.as_str()] {
            assert_eq!(Start::of(garbage), None, "{garbage}");
        }
    }
}
