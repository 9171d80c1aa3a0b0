//! The WebSocket: event streams of conversations, the feed and the log over one connection.
//!
//! The token is sent in the first message, never in the URL. Browser pages of other origins are refused.

mod frame;

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use eventstore::Execution;
use futures_util::stream::SplitStream;
use futures_util::{SinkExt, Stream, StreamExt};
use poem::http::{StatusCode, header};
use poem::web::Data;
use poem::web::websocket::{CloseCode, Message, WebSocket, WebSocketStream};
use poem::{IntoResponse, Request, Response, handler};
use runtime::typing::TypingNotice;
use serde_json::{Value, json};
use tokio::sync::{broadcast, mpsc};
use tokio::task::AbortHandle;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use uuid::Uuid;

use self::frame::{Channel, ClientMessage, Cursor, Topic};
use crate::conversation::{find, find_message, mark_read_step};
use crate::http::{
    Caller, Ctx, Problem, RequestId, RequestMeta, authenticate as authenticate_token,
};
use crate::limits::{Allowance, Share};
use crate::log::{EventScope, follow};
use crate::state::App;
use crate::stream::{Frame, Start, Target, follow_frames, wait_for_shutdown};

/// How often a client is pinged, and how long it may be silent.
const PING_INTERVAL: Duration = Duration::from_secs(30);
const IDLE_LIMIT: Duration = Duration::from_secs(90);
/// How long sending the last frames may take.
const CLOSE_LIMIT: Duration = Duration::from_secs(5);
/// How long authentication may take.
const AUTH_LIMIT: Duration = Duration::from_secs(5);
/// Largest message of a client, in bytes.
const LIMIT: usize = 64 * 1024;
/// Subscriptions per connection.
const SUBSCRIPTIONS: usize = 64;
/// Frames that are buffered for a slow client.
const BUFFER: usize = 64;
/// Messages that a client may send in a period of time, including pings.
const MESSAGES: u32 = 300;
const PERIOD: Duration = Duration::from_secs(10);
/// Minimum interval between typing notices.
const TYPING: Duration = Duration::from_secs(1);

#[handler]
pub(crate) fn socket(
    request: &Request,
    meta: RequestMeta,
    socket: WebSocket,
    app: Data<&Arc<App>>,
) -> Response {
    if !same_origin(request) {
        let problem = Problem::forbidden("pages of other origins cannot open a WebSocket here");
        let id = request.data::<RequestId>().map_or("", |id| id.0.as_str());
        return problem.respond(id, request.uri().path());
    }
    let app = Arc::clone(app.0);
    let config = WebSocketConfig::default()
        .max_message_size(Some(LIMIT))
        .max_frame_size(Some(LIMIT));
    socket
        .config(config)
        .on_upgrade(move |stream| serve(app, meta, stream))
        .into_response()
}

/// Whether the page has the origin of this server. Other programs than browsers send no origin.
fn same_origin(request: &Request) -> bool {
    let text = |name| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let Some(origin) = text(header::ORIGIN) else {
        return !request.headers().contains_key(header::ORIGIN);
    };
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    authority.is_some() && authority == text(header::HOST)
}

async fn serve(app: Arc<App>, meta: RequestMeta, stream: WebSocketStream) {
    let (mut sink, messages) = stream.split();
    let mut messages = Messages::new(messages);
    let (sender, mut frames) = mpsc::channel::<Value>(BUFFER);
    #[expect(
        clippy::disallowed_methods,
        reason = "ends with the connection, which awaits it"
    )]
    let writer = tokio::spawn(async move {
        let mut pings =
            tokio::time::interval_at((Instant::now() + PING_INTERVAL).into(), PING_INTERVAL);
        loop {
            let message = tokio::select! {
                frame = frames.recv() => match frame {
                    Some(frame) => Message::text(frame.to_string()),
                    None => break,
                },
                _ = pings.tick() => Message::ping(vec![]),
            };
            // A client that reads nothing for so long is gone.
            match tokio::time::timeout(IDLE_LIMIT, sink.send(message)).await {
                Ok(Ok(())) => {}
                _ => break,
            }
        }
        sink
    });
    match tokio::time::timeout(AUTH_LIMIT, authenticate(&app, &mut messages)).await {
        Ok(Ok((caller, _share))) => {
            let ready = json!({"type": "ready", "data": {"user_id": caller.id}});
            if sender.send(ready).await.is_ok() {
                let ctx = Ctx { app, caller, meta };
                let mut connection = Connection::new(ctx, sender.clone());
                connection.run(&mut messages).await;
            }
        }
        Ok(Err(problem)) => drop(sender.send(error_frame(&problem)).await),
        Err(_) => {
            let problem = Problem::unauthorized(
                "the first message must be of type auth and arrive within 5 s",
            );
            drop(sender.send(error_frame(&problem)).await);
        }
    }
    drop(sender);
    let abort = writer.abort_handle();
    let Ok(written) = tokio::time::timeout(CLOSE_LIMIT, writer).await else {
        // The client does not read.
        return abort.abort();
    };
    if let Ok(mut sink) = written {
        // The client may be gone too.
        let _ = sink
            .send(Message::Close(Some((messages.end, String::new()))))
            .await;
        let _ = sink.close().await;
    }
}

/// The messages of the client.
struct Messages {
    stream: SplitStream<WebSocketStream>,
    /// The start of the current period, and the number of messages in it.
    period: (Instant, u32),
    /// The code with which the connection is closed.
    end: CloseCode,
}

impl Messages {
    fn new(stream: SplitStream<WebSocketStream>) -> Self {
        Self {
            stream,
            period: (Instant::now(), 0),
            end: CloseCode::Normal,
        }
    }

    /// The next message. Empty for control frames; none if the connection ends or the client has been silent for too
    /// long, because a live client answers pings.
    async fn next(&mut self) -> Option<String> {
        let message = tokio::time::timeout(IDLE_LIMIT, self.stream.next())
            .await
            .ok()??;
        if self.period.0.elapsed() > PERIOD {
            self.period = (Instant::now(), 0);
        }
        self.period.1 += 1;
        if self.period.1 > MESSAGES {
            self.end = CloseCode::Policy;
            return None;
        }
        match message {
            Ok(Message::Text(text)) => Some(text),
            Ok(Message::Ping(_) | Message::Pong(_)) => Some(String::new()),
            Ok(Message::Close(_)) => None,
            Ok(Message::Binary(_)) => {
                self.end = CloseCode::Unsupported;
                None
            }
            Err(error) => {
                self.end = close_code(&error);
                None
            }
        }
    }
}

/// The close code for a protocol error, found by its text, because poem does not keep anything else.
fn close_code(error: &std::io::Error) -> CloseCode {
    let text = error.to_string();
    if text.starts_with("Space limit exceeded") {
        return CloseCode::Size;
    }
    match text.starts_with("UTF-8") {
        true => CloseCode::Invalid,
        false => CloseCode::Protocol,
    }
}

/// Authenticates the client by its first message. The connection takes one of the user's stream shares.
async fn authenticate(app: &App, messages: &mut Messages) -> Result<(Caller, Share), Problem> {
    let first = messages.next().await.unwrap_or_default();
    match serde_json::from_str(&first) {
        Ok(ClientMessage::Auth { token }) => {
            let caller = authenticate_token(app, &token).await?;
            caller.require_user()?;
            let share = app.limits.stream(caller.id)?;
            Ok((caller, share))
        }
        _ => Err(Problem::unauthorized(
            "the first message must be of type auth",
        )),
    }
}

fn error_frame(problem: &Problem) -> Value {
    json!({
        "type": "error",
        "data": {"status": problem.status.as_u16(), "code": problem.code, "detail": problem.detail},
    })
}

struct Connection {
    id: Uuid,
    ctx: Ctx,
    sender: mpsc::Sender<Value>,
    /// The tasks of the subscriptions.
    subscriptions: HashMap<Topic, AbortHandle>,
    /// When the last typing notice was sent.
    last_typing: Option<Instant>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.subscriptions.values().for_each(AbortHandle::abort);
    }
}

impl Connection {
    fn new(ctx: Ctx, sender: mpsc::Sender<Value>) -> Self {
        Self {
            id: ctx.clock.new_id(),
            ctx,
            sender,
            subscriptions: HashMap::new(),
            last_typing: None,
        }
    }

    async fn run(&mut self, messages: &mut Messages) {
        let mut right = self.ctx.rights.watch(&self.ctx.caller, None);
        let mut typing = self.ctx.live.typing.subscribe();
        let mut closing = self.ctx.closing.subscribe();
        loop {
            let problem = tokio::select! {
                text = messages.next() => match text {
                    Some(text) if text.is_empty() => Ok(()),
                    Some(text) => self.handle(&text).await,
                    None => return,
                },
                message = typing.recv() => {
                    self.send_typing(message).await;
                    Ok(())
                }
                _ = right.wait_until_lost() => {
                    let _ = self.sender.send(error_frame(&session_ended())).await;
                    return;
                }
                () = wait_for_shutdown(&mut closing) => {
                    let closed = json!({"type": "stream.closed", "data": {"reason": "restarting"}});
                    let _ = self.sender.send(closed).await;
                    return;
                }
            };
            // Report the error; the connection stays open.
            if let Err(problem) = problem
                && self.sender.send(error_frame(&problem)).await.is_err()
            {
                return;
            }
        }
    }

    async fn handle(&mut self, text: &str) -> Result<(), Problem> {
        let message = serde_json::from_str(text).map_err(|error| {
            Problem::new(
                StatusCode::BAD_REQUEST,
                "malformed",
                format!("the message is not valid: {error}"),
            )
        })?;
        match message {
            ClientMessage::Auth { .. } => Err(Problem::new(
                StatusCode::CONFLICT,
                "already_authenticated",
                "this connection is already authenticated; open another one",
            )),
            ClientMessage::Subscribe {
                conversation_id,
                channel,
                after,
            } => {
                let topic = Topic::new(conversation_id, channel)?;
                if let Err(problem) = self.subscribe(topic, after).await {
                    // Include the topic, so that the client knows which subscription to retry.
                    let mut refused = error_frame(&problem);
                    topic.add_to(&mut refused);
                    let _ = self.sender.send(refused).await;
                }
                Ok(())
            }
            ClientMessage::Unsubscribe {
                conversation_id,
                channel,
            } => {
                if let Some(task) = self
                    .subscriptions
                    .remove(&Topic::new(conversation_id, channel)?)
                {
                    task.abort();
                }
                Ok(())
            }
            ClientMessage::Typing { conversation_id } => {
                if self.last_typing.is_some_and(|last| last.elapsed() < TYPING) {
                    return Ok(());
                }
                find(&self.ctx, conversation_id).await?;
                self.last_typing = Some(Instant::now());
                self.ctx.live.typing.publish(TypingNotice {
                    conversation_id,
                    user_id: self.ctx.caller.id,
                    connection_id: self.id,
                });
                Ok(())
            }
            ClientMessage::Read { message_id } => self.mark_read(message_id).await,
            ClientMessage::Ping {} => {
                let _ = self.sender.send(json!({"type": "pong", "data": {}})).await;
                Ok(())
            }
        }
    }

    /// Moves the read marker of a conversation, which its subscribers receive as a frame.
    async fn mark_read(&self, message_id: Uuid) -> Result<(), Problem> {
        self.ctx
            .limits
            .write(self.ctx.caller.id, &Allowance::default())?;
        self.ctx.catch_up().await?;
        let message = find_message(&self.ctx, message_id).await?;
        let step = mark_read_step(&self.ctx.caller, message.conversation_id, message_id, None);
        let execution = Execution::new(self.ctx.meta.context(&self.ctx.caller), vec![step]);
        self.ctx.execute(execution).await?;
        Ok(())
    }

    /// Subscribes to a topic. An existing subscription restarts at the new cursor.
    async fn subscribe(&mut self, topic: Topic, after: Option<Cursor>) -> Result<(), Problem> {
        // Even if the new subscription fails: frames of the old one would confuse the client's cursor.
        if let Some(before) = self.subscriptions.remove(&topic) {
            before.abort();
        }
        self.subscriptions.retain(|_, task| !task.is_finished());
        if self.subscriptions.len() >= SUBSCRIPTIONS {
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "too_many_subscriptions",
                "a connection can have at most 64 subscriptions; unsubscribe from one",
            ));
        }
        let start = match after {
            Some(after) => Start::from_id(&after.into_text()).unwrap_or(Start::Unknown),
            None => Start::Now,
        };
        let share = self.ctx.limits.subscription(self.ctx.caller.id)?;
        let mut frames = self.frames(topic, start).await?;
        let sender = self.sender.clone();
        #[expect(clippy::disallowed_methods, reason = "aborted with the connection")]
        let task = tokio::spawn(async move {
            let _share = share;
            while let Some(frame) = frames.next().await {
                let data = frame.data.0;
                let mut message = json!({"type": frame.kind, "id": frame.id, "data": data});
                topic.add_to(&mut message);
                if sender.send(message).await.is_err() {
                    return;
                }
            }
        });
        self.subscriptions.insert(topic, task.abort_handle());
        Ok(())
    }

    /// The frames of a topic, if the caller may read it.
    async fn frames(
        &self,
        topic: Topic,
        start: Start,
    ) -> Result<Pin<Box<dyn Stream<Item = Frame> + Send>>, Problem> {
        let (app, caller) = (self.ctx.app.clone(), self.ctx.caller.clone());
        let scope = match topic {
            Topic::Conversation(conversation_id) => {
                app.read_position(caller.id, None).await?;
                app.require_readable(caller.id, conversation_id).await?;
                let target = Target {
                    conversation_id,
                    response: None,
                };
                return Ok(Box::pin(follow_frames(app, caller, target, start)));
            }
            Topic::Channel(Channel::Feed) => EventScope::Readable,
            Topic::Channel(Channel::Events) => {
                if !app.is_session_current(&caller).await {
                    return Err(session_ended());
                }
                caller.require_admin()?;
                EventScope::All
            }
        };
        let start_position = app.resolve_start(&start).await?;
        Ok(Box::pin(follow(app, caller, start_position, scope)))
    }

    async fn send_typing(&self, message: Result<TypingNotice, broadcast::error::RecvError>) {
        // Missed typing notices do not matter.
        let Ok(typing) = message else {
            return;
        };
        let conversation_id = typing.conversation_id;
        let topic = Topic::Conversation(conversation_id);
        if typing.connection_id != self.id && self.subscriptions.contains_key(&topic) {
            let data = json!({"conversation_id": conversation_id, "user_id": typing.user_id});
            let frame = json!({"type": "typing", "data": data, "conversation_id": conversation_id});
            let _ = self.sender.send(frame).await;
        }
    }
}

fn session_ended() -> Problem {
    Problem::unauthorized("the session has ended or the role has changed; connect again")
}
