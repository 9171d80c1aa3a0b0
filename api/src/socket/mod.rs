//! The WebSocket: the frames of the event streams over one connection, for any number of conversations, the feed and the
//! log.
//!
//! The token comes in the first message, never in the URL. A browser's page of another origin is refused.

mod frame;

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use eventstore::Execution;
use eventstore::typing::TypingNotice;
use futures_util::stream::SplitStream;
use futures_util::{SinkExt, Stream, StreamExt};
use poem::http::{StatusCode, header};
use poem::web::Data;
use poem::web::websocket::{CloseCode, Message, WebSocket, WebSocketStream};
use poem::{IntoResponse, Request, Response, handler};
use serde_json::{Value, json};
use tokio::sync::{broadcast, mpsc};
use tokio::task::AbortHandle;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use uuid::Uuid;

use self::frame::{After, Asked, Channel, Topic};
use crate::auth::{Caller, caller};
use crate::conversation::{find, find_message, reading};
use crate::edge::RequestId;
use crate::head::Head;
use crate::limits::{Allowance, Share};
use crate::log::{Part, follow};
use crate::problem::Problem;
use crate::state::App;
use crate::stream::{Frame, Start, Target, closes, follow_frames};

/// How often a client is asked whether it is there, and how long it may say nothing at all.
const BEAT: Duration = Duration::from_secs(30);
const SILENCE: Duration = Duration::from_secs(90);
/// How long the last frames may take to leave.
const FAREWELL: Duration = Duration::from_secs(5);
/// Until the client has said who it is.
const AUTH_LIMIT: Duration = Duration::from_secs(5);
/// Largest message of a client.
const LIMIT: usize = 64 * 1024;
/// What one connection follows at most.
const SUBSCRIPTIONS: usize = 64;
/// Frames that wait for a slow client.
const BUFFER: usize = 64;
/// Messages of a client that are heard in a span of time, pings among them.
const MESSAGES: u32 = 300;
const SPAN: Duration = Duration::from_secs(10);
/// Typing is told once in this time.
const TYPING: Duration = Duration::from_secs(1);

#[handler]
pub fn socket(request: &Request, head: Head, socket: WebSocket, app: Data<&Arc<App>>) -> Response {
    if !same_origin(request) {
        let problem = Problem::forbidden("this origin may not open a WebSocket here");
        let id = request.data::<RequestId>().map_or("", |id| id.0.as_str());
        return problem.respond(id, request.uri().path());
    }
    let app = Arc::clone(app.0);
    let config = WebSocketConfig::default()
        .max_message_size(Some(LIMIT))
        .max_frame_size(Some(LIMIT));
    socket
        .config(config)
        .on_upgrade(move |stream| serve(app, head, stream))
        .into_response()
}

/// Whether the page that asks is one of ours; programs that are no browsers send no origin.
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

async fn serve(app: Arc<App>, head: Head, stream: WebSocketStream) {
    let (mut sink, messages) = stream.split();
    let mut messages = Messages::new(messages);
    let (sender, mut frames) = mpsc::channel::<Value>(BUFFER);
    let writing = tokio::spawn(async move {
        let mut beat = tokio::time::interval_at((Instant::now() + BEAT).into(), BEAT);
        loop {
            let message = tokio::select! {
                frame = frames.recv() => match frame {
                    Some(frame) => Message::text(frame.to_string()),
                    None => break,
                },
                _ = beat.tick() => Message::ping(vec![]),
            };
            // Whoever takes nothing for so long is not there either.
            match tokio::time::timeout(SILENCE, sink.send(message)).await {
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
                let mut connection = Connection::new(app, head, caller, sender.clone());
                connection.run(&mut messages).await;
            }
        }
        Ok(Err(problem)) => drop(sender.send(refusal(&problem)).await),
        Err(_) => {
            let problem =
                Problem::unauthorized("the first message, within 5 s, must be of type auth");
            drop(sender.send(refusal(&problem)).await);
        }
    }
    drop(sender);
    let aborting = writing.abort_handle();
    let Ok(written) = tokio::time::timeout(FAREWELL, writing).await else {
        // Nobody takes what is sent.
        return aborting.abort();
    };
    if let Ok(mut sink) = written {
        // The client may be gone as well.
        let _ = sink
            .send(Message::Close(Some((messages.end, String::new()))))
            .await;
        let _ = sink.close().await;
    }
}

/// What the client sends.
struct Messages {
    stream: SplitStream<WebSocketStream>,
    /// When the span of time began, and what came in it.
    span: (Instant, u32),
    /// With which code the connection is closed.
    end: CloseCode,
}

impl Messages {
    fn new(stream: SplitStream<WebSocketStream>) -> Self {
        Self {
            stream,
            span: (Instant::now(), 0),
            end: CloseCode::Normal,
        }
    }

    /// The next message; an empty one keeps the connection alive, none ends it. So does silence: whoever is there
    /// answers pings.
    async fn next(&mut self) -> Option<String> {
        let message = tokio::time::timeout(SILENCE, self.stream.next())
            .await
            .ok()??;
        if self.span.0.elapsed() > SPAN {
            self.span = (Instant::now(), 0);
        }
        self.span.1 += 1;
        if self.span.1 > MESSAGES {
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
                self.end = code(&error);
                None
            }
        }
    }
}

/// What a client is told that breaks the protocol: poem keeps only the text of the error.
fn code(error: &std::io::Error) -> CloseCode {
    let text = error.to_string();
    if text.starts_with("Space limit exceeded") {
        return CloseCode::Size;
    }
    match text.starts_with("UTF-8") {
        true => CloseCode::Invalid,
        false => CloseCode::Protocol,
    }
}

/// Who has opened the connection, which is one of its streams.
async fn authenticate(app: &App, messages: &mut Messages) -> Result<(Caller, Share), Problem> {
    let first = messages.next().await.unwrap_or_default();
    match serde_json::from_str(&first) {
        Ok(Asked::Auth { token }) => {
            let caller = caller(app, &token).await?;
            let share = app.limits.stream(caller.id)?;
            Ok((caller, share))
        }
        _ => Err(Problem::unauthorized(
            "the first message must be of type auth",
        )),
    }
}

fn refusal(problem: &Problem) -> Value {
    json!({
        "type": "error",
        "data": {"status": problem.status.as_u16(), "code": problem.code, "detail": problem.detail},
    })
}

struct Connection {
    id: Uuid,
    app: Arc<App>,
    /// Of the request that opened the connection: its circumstances are those of what comes over it.
    head: Head,
    caller: Caller,
    sender: mpsc::Sender<Value>,
    /// The tasks that follow something.
    followed: HashMap<Topic, AbortHandle>,
    /// When others were told last that this person types.
    typed: Option<Instant>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.followed.values().for_each(AbortHandle::abort);
    }
}

impl Connection {
    fn new(app: Arc<App>, head: Head, caller: Caller, sender: mpsc::Sender<Value>) -> Self {
        Self {
            id: Uuid::new_v4(),
            app,
            head,
            caller,
            sender,
            followed: HashMap::new(),
            typed: None,
        }
    }

    async fn run(&mut self, messages: &mut Messages) {
        let mut right = self.app.rights.watch(&self.caller, None);
        let mut typing = self.app.live.typing.subscribe();
        let mut closing = self.app.closing.subscribe();
        loop {
            let problem = tokio::select! {
                text = messages.next() => match text {
                    Some(text) if text.is_empty() => Ok(()),
                    Some(text) => self.hear(&text).await,
                    None => return,
                },
                told = typing.recv() => {
                    self.tell_typing(told).await;
                    Ok(())
                }
                _ = right.lost() => {
                    let _ = self.sender.send(refusal(&session_ended())).await;
                    return;
                }
                () = closes(&mut closing) => {
                    let closed = json!({"type": "stream.closed", "data": {"reason": "restarting"}});
                    let _ = self.sender.send(closed).await;
                    return;
                }
            };
            // What cannot be done is said; the connection goes on.
            if let Err(problem) = problem
                && self.sender.send(refusal(&problem)).await.is_err()
            {
                return;
            }
        }
    }

    async fn hear(&mut self, text: &str) -> Result<(), Problem> {
        let asked = serde_json::from_str(text).map_err(|error| {
            Problem::new(
                StatusCode::BAD_REQUEST,
                "malformed",
                format!("this is no message of the contract: {error}"),
            )
        })?;
        match asked {
            Asked::Auth { .. } => Err(Problem::new(
                StatusCode::CONFLICT,
                "already_authenticated",
                "this connection knows who you are; open another one",
            )),
            Asked::Subscribe {
                conversation_id,
                channel,
                after,
            } => {
                let topic = Topic::of(conversation_id, channel)?;
                if let Err(problem) = self.subscribe(topic, after).await {
                    // With its topic, so that the client knows what to ask for again.
                    let mut refused = refusal(&problem);
                    topic.name_in(&mut refused);
                    let _ = self.sender.send(refused).await;
                }
                Ok(())
            }
            Asked::Unsubscribe {
                conversation_id,
                channel,
            } => {
                if let Some(task) = self.followed.remove(&Topic::of(conversation_id, channel)?) {
                    task.abort();
                }
                Ok(())
            }
            Asked::Typing { conversation_id } => {
                if self.typed.is_some_and(|last| last.elapsed() < TYPING) {
                    return Ok(());
                }
                find(&self.app, &self.caller, conversation_id).await?;
                self.typed = Some(Instant::now());
                self.app.live.typing.publish(TypingNotice {
                    conversation_id,
                    user_id: self.caller.id,
                    connection_id: self.id,
                });
                Ok(())
            }
            Asked::Read { message_id } => self.read(message_id).await,
            Asked::Ping {} => {
                let _ = self.sender.send(json!({"type": "pong", "data": {}})).await;
                Ok(())
            }
        }
    }

    /// Moves the marker in the conversation of a message; whoever follows that hears of it.
    async fn read(&self, message_id: Uuid) -> Result<(), Problem> {
        self.app
            .limits
            .write(self.caller.id, &Allowance::default())?;
        self.app.read_position(self.caller.id, None).await?;
        let message = find_message(&self.app, &self.caller, message_id).await?;
        let step = reading(&self.caller, message.conversation_id, message_id, None);
        let execution = Execution::new(self.head.context(&self.caller), vec![step]);
        self.app.execute(self.caller.id, execution).await?;
        Ok(())
    }

    /// Follows a topic; one that is followed already begins anew where the client says.
    async fn subscribe(&mut self, topic: Topic, after: Option<After>) -> Result<(), Problem> {
        // Also where the new one is refused: two answers to one topic would mix up the client's cursor.
        if let Some(before) = self.followed.remove(&topic) {
            before.abort();
        }
        self.followed.retain(|_, task| !task.is_finished());
        if self.followed.len() >= SUBSCRIPTIONS {
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "too_many_subscriptions",
                "a connection follows 64 things at most; unsubscribe from one",
            ));
        }
        let start = match after {
            Some(after) => Start::of(&after.text()).unwrap_or(Start::Unknown),
            None => Start::Now,
        };
        let share = self.app.limits.subscription(self.caller.id)?;
        let mut frames = self.frames(topic, start).await?;
        let sender = self.sender.clone();
        let task = tokio::spawn(async move {
            let _share = share;
            while let Some(frame) = frames.next().await {
                let data = frame.data.0;
                let mut told = json!({"type": frame.kind, "id": frame.id, "data": data});
                topic.name_in(&mut told);
                if sender.send(told).await.is_err() {
                    return;
                }
            }
        });
        self.followed.insert(topic, task.abort_handle());
        Ok(())
    }

    /// The frames of a topic, where the caller may read it.
    async fn frames(
        &self,
        topic: Topic,
        start: Start,
    ) -> Result<Pin<Box<dyn Stream<Item = Frame> + Send>>, Problem> {
        let (app, caller) = (self.app.clone(), self.caller.clone());
        let part = match topic {
            Topic::Conversation(conversation_id) => {
                app.read_position(caller.id, None).await?;
                app.may_follow(caller.id, conversation_id).await?;
                let target = Target {
                    conversation_id,
                    response: None,
                };
                return Ok(Box::pin(follow_frames(app, caller, target, start)));
            }
            Topic::Channel(Channel::Feed) => Part::Readable,
            Topic::Channel(Channel::Events) => {
                if !app.may_go_on(&caller).await {
                    return Err(session_ended());
                }
                caller.admin()?;
                Part::Whole
            }
        };
        let begin = app.begin(&start).await?;
        Ok(Box::pin(follow(app, caller, begin, part)))
    }

    async fn tell_typing(&self, told: Result<TypingNotice, broadcast::error::RecvError>) {
        // Who lags behind has missed nothing of value.
        let Ok(typing) = told else {
            return;
        };
        let conversation_id = typing.conversation_id;
        let topic = Topic::Conversation(conversation_id);
        if typing.connection_id != self.id && self.followed.contains_key(&topic) {
            let data = json!({"conversation_id": conversation_id, "user_id": typing.user_id});
            let frame = json!({"type": "typing", "data": data, "conversation_id": conversation_id});
            let _ = self.sender.send(frame).await;
        }
    }
}

fn session_ended() -> Problem {
    Problem::unauthorized("the session has ended, or its role is another one now; connect again")
}
