//! Streams the log, or the events in it that one user may read.

use futures_util::Stream;
use poem_openapi::types::ToJSON;
use std::sync::Arc;
use tokio::sync::mpsc;

use super::EventResource;
use crate::feed;
use crate::http::{Caller, Ctx, Problem};
use crate::state::App;
use crate::stream::{Frame, Frames, Outage, Start, frame_id, frames, wait_for_shutdown};

const PAGE: i64 = 200;
/// Frames that are buffered for a slow reader. When the buffer is full, reading the log pauses; nothing is dropped.
const BUFFER: usize = 256;

/// Which events a stream contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EventScope {
    /// All events, with personal text encrypted. For administrators.
    All,
    /// Events that the reader may read, decrypted.
    Readable,
}

impl EventScope {
    /// The next events after a position, and the position up to which the log was searched.
    async fn read_next(
        self,
        app: &App,
        caller: &Caller,
        after: i64,
    ) -> Result<(Vec<EventResource>, i64), Problem> {
        if self == Self::Readable {
            return feed::read_next(app, caller.id, after).await;
        }
        let rows = app.feed.read(after, PAGE).await?;
        let until = rows.last().map_or(after, |row| row.position);
        Ok((rows.into_iter().map(Into::into).collect(), until))
    }
}

/// Opens a stream for the caller, which starts now by default. Also returns the position at which it starts.
pub(crate) async fn open_stream(
    ctx: Ctx,
    start: Option<Start>,
    scope: EventScope,
) -> Result<(Frames, i64), Problem> {
    let start_position = ctx.resolve_start(&start.unwrap_or(Start::Now)).await?;
    let share = ctx.limits.stream(ctx.caller.id)?;
    let stream = follow(ctx.app, ctx.caller, start_position, scope);
    Ok((frames(share, stream), start_position.0))
}

/// Follows the log. `start_position.1` tells whether the log has the reader's cursor; if not, the first frame is a reset.
pub(crate) fn follow(
    app: Arc<App>,
    caller: Caller,
    start_position: (i64, bool),
    scope: EventScope,
) -> impl Stream<Item = Frame> + Send {
    let (sender, receiver) = mpsc::channel(BUFFER);
    #[expect(
        clippy::disallowed_methods,
        reason = "ends when the reader of its channel is gone"
    )]
    tokio::spawn(async move {
        let mut right = app.rights.watch(&caller, None);
        let mut closing = app.closing.subscribe();
        let reason = tokio::select! {
            problem = send_events(&app, &caller, start_position, scope, &sender) => problem.map(|problem| problem.code),
            reason = right.wait_until_lost() => Some(reason),
            () = wait_for_shutdown(&mut closing) => Some("restarting"),
            () = sender.closed() => None,
        };
        if let Some(reason) = reason {
            // The reader may be gone too.
            let _ = sender.send(Frame::closed(reason)).await;
        }
    });
    futures_util::stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|frame| (frame, receiver))
    })
}

/// Sends events until the reader is gone, or returns the problem that ends the stream.
async fn send_events(
    app: &App,
    caller: &Caller,
    (position, known): (i64, bool),
    scope: EventScope,
    sender: &mpsc::Sender<Frame>,
) -> Option<Problem> {
    if !known && sender.send(Frame::reset()).await.is_err() {
        return None;
    }
    let mut feed = app.feed.clone();
    let (mut epochs, mut epoch) = (feed.clone(), feed.epoch());
    let mut at = ReaderPosition {
        position,
        caught_up: false,
    };
    let mut outage = Outage::new();
    loop {
        match at.send_next(app, caller, scope, sender).await {
            Ok(()) => outage = Outage::new(),
            Err(problem) if outage.allows_retry(problem.code).await => continue,
            Err(problem) => return Some(problem),
        }
        tokio::select! {
            changed = epochs.wait_for_epoch_change(epoch) => {
                // The log was replaced (by a restore or failover): continue with the new one.
                epoch = changed;
                at = ReaderPosition {
                    position: app.feed.head(),
                    caught_up: false,
                };
                let _ = sender.send(Frame::reset()).await;
            }
            () = feed.wait_for_position(at.position) => {}
        }
    }
}

/// The position of a reader.
struct ReaderPosition {
    position: i64,
    /// Whether `stream.caught_up` was sent.
    caught_up: bool,
}

impl ReaderPosition {
    /// Sends the next events. Ignores a closed channel, which the caller notices.
    async fn send_next(
        &mut self,
        app: &App,
        caller: &Caller,
        scope: EventScope,
        sender: &mpsc::Sender<Frame>,
    ) -> Result<(), Problem> {
        let (events, until) = scope.read_next(app, caller, self.position).await?;
        for event in events {
            let _ = sender.send(frame(&event)).await;
        }
        self.position = until;
        if !self.caught_up && app.feed.head() <= until {
            let id = app.cursor_at(until).await?;
            let _ = sender.send(Frame::caught_up(id, until)).await;
            self.caught_up = true;
        }
        Ok(())
    }
}

fn frame(event: &EventResource) -> Frame {
    let id = frame_id(
        event.position,
        &hex::decode(&event.hash).unwrap_or_default(),
    );
    Frame::new("event", Some(id), event.to_json().unwrap_or_default())
}
