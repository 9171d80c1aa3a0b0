//! A model at a provider: asked in the language of its kind, heard piece by piece, within limits.

use std::time::Duration;

use domain::provider::{ListedModel, ProviderKind};
use domain::response::Prompt;
use eventsource_stream::Eventsource;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::Value;
use tokio::sync::mpsc;

use super::listed::listed;
use super::wire::{IDLE_LIMIT, capped, pause, refused, unreachable};
use super::{ChatModel, ModelError, Piece, anthropic, gemini, openai};

/// Until the answer begins.
const BEGIN_LIMIT: Duration = Duration::from_mins(1);
/// Of a whole answer.
const TIME_LIMIT: Duration = Duration::from_mins(10);
/// Tries before the first piece, and the longest pause between them.
const TRIES: u32 = 3;
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
const PIECES: usize = 64;

/// A model at a provider.
#[derive(Debug, Clone)]
pub struct Remote {
    pub client: reqwest::Client,
    pub kind: ProviderKind,
    pub base_url: String,
    pub api_key: Option<String>,
    pub model: String,
}

/// What hears the events of an answer, in the language of a kind. Nothing that is sent is believed without a look.
pub(super) trait Hearing: Send {
    /// The pieces of one event; the last one is the end.
    fn hear(&mut self, data: &str) -> Result<Vec<Piece>, ModelError>;

    /// The stream has ended: the last piece, where a reason was given before.
    fn end(&mut self) -> Result<Vec<Piece>, ModelError>;
}

impl ChatModel for Remote {
    fn stream(&self, prompt: Prompt) -> BoxStream<'static, Result<Piece, ModelError>> {
        let (pieces, heard) = mpsc::channel(PIECES);
        let model = self.clone();
        tokio::spawn(async move {
            let answered = tokio::time::timeout(TIME_LIMIT, model.answer(&prompt, &pieces)).await;
            let error = match answered {
                Ok(Ok(())) => return,
                Ok(Err(error)) => error,
                Err(_) => ModelError::timeout("the answer took longer than ten minutes"),
            };
            // Nobody listens to an answer that was cancelled.
            let _ = pieces.send(Err(error)).await;
        });
        stream::unfold(heard, |mut heard| async move {
            heard.recv().await.map(|piece| (piece, heard))
        })
        .boxed()
    }
}

type Pieces = mpsc::Sender<Result<Piece, ModelError>>;

impl Remote {
    /// The question, and what hears its answer.
    fn question(&self, prompt: &Prompt) -> (RequestBuilder, Box<dyn Hearing>) {
        let limit = prompt.max_output_tokens;
        match self.kind {
            ProviderKind::OpenaiCompatible => (
                self.post("chat/completions", &openai::body(self, prompt)),
                Box::new(openai::Chunks::new(limit)),
            ),
            ProviderKind::Anthropic => (
                self.post("messages", &anthropic::body(&self.model, prompt)),
                Box::new(anthropic::Events::new(limit)),
            ),
            ProviderKind::Gemini => (
                self.post(&gemini::path(&self.model), &gemini::body(prompt)),
                Box::new(gemini::Chunks::new(limit)),
            ),
        }
    }

    /// The request for the models that there are.
    pub(crate) fn models(&self) -> RequestBuilder {
        let path = match self.kind {
            ProviderKind::OpenaiCompatible => "models",
            ProviderKind::Anthropic => "models?limit=1000",
            ProviderKind::Gemini => "models?pageSize=1000",
        };
        self.signed(self.client.get(self.url(path)))
    }

    /// The models that an answer to it names; none where it is no such answer.
    pub(crate) fn listed(&self, told: &Value) -> Option<Vec<ListedModel>> {
        let models = listed(told)?.into_iter();
        Some(match self.kind {
            ProviderKind::OpenaiCompatible | ProviderKind::Anthropic => models.collect(),
            ProviderKind::Gemini => models.map(gemini::plain_name).collect(),
        })
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.signed(self.client.post(self.url(path)).json(body))
    }

    fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.base_url)
    }

    /// With the key, where each kind wants it.
    fn signed(&self, call: RequestBuilder) -> RequestBuilder {
        let call = match self.kind {
            ProviderKind::Anthropic => call.header("anthropic-version", anthropic::VERSION),
            ProviderKind::OpenaiCompatible | ProviderKind::Gemini => call,
        };
        match (self.kind, &self.api_key) {
            (_, None) => call,
            (ProviderKind::OpenaiCompatible, Some(key)) => call.bearer_auth(key),
            (ProviderKind::Anthropic, Some(key)) => call.header("x-api-key", key),
            (ProviderKind::Gemini, Some(key)) => call.header("x-goog-api-key", key),
        }
    }

    async fn answer(&self, prompt: &Prompt, pieces: &Pieces) -> Result<(), ModelError> {
        let (question, mut hearing) = self.question(prompt);
        let question = question.header("accept", "text/event-stream");
        let mut events = Box::pin(capped(self.ask(question).await?).eventsource());
        loop {
            let event = tokio::select! {
                event = tokio::time::timeout(IDLE_LIMIT, events.next()) => event,
                // Cancelled: the connection is dropped.
                () = pieces.closed() => return Ok(()),
            };
            let Ok(event) = event else {
                return Err(ModelError::timeout(
                    "the provider said nothing for a minute",
                ));
            };
            let said = match event {
                Some(Ok(event)) => hearing.hear(&event.data)?,
                Some(Err(error)) => {
                    return Err(ModelError::provider(format!(
                        "the stream broke off: {error}"
                    )));
                }
                None => hearing.end()?,
            };
            let last = matches!(said.last(), Some(Piece::Finished { .. }));
            for piece in said {
                if pieces.send(Ok(piece)).await.is_err() {
                    return Ok(());
                }
            }
            if last {
                return Ok(());
            }
        }
    }

    /// Asks until the provider begins to answer, a few times where it is merely busy.
    pub(super) async fn ask(&self, question: RequestBuilder) -> Result<Response, ModelError> {
        for tried in 1.. {
            let call = question.try_clone();
            let call = call.ok_or_else(|| ModelError::provider("it cannot be asked again"))?;
            let response = tokio::time::timeout(BEGIN_LIMIT, call.send())
                .await
                .map_err(|_| {
                    ModelError::timeout("the provider did not begin to answer within a minute")
                })?
                .map_err(|error| unreachable(&error))?;
            if response.status().is_success() {
                return Ok(response);
            }
            let busy = response.status() == StatusCode::TOO_MANY_REQUESTS
                || response.status().is_server_error();
            let pause = pause(&response, tried);
            let error = refused(response, self.api_key.as_deref()).await;
            if !busy || tried == TRIES || pause > LONGEST_PAUSE {
                return Err(error);
            }
            tokio::time::sleep(pause).await;
        }
        Err(ModelError::provider("it was asked too often"))
    }
}
