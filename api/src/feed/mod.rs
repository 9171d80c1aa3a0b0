//! The event feed: the events of the log that the caller may read.

mod readable;

use poem::Request;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi, ResponseContent, Tags};
use projections::Page;

pub(crate) use self::readable::read_next;
use crate::http::{Ctx, List, PageRequest, Problem, Unversioned, accepts};
use crate::log::{EventResource, EventScope, open_stream};
use crate::stream::{Frames, Start};

#[derive(ResponseContent)]
pub enum FeedContent {
    Page(Json<List<EventResource>>),
    Stream(Frames),
}

#[derive(ApiResponse)]
pub enum Feed {
    #[oai(status = 200)]
    Ok(
        FeedContent,
        /// The log position that a page includes, or at which a stream starts.
        #[oai(header = "ConvoSphere-Position")]
        String,
    ),
}

/// The area of the contract.
#[derive(Tags)]
pub(crate) enum Tag {
    /// Events that concern the caller.
    Feed,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct FeedApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Feed")]
impl FeedApi {
    /// Reads the events that concern the caller.
    ///
    /// The events of the caller's account, of what belongs to it, and of the groups with which the caller's knowledge
    /// bases are shared, in the order of the log and with readable text. Erased text reads `[erased]`; addresses and
    /// reasons stay encrypted. With `Accept: text/event-stream` the answer is a stream of `event` frames, each with an
    /// id for `Last-Event-ID`, and `stream.caught_up`, `stream.reset` and `stream.closed`; it starts now unless `after`
    /// or `Last-Event-ID` is given. Otherwise the answer is a page, from the beginning unless `after` is given.
    #[oai(path = "/feed", method = "get", operation_id = "getFeed")]
    async fn get_feed(
        &self,
        ctx: Ctx,
        /// An event id or a position; only later events are returned.
        after: Query<Option<String>>,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
        request: &Request,
    ) -> Result<Feed, Problem> {
        let page = ctx.page("feed", limit.0, cursor.0.as_deref())?;
        let start = Start::parse(request, after.0.as_deref())?;
        let position = ctx.read_position().await?;
        match accepts(request.headers(), "text/event-stream") {
            true => stream_events(ctx, start).await,
            false => read_page(&ctx, page, start, position).await,
        }
    }
}

async fn stream_events(ctx: Ctx, start: Option<Start>) -> Result<Feed, Problem> {
    let (frames, position) = open_stream(ctx, start, EventScope::Readable).await?;
    Ok(Feed::Ok(FeedContent::Stream(frames), position.to_string()))
}

/// Reads a page up to a position, which the views have reached.
async fn read_page(
    ctx: &Ctx,
    page: PageRequest<i64>,
    start: Option<Start>,
    position: i64,
) -> Result<Feed, Problem> {
    let after = match page.after {
        Some(cursor) => cursor,
        None => require_known_cursor(
            ctx.resolve_start(&start.unwrap_or(Start::Beginning))
                .await?,
        )?,
    };
    let between = (after, position);
    let events = readable::read_page(&ctx.app, ctx.caller.id, between, page.limit).await?;
    let events = Page::from_limited_rows(events, page.limit, |event| event.position);
    let Unversioned::Ok(list, position) = ctx.list_page(&page, events, position);
    Ok(Feed::Ok(FeedContent::Page(list), position))
}

/// Unlike a stream, a page cannot tell the client that it starts elsewhere, so an unknown cursor is an error.
fn require_known_cursor((position, is_known): (i64, bool)) -> Result<i64, Problem> {
    if is_known {
        return Ok(position);
    }
    Err(Problem::unreadable(
        "after",
        "unknown_cursor",
        "the log does not have this cursor; read again from the start",
    ))
}
