//! The event feed: the log for everybody, as far as they may read it.

mod readable;

use std::sync::Arc;

use poem::Request;
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi, ResponseContent};

pub(crate) use self::readable::next;
use crate::answer::List;
use crate::auth::Auth;
use crate::cursor::{self, Query as CursorQuery};
use crate::head::{Head, accepts};
use crate::log::{EventResource, Part, follow};
use crate::problem::Problem;
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
        /// The position that a page shows, or at which a stream begins.
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
        head: Head,
        /// An event id or a position: only what came after it.
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
        let position = app.read_position(auth.0.id, head.min_position).await?;
        if accepts(request.headers(), "text/event-stream") {
            let begin = app.begin(&start.unwrap_or(Start::Now)).await?;
            let share = app.limits.stream(auth.0.id)?;
            let followed = follow(Arc::clone(app.0), auth.0, begin, Part::Readable);
            let frames = frames(share, followed);
            return Ok(Feed::Ok(FeedContent::Stream(frames), begin.0.to_string()));
        }
        let begin = match cursor {
            Some(cursor) => cursor,
            None => known(app.begin(&start.unwrap_or(Start::Beginning)).await?)?,
        };
        let items = readable::page(&app, auth.0.id, (begin, position), limit).await?;
        let last = items.last().filter(|_| items.len() == limit);
        let next_cursor = last.and_then(|last| app.cursor(query, &last.position));
        let list = List { items, next_cursor };
        Ok(Feed::Ok(
            FeedContent::Page(Json(list)),
            position.to_string(),
        ))
    }
}

/// A page has no frame to say that it begins elsewhere than was asked.
fn known((position, known): (i64, bool)) -> Result<i64, Problem> {
    if known {
        return Ok(position);
    }
    Err(Problem::unreadable(
        "after",
        "unknown_cursor",
        "the log does not have this cursor; read again from the start",
    ))
}
