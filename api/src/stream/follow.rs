//! Following a conversation for one client.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::Event;
use domain::conversation::ConversationEvent;
use domain::response::ResponseEvent;
use eventstore::live::{Delta, Said, Snapshot};
use eventstore::log::{self, OpenedEvent};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use projections::conversation::{MessageView, queries as conversations};
use projections::response::{ResponseView, queries as responses};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use super::frame::Frame;
use super::{Frames, Start, Target, frame_id, frames};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;

/// Frames that wait for a slow reader at most.
const BUFFER: usize = 256;
/// How often the reader's right is looked at.
const RIGHTS: Duration = Duration::from_secs(2);
/// How long a durable frame may wait for a reader that takes nothing.
const PATIENCE: Duration = Duration::from_secs(30);
const PAGE: i64 = 200;

/// The frames as server-sent events.
pub(crate) fn follow(app: Arc<App>, caller: Caller, target: Target, start: Start) -> Frames {
    frames(follow_frames(app, caller, target, start))
}

/// Starts a task that feeds a stream until its reader goes.
pub(crate) fn follow_frames(
    app: Arc<App>,
    caller: Caller,
    target: Target,
    start: Start,
) -> BoxStream<'static, Frame> {
    let (sender, receiver) = mpsc::channel(BUFFER);
    let follower = Follower {
        app,
        caller,
        target,
        sender,
        position: 0,
        heard: HashMap::new(),
        behind: false,
    };
    tokio::spawn(follower.run(start));
    futures_util::stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|frame| (frame, receiver))
    })
    .boxed()
}

/// Why a stream ends.
enum End {
    /// The reader has gone.
    Gone,
    /// We close it, and say why.
    Closed(&'static str),
}

impl From<Problem> for End {
    fn from(problem: Problem) -> Self {
        Self::Closed(problem.code)
    }
}

impl From<sqlx::Error> for End {
    fn from(error: sqlx::Error) -> Self {
        Problem::from(error).into()
    }
}

struct Follower {
    app: Arc<App>,
    caller: Caller,
    target: Target,
    sender: mpsc::Sender<Frame>,
    /// The last position that was looked at.
    position: i64,
    /// The last `seq` sent of each running answer.
    heard: HashMap<Uuid, u64>,
    /// Deltas were dropped for this reader: the next thing it gets of a run is a snapshot.
    behind: bool,
}

impl Follower {
    async fn run(mut self, start: Start) {
        match self.lead(start).await {
            Err(End::Closed(reason)) => {
                // The reader may be gone as well.
                let _ = self.sender.send(Frame::closed(reason)).await;
            }
            Ok(()) | Err(End::Gone) => {}
        }
    }

    async fn lead(&mut self, start: Start) -> Result<(), End> {
        // Joined first: what is said from here on cannot be missed.
        let (snapshots, mut deltas) = self.app.live.join(self.target.conversation_id);
        let mut epochs = self.app.feed.clone();
        let mut epoch = epochs.epoch();
        self.begin(start).await?;
        if self.catch_up().await? {
            return Ok(());
        }
        let position = self.position;
        let id = self.app.id_at(position).await?;
        self.send(Frame::caught_up(id, position)).await?;
        for snapshot in &snapshots {
            self.snapshot(snapshot).await?;
        }
        let mut rights = tokio::time::interval(RIGHTS);
        let mut feed = self.app.feed.clone();
        let mut closing = self.app.closing.subscribe();
        loop {
            tokio::select! {
                () = closes(&mut closing) => return Err(End::Closed("restarting")),
                changed = epochs.after_epoch(epoch) => {
                    epoch = changed;
                    self.begin_again().await?;
                }
                () = feed.beyond(self.position) => {
                    if self.catch_up().await? {
                        return Ok(());
                    }
                }
                () = room(&self.sender), if self.behind => self.refresh(&mut deltas).await?,
                delta = deltas.recv() => {
                    // A run's start is durable before its first delta: it must reach the reader first as well.
                    if self.app.feed.head() > self.position && self.catch_up().await? {
                        return Ok(());
                    }
                    self.live(delta, &mut deltas).await?;
                }
                _ = rights.tick() => self.still_allowed().await?,
                () = self.sender.closed() => return Err(End::Gone),
            }
        }
    }

    /// Finds the position to begin at; a cursor that the log does not have is reset to now.
    async fn begin(&mut self, start: Start) -> Result<(), End> {
        if start == Start::Beginning {
            self.position = self.before_request().await?;
            return Ok(());
        }
        let (position, known) = self.app.begin(&start).await?;
        self.position = position;
        if !known {
            self.send(Frame::reset()).await?;
        }
        Ok(())
    }

    /// The log is another one than the reader was told of: what follows is told of this one.
    async fn begin_again(&mut self) -> Result<(), End> {
        self.send(Frame::reset()).await?;
        self.position = match self.target.response {
            Some(_) => self.before_request().await?,
            None => self.app.feed.head(),
        };
        self.heard.clear();
        self.behind = true;
        Ok(())
    }

    /// The position before the request of the run that is followed.
    async fn before_request(&self) -> Result<i64, End> {
        let Some(id) = self.target.response else {
            return Ok(0);
        };
        Ok(
            log::first_position(&self.app.pool, "response", &id.to_string())
                .await?
                .map_or(0, |position| position - 1),
        )
    }

    /// Sends everything durable after the last position; true when the run that is followed has ended.
    async fn catch_up(&mut self) -> Result<bool, End> {
        let head = self.app.feed.head();
        loop {
            let scope = self.target.conversation_id.to_string();
            let rows = self
                .app
                .feed
                .read_scope(&scope, self.position, PAGE)
                .await?;
            if rows.is_empty() {
                self.position = self.position.max(head);
                return Ok(false);
            }
            let events = log::open(&self.app.log, &self.app.keys, rows)
                .await
                .map_err(Problem::from)?;
            for event in &events {
                if self.durable(event).await? {
                    return Ok(true);
                }
                self.position = event.position;
            }
        }
    }

    /// Sends what an event tells; true when it ends the run that is followed.
    async fn durable(&mut self, event: &OpenedEvent) -> Result<bool, End> {
        let id = frame_id(event.position, &event.hash);
        match &event.event {
            Event::Conversation(
                ConversationEvent::MessagePosted { message_id, .. }
                | ConversationEvent::MessageImported { message_id, .. },
            ) if self.target.response.is_none() => {
                self.app.progress.reach(event.position, PATIENCE).await?;
                let message =
                    conversations::message(&self.app.pool, self.caller.id, *message_id).await?;
                let message = message.ok_or(End::Closed("not_found"))?;
                self.send(Frame::message(id, &message.into())).await?;
                Ok(false)
            }
            Event::Conversation(ConversationEvent::ReadMarkerMoved {
                user_id,
                message_id,
            }) if self.target.response.is_none() => {
                let read = (*user_id, *message_id);
                self.send(Frame::read(id, event, read)).await?;
                Ok(false)
            }
            Event::Conversation(change) if self.target.response.is_none() && shows(change) => {
                self.app.progress.reach(event.position, PATIENCE).await?;
                let (pool, reader) = (&self.app.pool, self.caller.id);
                let found = conversations::find(pool, reader, event.aggregate_id).await?;
                let conversation = found.ok_or(End::Closed("not_found"))?;
                self.send(Frame::conversation(id, conversation.into()))
                    .await?;
                Ok(false)
            }
            Event::Response(response) => {
                let run = event.aggregate_id;
                let followed = self.target.wants(run);
                let Some((kind, last)) = run_frame(response).filter(|_| followed) else {
                    return Ok(false);
                };
                let (view, message) = self.run_at(event, response).await?;
                self.send(Frame::run(kind, id, &view.into(), &message.into()))
                    .await?;
                if last {
                    self.heard.insert(run, u64::MAX);
                    self.app.live.end(self.target.conversation_id, run);
                }
                Ok(last && self.target.response.is_some())
            }
            _ => Ok(false),
        }
    }

    /// The run as it is after an event of it. That it was begun needs no view that has passed the event: deltas wait
    /// for this frame, and the row of the request with the event laid over it says the same.
    async fn run_at(
        &self,
        at: &OpenedEvent,
        event: &ResponseEvent,
    ) -> Result<(ResponseView, MessageView), End> {
        if let ResponseEvent::ResponseStarted { attempt, .. } = event
            && let Ok((mut view, message)) = self.written(at.aggregate_id).await
        {
            view.begin(*attempt, at.recorded_at);
            return Ok((view, message));
        }
        self.app.progress.reach(at.position, PATIENCE).await?;
        self.written(at.aggregate_id).await
    }

    /// A run and the message that it writes.
    async fn written(&self, id: Uuid) -> Result<(ResponseView, MessageView), End> {
        let (pool, reader) = (&self.app.pool, self.caller.id);
        let (view, message) = tokio::try_join!(
            responses::find(pool, reader, id),
            conversations::message_of_run(pool, reader, id)
        )?;
        view.zip(message).ok_or(End::Closed("not_found"))
    }

    async fn live(
        &mut self,
        said: Result<Said, RecvError>,
        deltas: &mut Receiver<Said>,
    ) -> Result<(), End> {
        match said {
            Ok(_) if self.behind => Ok(()),
            Ok(Said::Delta(delta)) => {
                self.delta(&delta);
                Ok(())
            }
            Ok(Said::Snapshot(snapshot)) => self.snapshot(&snapshot).await,
            Err(RecvError::Lagged(_)) => self.refresh(deltas).await,
            Err(RecvError::Closed) => Err(End::Closed("restarting")),
        }
    }

    /// Sends a delta, unless the reader is too slow for it or has it already.
    fn delta(&mut self, delta: &Delta) {
        let heard = self.heard.entry(delta.response_id).or_default();
        let wanted = self.target.wants(delta.response_id);
        if delta.seq <= *heard || !wanted {
            return;
        }
        match self.sender.try_send(Frame::delta(delta)) {
            Ok(()) => *heard = delta.seq,
            Err(_) => self.behind = true,
        }
    }

    /// Brings a reader that fell behind up to date with one snapshot per run.
    async fn refresh(&mut self, deltas: &mut Receiver<Said>) -> Result<(), End> {
        if self.sender.capacity() == 0 {
            self.behind = true;
            return Ok(());
        }
        self.behind = false;
        let (snapshots, fresh) = self.app.live.join(self.target.conversation_id);
        *deltas = fresh;
        for snapshot in &snapshots {
            self.snapshot(snapshot).await?;
        }
        Ok(())
    }

    async fn snapshot(&mut self, snapshot: &Snapshot) -> Result<(), End> {
        let heard = self.heard.entry(snapshot.response_id).or_default();
        let wanted = self.target.wants(snapshot.response_id);
        if snapshot.seq <= *heard || !wanted {
            return Ok(());
        }
        *heard = snapshot.seq;
        self.send(Frame::snapshot(snapshot)).await
    }

    /// Ends the stream of a reader whose session or right has ended.
    async fn still_allowed(&self) -> Result<(), End> {
        if let Some(session) = self.caller.session {
            let state = self.app.session(session).await?;
            if !state.is_some_and(|state| state.usable) {
                return Err(End::Closed("unauthorized"));
            }
        }
        let conversation =
            conversations::find(&self.app.pool, self.caller.id, self.target.conversation_id)
                .await?;
        conversation.map(|_| ()).ok_or(End::Closed("not_found"))
    }

    async fn send(&self, frame: Frame) -> Result<(), End> {
        match tokio::time::timeout(PATIENCE, self.sender.send(frame)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }
}

/// Waits until the reader has taken something.
async fn room(sender: &mpsc::Sender<Frame>) {
    // A reader that has gone is noticed elsewhere.
    let _ = sender.reserve().await;
}

/// Waits until the server stops.
pub(crate) async fn closes(closing: &mut watch::Receiver<bool>) {
    // The sender lives in the state, as long as any stream does.
    let _ = closing.wait_for(|closing| *closing).await;
}

/// Whether an event changes what a list of conversations shows, and is no message.
fn shows(event: &ConversationEvent) -> bool {
    match event {
        ConversationEvent::TitleChanged { .. }
        | ConversationEvent::AssistantChosen { .. }
        | ConversationEvent::ConversationPinned {}
        | ConversationEvent::ConversationUnpinned {}
        | ConversationEvent::ConversationArchived {}
        | ConversationEvent::ConversationUnarchived {}
        | ConversationEvent::ConversationTrashed {}
        | ConversationEvent::ConversationRestored {} => true,
        ConversationEvent::ConversationStarted { .. }
        | ConversationEvent::ConversationImported { .. }
        | ConversationEvent::MessagePosted { .. }
        | ConversationEvent::AnswerAdded { .. }
        | ConversationEvent::MessageImported { .. }
        | ConversationEvent::ReadMarkerMoved { .. }
        | ConversationEvent::FeedbackGiven { .. }
        | ConversationEvent::ConversationErased {} => false,
    }
}

/// The frame of a run's event and whether it is the run's last.
fn run_frame(event: &ResponseEvent) -> Option<(&'static str, bool)> {
    match event {
        ResponseEvent::ResponseStarted { .. } => Some(("response.started", false)),
        ResponseEvent::ResponseCompleted { .. } => Some(("response.completed", true)),
        ResponseEvent::ResponseFailed { .. } => Some(("response.failed", true)),
        ResponseEvent::ResponseInterrupted { .. } => Some(("response.interrupted", true)),
        ResponseEvent::ResponseCancelled { .. } => Some(("response.cancelled", true)),
        ResponseEvent::ResponseRequested { .. } | ResponseEvent::CancellationRequested { .. } => {
            None
        }
    }
}
