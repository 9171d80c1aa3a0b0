//! The log as a stream, for administrators: every event in order, sealed as it is stored.

use std::sync::Arc;
use std::time::Duration;

use futures_util::Stream;
use poem_openapi::types::ToJSON;
use tokio::sync::mpsc;

use super::EventResource;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::stream::{Frame, closes, frame_id};

const PAGE: i64 = 200;
/// Frames that wait for a slow reader at most: it is the log that waits, nothing is dropped.
const BUFFER: usize = 256;
/// How often the reader's right is looked at.
const RIGHTS: Duration = Duration::from_secs(2);

/// Follows the log from a position; `known` tells whether it is that of the reader's cursor.
pub(super) fn follow(
    app: Arc<App>,
    caller: Caller,
    begin: (i64, bool),
) -> impl Stream<Item = Frame> + Send {
    let (sender, receiver) = mpsc::channel(BUFFER);
    tokio::spawn(async move {
        if let Err(problem) = lead(&app, &caller, begin, &sender).await {
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
    sender: &mpsc::Sender<Frame>,
) -> Result<(), Problem> {
    if !known && sender.send(Frame::reset()).await.is_err() {
        return Ok(());
    }
    let mut feed = app.feed.clone();
    let mut caught_up = false;
    let mut rights = tokio::time::interval(RIGHTS);
    let mut closing = app.closing.subscribe();
    loop {
        for event in feed.read(position, PAGE).await? {
            position = event.position;
            let id = frame_id(position, &event.hash);
            let data = EventResource::from(event).to_json().unwrap_or_default();
            if sender
                .send(Frame::new("event", Some(id), data))
                .await
                .is_err()
            {
                return Ok(());
            }
        }
        if !caught_up && feed.head() <= position {
            caught_up = true;
            let id = app.id_at(position).await?;
            if sender.send(Frame::caught_up(id, position)).await.is_err() {
                return Ok(());
            }
        }
        tokio::select! {
            () = feed.beyond(position) => {}
            () = closes(&mut closing) => return Err(Problem::unavailable("restarting", "the server stops")),
            () = sender.closed() => return Ok(()),
            _ = rights.tick() => if !app.may_go_on(caller).await {
                return Err(Problem::unauthorized("the session has ended"));
            },
        }
    }
}
