//! The HTTP side of a chat: post, follow the answer, print it as it comes.

use eventsource_stream::{Event, Eventsource};
use futures_util::StreamExt;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::arguments::Chat;
use crate::failure::Failure;
use crate::output;

/// A chat with one conversation of a server.
pub struct Client {
    http: reqwest::Client,
    url: String,
    token: String,
    assistant: Option<Uuid>,
    model: Option<String>,
    conversation: Option<Uuid>,
}

impl Client {
    pub fn new(url: &str, token: String, chat: &Chat) -> Result<Self, Failure> {
        // The server is on this machine: no proxy of the environment stands between.
        let http = reqwest::Client::builder()
            .no_proxy()
            .build()
            .map_err(Failure::failed)?;
        Ok(Self {
            http,
            url: url.to_owned(),
            token,
            assistant: chat.assistant,
            model: chat.model.clone(),
            conversation: chat.conversation,
        })
    }

    /// Asks, and prints the answer as it is written.
    pub async fn ask(&mut self, text: &str) -> Result<(), Failure> {
        let conversation = self.conversation().await?;
        let mut body = json!({"content": text});
        if let Some(model) = &self.model {
            body["model"] = json!(model);
        }
        let path = format!("/api/v1/conversations/{conversation}/messages");
        let exchange = self.call(Method::POST, &path, Some(body)).await?;
        let exchange: Value = exchange.json().await.map_err(Failure::failed)?;
        let id = exchange["response"]["id"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        tokio::select! {
            result = self.follow(&id) => result,
            _ = tokio::signal::ctrl_c() => {
                self.call(Method::POST, &format!("/api/v1/responses/{id}/cancel"), None).await?;
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
            .call(Method::POST, "/api/v1/conversations", Some(body))
            .await?;
        let made: Value = made.json().await.map_err(Failure::failed)?;
        let id = made["id"].as_str().and_then(|id| Uuid::parse_str(id).ok());
        let id = id.ok_or_else(|| {
            Failure::failed(std::io::Error::other("the server named no conversation"))
        })?;
        self.conversation = Some(id);
        Ok(id)
    }

    async fn follow(&self, response: &str) -> Result<(), Failure> {
        let path = format!("/api/v1/responses/{response}/stream");
        let answer = self.call(Method::GET, &path, None).await?;
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

    async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Response, Failure> {
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.url))
            .bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.map_err(|error| {
            Failure::Unavailable(format!("{} does not answer: {error}", self.url))
        })?;
        let status = response.status().as_u16();
        if response.status().is_success() {
            return Ok(response);
        }
        let problem: Value = response.json().await.unwrap_or_default();
        let detail = problem["detail"]
            .as_str()
            .unwrap_or("the server gave no reason")
            .to_owned();
        Err(match status {
            400 | 422 => Failure::Usage(detail),
            401 | 403 => Failure::Denied(detail),
            404 => Failure::NotFound(detail),
            409 | 410 | 412 => Failure::Conflict(detail),
            _ => Failure::Unavailable(detail),
        })
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
