//! Models behind an OpenAI-compatible interface: `OpenAI`, Ollama, vLLM, llama.cpp, `LiteLLM` and their kin.

mod chunk;
mod embeddings;
mod request;

use std::time::Duration;

use domain::response::{FailureCode, Prompt};
use eventsource_stream::Eventsource;
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt};
use reqwest::{Response, StatusCode};
use serde_json::Value;
use tokio::sync::mpsc;

use self::chunk::Chunks;
use super::{ChatModel, ModelError, Piece};

/// Until the answer begins.
const BEGIN_LIMIT: Duration = Duration::from_mins(1);
/// Between two pieces.
const IDLE_LIMIT: Duration = Duration::from_mins(1);
/// Of a whole answer.
const TIME_LIMIT: Duration = Duration::from_mins(10);
/// Bytes on the wire of a whole answer.
const BYTE_LIMIT: usize = 32 * 1024 * 1024;
/// Bytes of one line: who parses it looks at all of it again with every piece that comes.
const LINE_LIMIT: usize = 1024 * 1024;
/// Of an error's body.
const ERROR_LIMIT: usize = 16 * 1024;
/// Tries before the first piece, and the longest pause between them.
const TRIES: u32 = 3;
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
const PIECES: usize = 64;

/// A model at a provider.
#[derive(Debug, Clone)]
pub struct OpenAi {
    pub client: reqwest::Client,
    pub base_url: String,
    pub api_key: Option<String>,
    pub model: String,
}

impl ChatModel for OpenAi {
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

impl OpenAi {
    async fn answer(&self, prompt: &Prompt, pieces: &Pieces) -> Result<(), ModelError> {
        let body = request::body(&self.model, &self.base_url, prompt);
        let response = self
            .ask("chat/completions", "text/event-stream", &body)
            .await?;
        let mut events = Box::pin(capped(response).eventsource());
        let mut chunks = Chunks::new(prompt.max_output_tokens);
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
                Some(Ok(event)) => chunks.hear(&event.data)?,
                Some(Err(error)) => return Err(ModelError::provider(broken(&error))),
                None => chunks.end()?,
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
    async fn ask(&self, path: &str, accept: &str, body: &Value) -> Result<Response, ModelError> {
        for tried in 1.. {
            let mut call = self
                .client
                .post(format!("{}/{path}", self.base_url))
                .header("accept", accept)
                .json(body);
            if let Some(key) = &self.api_key {
                call = call.bearer_auth(key);
            }
            let response = tokio::time::timeout(BEGIN_LIMIT, call.send())
                .await
                .map_err(|_| {
                    ModelError::timeout("the provider did not begin to answer within a minute")
                })?
                .map_err(|error| unreachable_provider(&error))?;
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

/// The pause that a provider asks for, else a growing one.
fn pause(response: &Response, tried: u32) -> Duration {
    let asked = response
        .headers()
        .get("retry-after")
        .and_then(|value| value.to_str().ok()?.trim().parse().ok());
    match asked {
        Some(seconds) => Duration::from_secs(seconds),
        None => Duration::from_millis(500) * 2_u32.pow(tried - 1),
    }
}

/// The bytes of an answer, ended by an error where they are too many.
fn capped(response: Response) -> impl Stream<Item = Result<Vec<u8>, std::io::Error>> {
    let (mut total, mut line) = (0, 0);
    response.bytes_stream().map(move |bytes| {
        let bytes = bytes.map_err(std::io::Error::other)?;
        total += bytes.len();
        line = match bytes.iter().rposition(|byte| *byte == b'\n') {
            Some(end) => bytes.len() - end,
            None => line + bytes.len(),
        };
        if total > BYTE_LIMIT || line > LINE_LIMIT {
            return Err(std::io::Error::other("the answer is too large"));
        }
        Ok(bytes.to_vec())
    })
}

fn broken(error: &eventsource_stream::EventStreamError<std::io::Error>) -> String {
    format!("the stream broke off: {error}")
}

/// Without the URL: one that is blocked looks like one where nothing listens.
fn unreachable_provider(error: &reqwest::Error) -> ModelError {
    if error.is_timeout() {
        return ModelError::timeout("the provider could not be connected to in time");
    }
    ModelError::new(
        FailureCode::ProviderUnreachable,
        "nothing answers at the provider's address, or it may not be called",
    )
}

/// What a refusal says, bounded and without the key.
async fn refused(response: Response, api_key: Option<&str>) -> ModelError {
    let status = response.status();
    let mut body = Vec::new();
    let mut bytes = response.bytes_stream();
    while let Ok(Some(Ok(more))) = tokio::time::timeout(IDLE_LIMIT, bytes.next()).await {
        body.extend_from_slice(&more);
        if body.len() > ERROR_LIMIT {
            break;
        }
    }
    let told: Option<String> = serde_json::from_slice::<serde_json::Value>(&body)
        .ok()
        .and_then(|body| {
            let error = &body["error"];
            let message = error["message"].as_str().or(error.as_str())?;
            Some(
                message
                    .chars()
                    .filter(|c| !c.is_control())
                    .take(500)
                    .collect(),
            )
        });
    let told = told.map_or_else(String::new, |told| format!(": {told}"));
    let mut detail = format!("the provider answered {status}{told}");
    if let Some(key) = api_key {
        detail = detail.replace(key, "***");
    }
    let code = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::PAYMENT_REQUIRED => {
            FailureCode::ProviderUnauthorized
        }
        StatusCode::TOO_MANY_REQUESTS => FailureCode::ProviderRateLimited,
        StatusCode::NOT_FOUND => FailureCode::ModelUnavailable,
        _ => FailureCode::ProviderError,
    };
    ModelError::new(code, detail)
}
