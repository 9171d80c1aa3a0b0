//! The log as a stream, or the part of it that one person may read.

use std::sync::Arc;
use std::time::Duration;

use eventstore::chain::unhex;
use futures_util::Stream;
use poem_openapi::types::ToJSON;
use tokio::sync::mpsc;

use super::EventResource;
use crate::auth::Caller;
use crate::feed;
use crate::problem::Problem;
use crate::state::App;
use crate::stream::{Frame, closes, frame_id};

const PAGE: i64 = 200;
/// Frames that wait for a slow reader at most: it is the log that waits, nothing is dropped.
const BUFFER: usize = 256;
/// How often the reader's right is looked at.
const RIGHTS: Duration = Duration::from_secs(2);

/// Which events are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// All of them, sealed as they are stored. For administrators.
    Whole,
    /// Those that the reader may read, opened.
    Readable,
}

impl Part {
    /// The next events after a position, and up to where the log was looked at.
    async fn next(
        self,
        app: &App,
        caller: &Caller,
        after: i64,
    ) -> Result<(Vec<EventResource>, i64), Problem> {
        if self == Self::Readable {
            return feed::next(app, caller.id, after).await;
        }
        let rows = app.feed.read(after, PAGE).await?;
        let until = rows.last().map_or(after, |row| row.position);
        Ok((rows.into_iter().map(Into::into).collect(), until))
    }
}

/// Follows the log from a position; `known` tells whether it is that of the reader's cursor.
pub(crate) fn follow(
    app: Arc<App>,
    caller: Caller,
    begin: (i64, bool),
    part: Part,
) -> impl Stream<Item = Frame> + Send {
    let (sender, receiver) = mpsc::channel(BUFFER);
    tokio::spawn(async move {
        if let Err(problem) = lead(&app, &caller, begin, part, &sender).await {
            // The reader may be gone as well.
            let _ = sender.send(Frame::closed(problem.code)).await;
        }
    });
    futures_util::stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|frame| (frame, receiver))
    })
}

async fn lead(
    app: &App,
    caller: &Caller,
    (mut position, known): (i64, bool),
    part: Part,
    sender: &mpsc::Sender<Frame>,
) -> Result<(), Problem> {
    if !known && sender.send(Frame::reset()).await.is_err() {
        return Ok(());
    }
    let mut feed = app.feed.clone();
    let mut epochs = feed.clone();
    let mut epoch = epochs.epoch();
    let mut caught_up = false;
    let mut rights = tokio::time::interval(RIGHTS);
    let mut closing = app.closing.subscribe();
    loop {
        let (events, until) = part.next(app, caller, position).await?;
        for event in events {
            if sender.send(frame(&event)).await.is_err() {
                return Ok(());
            }
        }
        position = until;
        if !caught_up && feed.head() <= position {
            caught_up = true;
            let id = app.id_at(position).await?;
            if sender.send(Frame::caught_up(id, position)).await.is_err() {
                return Ok(());
            }
        }
        tokio::select! {
            changed = epochs.after_epoch(epoch) => {
                // The log is another one than the reader was told of: what follows is told of this one.
                (epoch, position, caught_up) = (changed, app.feed.head(), false);
                if sender.send(Frame::reset()).await.is_err() {
                    return Ok(());
                }
            }
            () = feed.beyond(position) => {}
            () = closes(&mut closing) => return Err(Problem::unavailable("restarting", "the server stops")),
            () = sender.closed() => return Ok(()),
            _ = rights.tick() => if !app.may_go_on(caller).await {
                return Err(Problem::unauthorized("the session has ended"));
            },
        }
    }
}

fn frame(event: &EventResource) -> Frame {
    let id = frame_id(event.position, &unhex(&event.hash).unwrap_or_default());
    Frame::new("event", Some(id), event.to_json().unwrap_or_default())
}
