//! Following a conversation for one client.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use eventstore::live::{Delta, LiveFrame, Snapshot};
use eventstore::log::{self, RecordedEvent};
use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream::BoxStream;
use projections::conversation::{MessageView, queries as conversations};
use projections::response::{ResponseView, queries as responses};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use super::change::Change;
use super::frame::Frame;
use super::outage::Outage;
use super::{Frames, Start, Target, frame_id, frames};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;

/// Frames that wait for a slow reader at most.
const BUFFER: usize = 256;
/// How long a durable frame may wait for a reader that takes nothing, and for the views.
const PATIENCE: Duration = Duration::from_secs(30);
const PAGE: i64 = 200;
/// Events whose frames are made beside each other; they leave in their order.
const AT_ONCE: usize = 4;

/// The frames as server-sent events.
pub(crate) fn follow(
    app: Arc<App>,
    caller: Caller,
    target: Target,
    start: Start,
) -> Result<Frames, Problem> {
    let share = app.limits.stream(caller.id)?;
    Ok(frames(share, follow_frames(app, caller, target, start)))
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

/// What an event tells a reader: a frame, where it tells anything, and the run that it ends.
#[derive(Default)]
struct Made {
    frame: Option<Frame>,
    ended: Option<Uuid>,
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
    /// Sends frames until the reader goes, its right is lost, or the server stops.
    async fn run(mut self, start: Start) {
        let reader = self.sender.clone();
        let conversation = self.target.conversation_id;
        let mut right = self.app.rights.watch(&self.caller, Some(conversation));
        let mut closing = self.app.closing.subscribe();
        let end = tokio::select! {
            end = self.lead(start) => end,
            reason = right.lost() => Err(End::Closed(reason)),
            () = closes(&mut closing) => Err(End::Closed("restarting")),
            () = reader.closed() => Err(End::Gone),
        };
        match end {
            Err(End::Closed(reason)) => {
                // The reader may be gone as well.
                let _ = self.sender.send(Frame::closed(reason)).await;
            }
            Ok(()) | Err(End::Gone) => {}
        }
    }

    async fn lead(&mut self, start: Start) -> Result<(), End> {
        // Joined first: what is said from here on cannot be missed.
        let (snapshots, mut deltas) = self.app.live.subscribe(self.target.conversation_id);
        let mut epochs = self.app.feed.clone();
        let mut epoch = epochs.epoch();
        self.begin(&start).await?;
        if self.catch_up().await? {
            return Ok(());
        }
        self.send_caught_up().await?;
        for snapshot in &snapshots {
            self.snapshot(snapshot).await?;
        }
        let mut feed = self.app.feed.clone();
        loop {
            tokio::select! {
                changed = epochs.wait_for_epoch_change(epoch) => {
                    epoch = changed;
                    self.begin_again().await?;
                }
                () = feed.wait_for_position(self.position) => {
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
            }
        }
    }

    /// Finds the position to begin at; a cursor that the log does not have is reset to now.
    async fn begin(&mut self, start: &Start) -> Result<(), End> {
        let mut outage = Outage::new();
        let (position, known) = loop {
            match self.beginning(start).await {
                Ok(found) => break found,
                Err(problem) if outage.allows_retry(problem.code).await => {}
                Err(problem) => return Err(problem.into()),
            }
        };
        self.position = position;
        if !known {
            self.send(Frame::reset()).await?;
        }
        Ok(())
    }

    /// The log is another one than the reader was told of: what follows is of this one.
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

    async fn beginning(&self, start: &Start) -> Result<(i64, bool), Problem> {
        match start {
            Start::Beginning => Ok((self.before_request().await?, true)),
            start => self.app.begin(start).await,
        }
    }

    async fn send_caught_up(&self) -> Result<(), End> {
        let mut outage = Outage::new();
        loop {
            match self.app.id_at(self.position).await {
                Ok(id) => return self.send(Frame::caught_up(id, self.position)).await,
                Err(problem) if outage.allows_retry(problem.code).await => {}
                Err(problem) => return Err(problem.into()),
            }
        }
    }

    /// The position before the request of the run that is followed.
    async fn before_request(&self) -> Result<i64, Problem> {
        let Some(id) = self.target.response else {
            return Ok(0);
        };
        Ok(
            log::first_position(&self.app.pool, "response", &id.to_string())
                .await?
                .map_or(0, |position| position - 1),
        )
    }

    /// Sends everything durable after the last position; true when the run that is followed has ended. While the
    /// database is away it tries again from the event that it could not send.
    async fn catch_up(&mut self) -> Result<bool, End> {
        let mut outage = Outage::new();
        loop {
            let before = self.position;
            let done = self.try_catch_up().await;
            if self.position > before {
                outage = Outage::new();
            }
            match done {
                Err(End::Closed(code)) if outage.allows_retry(code).await => {}
                done => return done,
            }
        }
    }

    async fn try_catch_up(&mut self) -> Result<bool, End> {
        let head = self.app.feed.head();
        let scope = self.target.conversation_id.to_string();
        loop {
            let rows = self.app.feed.read_scope(&scope, self.position, PAGE);
            let rows = rows.await?;
            if rows.is_empty() {
                self.position = self.position.max(head);
                return Ok(false);
            }
            for rows in rows.chunks(AT_ONCE) {
                let made = rows.iter().map(|row| self.made_of(row));
                for (row, made) in rows.iter().zip(join_all(made).await) {
                    if self.pass_on(made?).await? {
                        return Ok(true);
                    }
                    self.position = row.position;
                }
            }
        }
    }

    /// What an event tells.
    async fn made_of(&self, row: &RecordedEvent) -> Result<Made, End> {
        let id = frame_id(row.position, &row.hash);
        let whole = self.target.response.is_none();
        let frame = match Change::of(row) {
            Some(Change::Erased) => return Err(End::Closed("not_found")),
            Some(change @ Change::Run { id: run, .. }) if self.target.wants(run) => {
                return self.run_frame(row, change, run).await;
            }
            Some(Change::Message(message)) if whole => {
                Frame::message(id, &self.message_at(row, message).await?.into())
            }
            Some(Change::Read {
                user_id,
                message_id,
            }) if whole => {
                let conversation = self.target.conversation_id;
                Frame::read(id, (conversation, row.recorded_at), (user_id, message_id))
            }
            Some(Change::Conversation) if whole => {
                self.reach(row.position).await?;
                let (pool, reader) = (&self.app.pool, self.caller.id);
                match conversations::find(pool, reader, self.target.conversation_id).await? {
                    Some(conversation) => Frame::conversation(id, conversation.into()),
                    None => return Err(self.missing().await?),
                }
            }
            Some(_) | None => return Ok(Made::default()),
        };
        Ok(Made {
            frame: Some(frame),
            ended: None,
        })
    }

    /// Sends what an event tells; true when it ends the run that is followed.
    async fn pass_on(&mut self, made: Made) -> Result<bool, End> {
        if let Some(frame) = made.frame {
            self.send(frame).await?;
        }
        let Some(run) = made.ended else {
            return Ok(false);
        };
        self.heard.insert(run, u64::MAX);
        self.app.live.finish(self.target.conversation_id, run);
        Ok(self.target.response.is_some())
    }

    async fn message_at(&self, row: &RecordedEvent, id: Uuid) -> Result<MessageView, End> {
        self.reach(row.position).await?;
        match conversations::message(&self.app.pool, self.caller.id, id).await? {
            Some(message) => Ok(message),
            None => Err(self.missing().await?),
        }
    }

    /// A run and its message after an event of it.
    async fn run_frame(&self, row: &RecordedEvent, change: Change, run: Uuid) -> Result<Made, End> {
        let Change::Run {
            kind,
            attempt,
            is_last,
            ..
        } = change
        else {
            return Ok(Made::default());
        };
        let (view, message) = self.run_at(row, run, attempt).await?;
        let id = frame_id(row.position, &row.hash);
        Ok(Made {
            frame: Some(Frame::run(kind, id, &view.into(), &message.into())),
            ended: is_last.then_some(run),
        })
    }

    /// The run as it is after an event of it. That it was begun needs no view that has passed the event: deltas wait
    /// for this frame, and the row of the request with the event laid over it says the same.
    async fn run_at(
        &self,
        row: &RecordedEvent,
        run: Uuid,
        attempt: Option<u32>,
    ) -> Result<(ResponseView, MessageView), End> {
        if let Some(attempt) = attempt
            && let Some((mut view, message)) = self.written(run).await?
            // It may have ended while both rows were read: they must be of one moment.
            && view.ended_at.is_none()
        {
            view.begin(attempt, row.recorded_at);
            return Ok((view, message));
        }
        self.reach(row.position).await?;
        match self.written(run).await? {
            Some(found) => Ok(found),
            None => Err(self.missing().await?),
        }
    }

    /// A run and the message that it writes.
    async fn written(&self, id: Uuid) -> Result<Option<(ResponseView, MessageView)>, End> {
        let (pool, reader) = (&self.app.pool, self.caller.id);
        let (view, message) = tokio::try_join!(
            responses::find(pool, reader, id),
            conversations::message_of_run(pool, reader, id)
        )?;
        Ok(view.zip(message))
    }

    /// Waits until the views show a position.
    async fn reach(&self, position: i64) -> Result<(), End> {
        match self.app.progress.reach(position, PATIENCE).await? >= position {
            true => Ok(()),
            false => Err(End::Closed("projection_behind")),
        }
    }

    /// The end of a stream that cannot go on, as the views do not show what it must send.
    async fn missing(&self) -> Result<End, End> {
        let (reader, conversation) = (self.caller.id, self.target.conversation_id);
        Ok(self.app.why_missing(reader, conversation).await?.into())
    }

    async fn live(
        &mut self,
        said: Result<LiveFrame, RecvError>,
        deltas: &mut Receiver<LiveFrame>,
    ) -> Result<(), End> {
        match said {
            Ok(_) if self.behind => Ok(()),
            Ok(LiveFrame::Delta(delta)) => {
                self.delta(&delta);
                Ok(())
            }
            Ok(LiveFrame::Snapshot(snapshot)) => self.snapshot(&snapshot).await,
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
    async fn refresh(&mut self, deltas: &mut Receiver<LiveFrame>) -> Result<(), End> {
        if self.sender.capacity() == 0 {
            self.behind = true;
            return Ok(());
        }
        self.behind = false;
        let (snapshots, fresh) = self.app.live.subscribe(self.target.conversation_id);
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
