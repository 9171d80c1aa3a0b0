//! The HTTP client of a chat: posts messages and prints the streamed answers.

use eventsource_stream::{Event, Eventsource};
use futures_util::StreamExt;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::api_client::ApiClient;
use crate::arguments::Chat;
use crate::failure::Failure;
use crate::output;

/// A chat in one conversation.
pub struct ChatClient {
    server: ApiClient,
    assistant: Option<Uuid>,
    model: Option<String>,
    conversation: Option<Uuid>,
}

impl ChatClient {
    pub fn new(server: ApiClient, chat: &Chat) -> Self {
        Self {
            server,
            assistant: chat.assistant,
            model: chat.model.clone(),
            conversation: chat.conversation,
        }
    }

    /// Posts a message and prints the answer while it is generated.
    pub async fn ask(&mut self, text: &str) -> Result<(), Failure> {
        let conversation = self.conversation_id().await?;
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

    /// The conversation; created by the first message unless one was given.
    async fn conversation_id(&mut self) -> Result<Uuid, Failure> {
        if let Some(id) = self.conversation {
            return Ok(id);
        }
        let mut body = json!({});
        if let Some(assistant) = self.assistant {
            body["assistant_id"] = json!(assistant);
        }
        let created = self
            .server
            .post("/api/v1/conversations", Some(body))
            .await?;
        let id = created["id"]
            .as_str()
            .and_then(|id| Uuid::parse_str(id).ok());
        let id = id.ok_or_else(|| {
            Failure::failed(std::io::Error::other(
                "the server returned no conversation id",
            ))
        })?;
        self.conversation = Some(id);
        Ok(id)
    }

    async fn follow(&self, response: &str) -> Result<(), Failure> {
        let path = format!("/api/v1/responses/{response}/stream");
        let response = self.server.call(Method::GET, &path, None).await?;
        let mut frames = response.bytes_stream().eventsource();
        let mut printer = AnswerPrinter::default();
        while let Some(frame) = frames.next().await {
            let frame = frame.map_err(|error| {
                Failure::Unavailable(format!("the connection to the server was lost: {error}"))
            })?;
            if printer.print_frame(&frame)? {
                return Ok(());
            }
        }
        Err(Failure::Unavailable(
            "the server closed the connection before the answer was complete".to_owned(),
        ))
    }
}

/// Prints an answer and remembers the text printed so far.
#[derive(Default)]
struct AnswerPrinter {
    text: String,
}

impl AnswerPrinter {
    /// Prints the new text of a frame; returns true when the answer is complete.
    fn print_frame(&mut self, frame: &Event) -> Result<bool, Failure> {
        let data: Value = serde_json::from_str(&frame.data).unwrap_or_default();
        match frame.event.as_str() {
            "response.delta" if data["kind"] == "text" => {
                self.print(data["text"].as_str().unwrap_or_default());
            }
            "response.snapshot" => self.print_rest(data["text"].as_str().unwrap_or_default()),
            "response.completed" => {
                self.print_rest(data["message"]["content"].as_str().unwrap_or_default());
                output::print_text("\n");
                print_citations(&data["message"]["citations"]);
                return Ok(true);
            }
            "response.failed" => {
                let detail = data["response"]["error"]["detail"]
                    .as_str()
                    .unwrap_or_default();
                let detail = output::sanitize(detail);
                return Err(Failure::failed(std::io::Error::other(format!(
                    "the answer failed: {detail}"
                ))));
            }
            "response.interrupted" | "response.cancelled" => {
                self.print_rest(data["message"]["content"].as_str().unwrap_or_default());
                output::print_text("\n");
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

    fn print(&mut self, text: &str) {
        output::print_text(&output::sanitize(text));
        self.text.push_str(text);
    }

    /// Prints the rest of the full text, or all of it on a new line if it differs from the text printed so far.
    fn print_rest(&mut self, full: &str) {
        match full.strip_prefix(self.text.as_str()) {
            Some(rest) => self.print(rest),
            None => {
                output::print_text("\n");
                self.text.clear();
                self.print(full);
            }
        }
    }
}

fn print_citations(citations: &Value) {
    for citation in citations.as_array().into_iter().flatten() {
        let title = citation["title"].as_str().unwrap_or_default();
        let location = citation["location"].as_str().unwrap_or_default();
        output::print_message(&output::sanitize(&format!(
            "[{}] {title} ({location})",
            citation["number"]
        )));
    }
}
