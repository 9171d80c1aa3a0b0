//! Streams of frames that continue after a lost connection.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use chrono::{DateTime, Utc};
use eventsource_stream::{Event as SentEvent, Eventsource};
use futures_util::stream::{self, BoxStream, Stream, StreamExt, TryStreamExt};
use reqwest::header::ACCEPT;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::call::Call;
use crate::client::Client;
use crate::error::Error;
use crate::silence::limit_silence;
use crate::transport::pause_after;
use crate::types::{Conversation, Event, Job, Message, MessagePartType, Response};

/// A frame of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamFrame {
    /// What it tells, such as `message.posted`.
    pub kind: String,
    /// Its cursor, for [`Frames::after`]; only durable frames have one.
    pub id: Option<String>,
    /// JSON, which [`StreamFrame::event`] parses.
    pub data: String,
}

/// What a frame tells.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum StreamEvent {
    /// A new message, or one whose rating changed.
    MessagePosted(Box<Message>),
    /// The conversation after a change, such as of its title.
    ConversationChanged(Box<Conversation>),
    ReadMarkerMoved(ReadMarker),
    ResponseStarted(Box<Run>),
    /// The next piece of an answer.
    ResponseDelta(ResponseDelta),
    /// The answer so far, which replaces all pieces before it.
    ResponseSnapshot(ResponseSnapshot),
    ResponseCompleted(Box<Run>),
    ResponseFailed(Box<Run>),
    ResponseInterrupted(Box<Run>),
    ResponseCancelled(Box<Run>),
    JobProgress(Box<Job>),
    JobEnded(Box<Job>),
    /// An event of the log or the feed.
    Event(Box<Event>),
    /// All earlier frames were sent.
    CaughtUp,
    /// The log was replaced: read again what you show.
    Reset,
    /// A frame that this version of the client does not know.
    Other,
}

/// A run and the message that it writes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Run {
    pub response: Response,
    pub message: Message,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ResponseDelta {
    pub response_id: Uuid,
    /// Increases with each delta of a run.
    pub seq: u64,
    /// Whether the text is part of the answer or of the reasoning.
    pub kind: MessagePartType,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ResponseSnapshot {
    pub response_id: Uuid,
    /// The last delta that it includes.
    pub seq: u64,
    pub text: String,
    pub reasoning: String,
}

/// A user has read up to a message.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ReadMarker {
    pub conversation_id: Uuid,
    pub user_id: Uuid,
    pub message_id: Uuid,
    pub read_at: DateTime<Utc>,
}

impl StreamFrame {
    /// Parses the data.
    pub fn event(&self) -> Result<StreamEvent, Error> {
        Ok(match self.kind.as_str() {
            "message.posted" => StreamEvent::MessagePosted(self.parse()?),
            "conversation.changed" => StreamEvent::ConversationChanged(self.parse()?),
            "read_marker.moved" => StreamEvent::ReadMarkerMoved(self.parse()?),
            "response.started" => StreamEvent::ResponseStarted(self.parse()?),
            "response.delta" => StreamEvent::ResponseDelta(self.parse()?),
            "response.snapshot" => StreamEvent::ResponseSnapshot(self.parse()?),
            "response.completed" => StreamEvent::ResponseCompleted(self.parse()?),
            "response.failed" => StreamEvent::ResponseFailed(self.parse()?),
            "response.interrupted" => StreamEvent::ResponseInterrupted(self.parse()?),
            "response.cancelled" => StreamEvent::ResponseCancelled(self.parse()?),
            "job.progress" => StreamEvent::JobProgress(self.parse()?),
            "job.ended" => StreamEvent::JobEnded(self.parse()?),
            "event" => StreamEvent::Event(self.parse()?),
            "stream.caught_up" => StreamEvent::CaughtUp,
            "stream.reset" => StreamEvent::Reset,
            _ => StreamEvent::Other,
        })
    }

    fn parse<T: DeserializeOwned>(&self) -> Result<T, Error> {
        Ok(serde_json::from_str(&self.data)?)
    }
}

/// The frames of a stream, which connects when it is polled. After a lost connection or a restart of the server it
/// continues after the last frame. The stream of a run or a job ends with its last frame, the others when they are
/// dropped.
#[must_use = "a stream connects when it is polled"]
pub struct Frames {
    follower: Option<Follower>,
    frames: Option<BoxStream<'static, Result<StreamFrame, Error>>>,
}

impl Frames {
    pub(crate) fn new(client: &Client, call: Call) -> Self {
        let last_frames = match call.path.first().map(String::as_str) {
            Some("responses") => RUN_ENDS,
            Some("jobs") => &["job.ended"],
            _ => &[],
        };
        let follower = Follower {
            client: client.clone(),
            call: call.header(ACCEPT.as_str(), "text/event-stream"),
            last_frames,
            last_id: None,
            connection: None,
            lost: None,
            failures: 0,
            ended: false,
        };
        Self {
            follower: Some(follower),
            frames: None,
        }
    }

    /// Starts after a frame, by its id, or after a log position.
    pub fn after(mut self, id: &str) -> Self {
        if let Some(follower) = &mut self.follower {
            follower.call.parameter("after", id);
        }
        self
    }
}

impl Stream for Frames {
    type Item = Result<StreamFrame, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(follower) = self.follower.take() {
            self.frames = Some(stream::unfold(follower, Follower::next).boxed());
        }
        match &mut self.frames {
            Some(frames) => frames.poll_next_unpin(cx),
            None => Poll::Ready(None),
        }
    }
}

const RUN_ENDS: &[&str] = &[
    "response.completed",
    "response.failed",
    "response.interrupted",
    "response.cancelled",
];

/// The state of a stream.
struct Follower {
    client: Client,
    call: Call,
    /// Kinds of frames after which the stream ends.
    last_frames: &'static [&'static str],
    last_id: Option<String>,
    connection: Option<BoxStream<'static, Option<SentEvent>>>,
    /// Since when there is no connection, after there was one.
    lost: Option<Instant>,
    /// Connections in succession that brought nothing new.
    failures: u32,
    ended: bool,
}

impl Follower {
    async fn next(mut self) -> Option<(Result<StreamFrame, Error>, Self)> {
        while !self.ended {
            if let Err(error) = self.connect().await {
                self.ended = true;
                return Some((Err(error), self));
            }
            let event = match &mut self.connection {
                Some(connection) => connection.next().await.flatten(),
                None => None,
            };
            // The server closes a stream when it stops, and when the caller loses access: the next connection tells.
            match event.filter(|event| event.event != "stream.closed") {
                Some(event) => {
                    let frame = self.receive(event);
                    return Some((Ok(frame), self));
                }
                None => self.disconnect().await,
            }
        }
        None
    }

    /// Connects unless there is a connection.
    async fn connect(&mut self) -> Result<(), Error> {
        while self.connection.is_none() {
            let mut call = self.call.clone();
            if let Some(id) = &self.last_id {
                call = call.header("Last-Event-ID", id);
            }
            match self.client.open(&call).await {
                Ok(response) => {
                    let chunks = response.bytes_stream().map_err(Error::Network).boxed();
                    let events = limit_silence(chunks).eventsource();
                    self.connection = Some(events.map(Result::ok).boxed());
                    self.lost = None;
                }
                Err(error) if error.is_transient() && self.is_patient() => self.pause().await,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn is_patient(&self) -> bool {
        self.lost
            .is_some_and(|lost| lost.elapsed() < self.client.patience())
    }

    async fn disconnect(&mut self) {
        self.connection = None;
        self.lost.get_or_insert_with(Instant::now);
        self.pause().await;
    }

    async fn pause(&mut self) {
        self.failures += 1;
        tokio::time::sleep(pause_after(self.failures)).await;
    }

    fn receive(&mut self, event: SentEvent) -> StreamFrame {
        // A frame without an id shows the one before it.
        let id =
            (!event.id.is_empty() && self.last_id.as_ref() != Some(&event.id)).then_some(event.id);
        if id.is_some() {
            self.last_id.clone_from(&id);
        }
        if !event.event.starts_with("stream.") {
            self.failures = 0;
        }
        self.ended = self.last_frames.contains(&event.event.as_str());
        StreamFrame {
            kind: event.event,
            id,
            data: event.data,
        }
    }
}
