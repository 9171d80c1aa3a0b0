//! The event feed: the events of the log that the caller may read.

mod readable;

use std::sync::Arc;

use poem::Request;
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi, ResponseContent};

pub(crate) use self::readable::read_next;
use crate::auth::Auth;
use crate::cursor::{self, Query as CursorQuery};
use crate::log::{EventResource, EventScope, follow};
use crate::problem::Problem;
use crate::reply::List;
use crate::request_meta::{RequestMeta, accepts};
use crate::state::App;
use crate::stream::{Frames, Start, frames};
use crate::tag::Tag;

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

#[derive(Debug, Clone, Copy)]
pub struct FeedApi;

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
    #[expect(
        clippy::too_many_arguments,
        reason = "each is a parameter of the contract"
    )]
    async fn get_feed(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        /// An event id or a position; only later events are returned.
        after: Query<Option<String>>,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
        request: &Request,
    ) -> Result<Feed, Problem> {
        let limit = cursor::limit(limit.0)?;
        let query = CursorQuery {
            reader: auth.0.id,
            text: "feed",
        };
        let cursor: Option<i64> = app.parse_cursor(query, cursor.0.as_deref())?;
        let start = Start::parse(request, after.0.as_deref())?;
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        if accepts(request.headers(), "text/event-stream") {
            let start_position = app.resolve_start(&start.unwrap_or(Start::Now)).await?;
            let share = app.limits.stream(auth.0.id)?;
            let stream = follow(
                Arc::clone(app.0),
                auth.0,
                start_position,
                EventScope::Readable,
            );
            let frames = frames(share, stream);
            return Ok(Feed::Ok(
                FeedContent::Stream(frames),
                start_position.0.to_string(),
            ));
        }
        let start_position = match cursor {
            Some(cursor) => cursor,
            None => require_known_cursor(
                app.resolve_start(&start.unwrap_or(Start::Beginning))
                    .await?,
            )?,
        };
        let items = readable::read_page(&app, auth.0.id, (start_position, position), limit).await?;
        let last = items.last().filter(|_| items.len() == limit);
        let next_cursor = last.and_then(|last| app.cursor(query, &last.position));
        let list = List { items, next_cursor };
        Ok(Feed::Ok(
            FeedContent::Page(Json(list)),
            position.to_string(),
        ))
    }
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
