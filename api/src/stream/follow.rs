//! Follows a conversation for one client.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use eventstore::log::{self, RecordedEvent};
use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream::BoxStream;
use projections::conversation::{MessageView, queries as conversations};
use projections::response::{ResponseView, queries as responses};
use runtime::live::{Delta, LiveFrame, Snapshot};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use super::change::Change;
use super::frame::Frame;
use super::outage::Outage;
use super::{Frames, Start, Target, frame_id, frames};
use crate::http::{Caller, Problem};
use crate::state::App;

/// Frames that are buffered for a slow reader.
const BUFFER: usize = 256;
/// How long a durable frame may wait for a stalled reader, and for the views.
const PATIENCE: Duration = Duration::from_secs(30);
const PAGE: i64 = 200;
/// Events whose frames are built concurrently; they are sent in order.
const AT_ONCE: usize = 4;

/// Follows a target as server-sent events.
pub(crate) fn follow(
    app: Arc<App>,
    caller: Caller,
    target: Target,
    start: Start,
) -> Result<Frames, Problem> {
    let share = app.limits.stream(caller.id)?;
    Ok(frames(share, follow_frames(app, caller, target, start)))
}

/// Starts a task that sends frames until its reader is gone.
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
        sent_seq: HashMap::new(),
        behind: false,
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "ends when the reader of its channel is gone"
    )]
    tokio::spawn(follower.run(start));
    futures_util::stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|frame| (frame, receiver))
    })
    .boxed()
}

/// The frame of an event, if it has one, and the run that it ends.
#[derive(Default)]
struct EventFrame {
    frame: Option<Frame>,
    ended: Option<Uuid>,
}

/// Why a stream ends.
enum End {
    /// The reader is gone.
    Gone,
    /// The server closes the stream for a reason.
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
    /// The last position that was processed.
    position: i64,
    /// The last `seq` that was sent for each run.
    sent_seq: HashMap<Uuid, u64>,
    /// Deltas were dropped for this reader, so it gets a snapshot next.
    behind: bool,
}

impl Follower {
    /// Sends frames until the reader is gone, has lost access, or the server stops.
    async fn run(mut self, start: Start) {
        let reader = self.sender.clone();
        let conversation = self.target.conversation_id;
        let mut right = self.app.rights.watch(&self.caller, Some(conversation));
        let mut closing = self.app.closing.subscribe();
        let end = tokio::select! {
            end = self.send_frames(start) => end,
            reason = right.wait_until_lost() => Err(End::Closed(reason)),
            () = wait_for_shutdown(&mut closing) => Err(End::Closed("restarting")),
            () = reader.closed() => Err(End::Gone),
        };
        match end {
            Err(End::Closed(reason)) => {
                // The reader may be gone too.
                let _ = self.sender.send(Frame::closed(reason)).await;
            }
            Ok(()) | Err(End::Gone) => {}
        }
    }

    async fn send_frames(&mut self, start: Start) -> Result<(), End> {
        // Subscribe first, so that no delta is missed from here on.
        let (snapshots, mut deltas) = self.app.live.subscribe(self.target.conversation_id);
        let mut epochs = self.app.feed.clone();
        let mut epoch = epochs.epoch();
        self.start(&start).await?;
        if self.catch_up().await? {
            return Ok(());
        }
        self.send_caught_up().await?;
        for snapshot in &snapshots {
            self.send_snapshot(snapshot).await?;
        }
        let mut feed = self.app.feed.clone();
        loop {
            tokio::select! {
                changed = epochs.wait_for_epoch_change(epoch) => {
                    epoch = changed;
                    self.restart().await?;
                }
                () = feed.wait_for_position(self.position) => {
                    if self.catch_up().await? {
                        return Ok(());
                    }
                }
                () = wait_for_capacity(&self.sender), if self.behind => self.refresh(&mut deltas).await?,
                delta = deltas.recv() => {
                    // The start of a run is durable before its first delta, and must also be sent first.
                    if self.app.feed.head() > self.position && self.catch_up().await? {
                        return Ok(());
                    }
                    self.handle_live(delta, &mut deltas).await?;
                }
            }
        }
    }

    /// Finds the position to start at. For an unknown cursor, sends a reset and starts now.
    async fn start(&mut self, start: &Start) -> Result<(), End> {
        let mut outage = Outage::new();
        let (position, known) = loop {
            match self.start_position(start).await {
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

    /// Restarts after the log was replaced (by a restore or failover).
    async fn restart(&mut self) -> Result<(), End> {
        self.send(Frame::reset()).await?;
        self.position = match self.target.response {
            Some(_) => self.before_request().await?,
            None => self.app.feed.head(),
        };
        self.sent_seq.clear();
        self.behind = true;
        Ok(())
    }

    async fn start_position(&self, start: &Start) -> Result<(i64, bool), Problem> {
        match start {
            Start::Beginning => Ok((self.before_request().await?, true)),
            Start::Now | Start::After(..) | Start::Unknown => self.app.resolve_start(start).await,
        }
    }

    async fn send_caught_up(&self) -> Result<(), End> {
        let mut outage = Outage::new();
        loop {
            match self.app.cursor_at(self.position).await {
                Ok(id) => return self.send(Frame::caught_up(id, self.position)).await,
                Err(problem) if outage.allows_retry(problem.code).await => {}
                Err(problem) => return Err(problem.into()),
            }
        }
    }

    /// The position before the request of the followed run.
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

    /// Sends all durable frames after the last position. Returns true if the followed run has ended. While the database
    /// is unavailable, it retries from the event that it could not send.
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
                let frame = rows.iter().map(|row| self.frame_for(row));
                for (row, frame) in rows.iter().zip(join_all(frame).await) {
                    if self.deliver(frame?).await? {
                        return Ok(true);
                    }
                    self.position = row.position;
                }
            }
        }
    }

    /// Builds the frame of an event.
    async fn frame_for(&self, row: &RecordedEvent) -> Result<EventFrame, End> {
        let id = frame_id(row.position, &row.hash);
        let whole = self.target.response.is_none();
        let frame = match Change::from_event(row) {
            Some(Change::Erased) => return Err(End::Closed("not_found")),
            Some(change @ Change::Run { id: run, .. }) if self.target.wants(run) => {
                return self.run_frame(row, change, run).await;
            }
            Some(Change::Message(message)) if whole => {
                Frame::message(id, &self.message_after(row, message).await?.into())
            }
            Some(Change::Read {
                user_id,
                message_id,
            }) if whole => {
                let conversation = self.target.conversation_id;
                Frame::read(id, (conversation, row.recorded_at), (user_id, message_id))
            }
            Some(Change::Conversation) if whole => {
                self.wait_for_views(row.position).await?;
                let (pool, reader) = (&self.app.pool, self.caller.id);
                match conversations::find(pool, reader, self.target.conversation_id).await? {
                    Some(conversation) => Frame::conversation(id, conversation.into()),
                    None => return Err(self.missing_reason().await?),
                }
            }
            Some(_) | None => return Ok(EventFrame::default()),
        };
        Ok(EventFrame {
            frame: Some(frame),
            ended: None,
        })
    }

    /// Sends the frame of an event. Returns true if it ends the followed run.
    async fn deliver(&mut self, frame: EventFrame) -> Result<bool, End> {
        if let Some(frame) = frame.frame {
            self.send(frame).await?;
        }
        let Some(run) = frame.ended else {
            return Ok(false);
        };
        self.sent_seq.insert(run, u64::MAX);
        self.app.live.finish(self.target.conversation_id, run);
        Ok(self.target.response.is_some())
    }

    async fn message_after(&self, row: &RecordedEvent, id: Uuid) -> Result<MessageView, End> {
        self.wait_for_views(row.position).await?;
        match conversations::message(&self.app.pool, self.caller.id, id).await? {
            Some(message) => Ok(message),
            None => Err(self.missing_reason().await?),
        }
    }

    /// Builds the frame of a run's event, with the run and its message.
    async fn run_frame(
        &self,
        row: &RecordedEvent,
        change: Change,
        run: Uuid,
    ) -> Result<EventFrame, End> {
        let Change::Run {
            kind,
            attempt,
            is_last,
            ..
        } = change
        else {
            return Ok(EventFrame::default());
        };
        let (view, message) = self.run_after(row, run, attempt).await?;
        let id = frame_id(row.position, &row.hash);
        Ok(EventFrame {
            frame: Some(Frame::run(kind, id, &view.into(), &message.into())),
            ended: is_last.then_some(run),
        })
    }

    /// The run after one of its events. For the start of a run, the current row with the event applied to it is enough,
    /// so that the frame, for which deltas wait, does not have to wait for the view.
    async fn run_after(
        &self,
        row: &RecordedEvent,
        run: Uuid,
        attempt: Option<u32>,
    ) -> Result<(ResponseView, MessageView), End> {
        if let Some(attempt) = attempt
            && let Some((mut view, message)) = self.load_run(run).await?
            // The run may have ended between the two reads: both rows must be of the same state.
            && view.ended_at.is_none()
        {
            view.start(attempt, row.recorded_at);
            return Ok((view, message));
        }
        self.wait_for_views(row.position).await?;
        match self.load_run(run).await? {
            Some(found) => Ok(found),
            None => Err(self.missing_reason().await?),
        }
    }

    /// Loads a run and its message.
    async fn load_run(&self, id: Uuid) -> Result<Option<(ResponseView, MessageView)>, End> {
        let (pool, reader) = (&self.app.pool, self.caller.id);
        let (view, message) = tokio::try_join!(
            responses::find(pool, reader, id),
            conversations::message_of_run(pool, reader, id)
        )?;
        Ok(view.zip(message))
    }

    /// Waits until the views show a position.
    async fn wait_for_views(&self, position: i64) -> Result<(), End> {
        match self.app.progress.wait_for(position, PATIENCE).await? >= position {
            true => Ok(()),
            false => Err(End::Closed("projection_behind")),
        }
    }

    /// Why the stream must end, because the views do not show what it has to send.
    async fn missing_reason(&self) -> Result<End, End> {
        let (reader, conversation) = (self.caller.id, self.target.conversation_id);
        Ok(self.app.missing_reason(reader, conversation).await?.into())
    }

    async fn handle_live(
        &mut self,
        frame: Result<LiveFrame, RecvError>,
        deltas: &mut Receiver<LiveFrame>,
    ) -> Result<(), End> {
        match frame {
            Ok(_) if self.behind => Ok(()),
            Ok(LiveFrame::Delta(delta)) => {
                self.send_delta(&delta);
                Ok(())
            }
            Ok(LiveFrame::Snapshot(snapshot)) => self.send_snapshot(&snapshot).await,
            Err(RecvError::Lagged(_)) => self.refresh(deltas).await,
            Err(RecvError::Closed) => Err(End::Closed("restarting")),
        }
    }

    /// Sends a delta, unless the reader is too slow or has it already.
    fn send_delta(&mut self, delta: &Delta) {
        let sent_seq = self.sent_seq.entry(delta.response_id).or_default();
        let wanted = self.target.wants(delta.response_id);
        if delta.seq <= *sent_seq || !wanted {
            return;
        }
        match self.sender.try_send(Frame::delta(delta)) {
            Ok(()) => *sent_seq = delta.seq,
            Err(_) => self.behind = true,
        }
    }

    /// Sends one snapshot per run to a reader that fell behind.
    async fn refresh(&mut self, deltas: &mut Receiver<LiveFrame>) -> Result<(), End> {
        if self.sender.capacity() == 0 {
            self.behind = true;
            return Ok(());
        }
        self.behind = false;
        let (snapshots, fresh) = self.app.live.subscribe(self.target.conversation_id);
        *deltas = fresh;
        for snapshot in &snapshots {
            self.send_snapshot(snapshot).await?;
        }
        Ok(())
    }

    async fn send_snapshot(&mut self, snapshot: &Snapshot) -> Result<(), End> {
        let sent_seq = self.sent_seq.entry(snapshot.response_id).or_default();
        let wanted = self.target.wants(snapshot.response_id);
        if snapshot.seq <= *sent_seq || !wanted {
            return Ok(());
        }
        *sent_seq = snapshot.seq;
        self.send(Frame::snapshot(snapshot)).await
    }

    async fn send(&self, frame: Frame) -> Result<(), End> {
        match tokio::time::timeout(PATIENCE, self.sender.send(frame)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }
}

/// Waits until the reader has read a frame.
async fn wait_for_capacity(sender: &mpsc::Sender<Frame>) {
    // A closed channel is noticed elsewhere.
    let _ = sender.reserve().await;
}

/// Waits until the server stops.
pub(crate) async fn wait_for_shutdown(closing: &mut watch::Receiver<bool>) {
    // The sender is in the state, which lives as long as any stream.
    let _ = closing.wait_for(|closing| *closing).await;
}
