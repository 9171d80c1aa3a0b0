//! The HTTP side of a chat: post, follow the answer, print it as it comes.

use eventsource_stream::{Event, Eventsource};
use futures_util::StreamExt;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::arguments::Chat;
use crate::failure::Failure;
use crate::output;
use crate::remote::Server;

/// A chat with one conversation of a server.
pub struct Client {
    server: Server,
    assistant: Option<Uuid>,
    model: Option<String>,
    conversation: Option<Uuid>,
}

impl Client {
    pub fn new(server: Server, chat: &Chat) -> Self {
        Self {
            server,
            assistant: chat.assistant,
            model: chat.model.clone(),
            conversation: chat.conversation,
        }
    }

    /// Asks, and prints the answer as it is written.
    pub async fn ask(&mut self, text: &str) -> Result<(), Failure> {
        let conversation = self.conversation().await?;
        let mut body = json!({"content": text});
        if let Some(model) = &self.model {
            body["model"] = json!(model);
        }
        let path = format!("/api/v1/conversations/{conversation}/messages");
        let exchange = self.server.post(&path, Some(body)).await?;
        let id = exchange["response"]["id"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        tokio::select! {
            result = self.follow(&id) => result,
            _ = tokio::signal::ctrl_c() => {
                self.server.call(Method::POST, &format!("/api/v1/responses/{id}/cancel"), None).await?;
                Err(Failure::Interrupted)
            }
        }
    }

    async fn conversation(&mut self) -> Result<Uuid, Failure> {
        if let Some(id) = self.conversation {
            return Ok(id);
        }
        let mut body = json!({});
        if let Some(assistant) = self.assistant {
            body["assistant_id"] = json!(assistant);
        }
        let made = self
            .server
            .post("/api/v1/conversations", Some(body))
            .await?;
        let id = made["id"].as_str().and_then(|id| Uuid::parse_str(id).ok());
        let id = id.ok_or_else(|| {
            Failure::failed(std::io::Error::other("the server named no conversation"))
        })?;
        self.conversation = Some(id);
        Ok(id)
    }

    async fn follow(&self, response: &str) -> Result<(), Failure> {
        let path = format!("/api/v1/responses/{response}/stream");
        let answer = self.server.call(Method::GET, &path, None).await?;
        let mut frames = answer.bytes_stream().eventsource();
        let mut shown = Shown::default();
        while let Some(frame) = frames.next().await {
            let frame = frame
                .map_err(|error| Failure::Unavailable(format!("the stream broke off: {error}")))?;
            if shown.frame(&frame)? {
                return Ok(());
            }
        }
        Err(Failure::Unavailable(
            "the stream ended before the answer did".to_owned(),
        ))
    }
}

/// What has been printed of an answer.
#[derive(Default)]
struct Shown {
    text: String,
}

impl Shown {
    /// Prints what a frame brings; true when the answer is whole.
    fn frame(&mut self, frame: &Event) -> Result<bool, Failure> {
        let data: Value = serde_json::from_str(&frame.data).unwrap_or_default();
        match frame.event.as_str() {
            "response.delta" if data["kind"] == "text" => {
                self.more(data["text"].as_str().unwrap_or_default());
            }
            "response.snapshot" => self.rest(data["text"].as_str().unwrap_or_default()),
            "response.completed" => {
                self.rest(data["message"]["content"].as_str().unwrap_or_default());
                output::piece("\n");
                citations(&data["message"]["citations"]);
                return Ok(true);
            }
            "response.failed" => {
                let detail = data["response"]["error"]["detail"]
                    .as_str()
                    .unwrap_or_default();
                let detail = output::harmless(detail);
                return Err(Failure::failed(std::io::Error::other(format!(
                    "the answer failed: {detail}"
                ))));
            }
            "response.interrupted" | "response.cancelled" => {
                self.rest(data["message"]["content"].as_str().unwrap_or_default());
                output::piece("\n");
                let state = frame.event.trim_start_matches("response.");
                return Err(Failure::Unavailable(format!("the answer was {state}")));
            }
            "stream.closed" => {
                return Err(Failure::Unavailable(format!(
                    "the server closed the stream: {}",
                    data["reason"]
                )));
            }
            _ => {}
        }
        Ok(false)
    }

    fn more(&mut self, text: &str) {
        output::piece(&output::harmless(text));
        self.text.push_str(text);
    }

    /// Prints what is missing of a whole text; one that differs is printed anew.
    fn rest(&mut self, whole: &str) {
        match whole.strip_prefix(self.text.as_str()) {
            Some(rest) => self.more(rest),
            None => {
                output::piece("\n");
                self.text.clear();
                self.more(whole);
            }
        }
    }
}

fn citations(citations: &Value) {
    for citation in citations.as_array().into_iter().flatten() {
        let title = citation["title"].as_str().unwrap_or_default();
        let location = citation["location"].as_str().unwrap_or_default();
        output::talk(&output::harmless(&format!(
            "[{}] {title} ({location})",
            citation["number"]
        )));
    }
}
