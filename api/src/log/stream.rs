//! The log as a stream, or the part of it that one person may read.

use std::sync::Arc;

use eventstore::chain::unhex;
use futures_util::Stream;
use poem_openapi::types::ToJSON;
use tokio::sync::mpsc;

use super::EventResource;
use crate::auth::Caller;
use crate::feed;
use crate::problem::Problem;
use crate::state::App;
use crate::stream::{Frame, Outage, closes, frame_id};

const PAGE: i64 = 200;
/// Frames that wait for a slow reader at most: it is the log that waits, nothing is dropped.
const BUFFER: usize = 256;

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
        let mut right = app.rights.watch(&caller, None);
        let mut closing = app.closing.subscribe();
        let reason = tokio::select! {
            problem = lead(&app, &caller, begin, part, &sender) => problem.map(|problem| problem.code),
            reason = right.lost() => Some(reason),
            () = closes(&mut closing) => Some("restarting"),
            () = sender.closed() => None,
        };
        if let Some(reason) = reason {
            // The reader may be gone as well.
            let _ = sender.send(Frame::closed(reason)).await;
        }
    });
    futures_util::stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|frame| (frame, receiver))
    })
}

/// Sends events for ever; ends where the reader has gone, or with the reason why it cannot go on.
async fn lead(
    app: &App,
    caller: &Caller,
    (position, known): (i64, bool),
    part: Part,
    sender: &mpsc::Sender<Frame>,
) -> Option<Problem> {
    if !known && sender.send(Frame::reset()).await.is_err() {
        return None;
    }
    let mut feed = app.feed.clone();
    let (mut epochs, mut epoch) = (feed.clone(), feed.epoch());
    let mut at = Place {
        position,
        caught_up: false,
    };
    let mut outage = Outage::new();
    loop {
        match at.send_next(app, caller, part, sender).await {
            Ok(()) => outage = Outage::new(),
            Err(problem) if outage.allows_retry(problem.code).await => continue,
            Err(problem) => return Some(problem),
        }
        tokio::select! {
            changed = epochs.wait_for_epoch_change(epoch) => {
                // The log is another one than the reader was told of: what follows is of this one.
                epoch = changed;
                at = Place {
                    position: app.feed.head(),
                    caught_up: false,
                };
                let _ = sender.send(Frame::reset()).await;
            }
            () = feed.wait_for_position(at.position) => {}
        }
    }
}

/// How far a reader is.
struct Place {
    position: i64,
    /// Whether it was told once that it has reached the end of the log.
    caught_up: bool,
}

impl Place {
    /// Sends the next events. A reader that has gone is noticed by who waits for this.
    async fn send_next(
        &mut self,
        app: &App,
        caller: &Caller,
        part: Part,
        sender: &mpsc::Sender<Frame>,
    ) -> Result<(), Problem> {
        let (events, until) = part.next(app, caller, self.position).await?;
        for event in events {
            let _ = sender.send(frame(&event)).await;
        }
        self.position = until;
        if !self.caught_up && app.feed.head() <= until {
            let id = app.id_at(until).await?;
            let _ = sender.send(Frame::caught_up(id, until)).await;
            self.caught_up = true;
        }
        Ok(())
    }
}

fn frame(event: &EventResource) -> Frame {
    let id = frame_id(event.position, &unhex(&event.hash).unwrap_or_default());
    Frame::new("event", Some(id), event.to_json().unwrap_or_default())
}
