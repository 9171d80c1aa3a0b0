//! A model at a provider: asked in the language of its kind, heard piece by piece, within limits.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use domain::provider::{ListedModel, ProviderKind};
use domain::response::Prompt;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, StreamExt};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::events::Events;
use super::heard::{Said, is_last, tokens};
use super::hearing::{Follows, Hearing};
use super::listed::listed;
use super::terms::{self, Refused, Terms};
use super::wire::{Refusal, masked, pause, refused, unreachable};
use super::{ChatModel, ModelError, Piece, anthropic, gemini, openai};

/// How long what follows the reason for the end is waited for: the count of tokens may.
const AFTER_THE_END: Duration = Duration::from_secs(3);
/// The same where the reason came together with words.
const AFTER_WORDS: Duration = Duration::from_secs(30);
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
    pub terms: Terms,
}

impl ChatModel for Remote {
    fn stream(&self, prompt: Prompt) -> BoxStream<'static, Result<Piece, ModelError>> {
        let (pieces, heard) = mpsc::channel(PIECES);
        let model = self.clone();
        tokio::spawn(async move {
            let Err(error) = surviving(model.answer(&prompt, &pieces)).await else {
                return;
            };
            // Nobody listens to an answer that was cancelled.
            let _ = pieces.send(Err(model.masked(error))).await;
        });
        stream::unfold(heard, |mut heard| async move {
            heard.recv().await.map(|piece| (piece, heard))
        })
        .boxed()
    }
}

/// A panic is a failure of this answer, and another model may give one.
async fn surviving(answer: impl Future<Output = Result<(), ModelError>>) -> Result<(), ModelError> {
    let answered = AssertUnwindSafe(answer).catch_unwind().await;
    answered.unwrap_or_else(|_| {
        Err(ModelError::provider(
            "what it sent could not be read; the server's log says more",
        ))
    })
}

type Pieces = mpsc::Sender<Result<Piece, ModelError>>;

impl Remote {
    /// Where a question goes, its body, and what hears its answer.
    fn question(&self, prompt: &Prompt, refused: &Refused) -> (String, Value, Hearing) {
        let limit = prompt.max_output_tokens;
        let (path, body, hearing) = match self.kind {
            ProviderKind::OpenaiCompatible => (
                "chat/completions".to_owned(),
                openai::body(self, prompt),
                openai::chunks(limit),
            ),
            ProviderKind::Anthropic => {
                let most = self.terms.max_output;
                let body = anthropic::body(&self.model, prompt, (most, refused.limit));
                ("messages".to_owned(), body, anthropic::events(limit))
            }
            ProviderKind::Gemini => (
                gemini::path(&self.model),
                gemini::body(prompt),
                gemini::chunks(limit),
            ),
        };
        let hearing = hearing.asked(asked(prompt)).hiding(self.api_key.as_deref());
        (path, terms::without(body, refused), hearing)
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

    pub(super) fn masked(&self, error: ModelError) -> ModelError {
        ModelError {
            detail: masked(&error.detail, self.api_key.as_deref()),
            ..error
        }
    }

    async fn answer(&self, prompt: &Prompt, pieces: &Pieces) -> Result<(), ModelError> {
        let deadline = Instant::now() + self.terms.times.total;
        let asked = tokio::select! {
            asked = tokio::time::timeout_at(deadline, self.begin(prompt, pieces)) => asked,
            // Cancelled: the connection is dropped.
            () = pieces.closed() => return Ok(()),
        };
        let (response, hearing) = asked.map_err(|_| self.too_long())??;
        let mut answer = Answering {
            model: self,
            hearing,
            events: Events::default(),
            begun: false,
            quiet_until: Instant::now() + self.terms.begin(),
            deadline,
        };
        let mut bytes = response.bytes_stream();
        loop {
            let limit = answer.quiet_until.min(deadline);
            let said = tokio::select! {
                bytes = tokio::time::timeout_at(limit, bytes.next()) => answer.take(bytes),
                () = pieces.closed() => return Ok(()),
            };
            for piece in said {
                let last = is_last(&piece);
                let piece = piece.map_err(|error| self.masked(error));
                if pieces.send(piece).await.is_err() || last {
                    return Ok(());
                }
            }
        }
    }

    fn too_long(&self) -> ModelError {
        let seconds = self.terms.times.total.as_secs();
        ModelError::timeout(format!(
            "the answer took longer than {seconds} seconds (models.answer_seconds)"
        ))
    }

    /// Asks until an answer begins. What the provider refuses is left out the next time, and remembered where that helped.
    async fn begin(
        &self,
        prompt: &Prompt,
        pieces: &Pieces,
    ) -> Result<(Response, Hearing), ModelError> {
        let known = self.known();
        let mut refused = known.clone();
        let (mut passing, mut guessed) = (false, false);
        loop {
            let (path, body, hearing) = self.question(prompt, &refused);
            let call = self
                .post(&path, &body)
                .header("accept", "text/event-stream");
            match self.ask(call).await {
                Ok(response) => {
                    match (refused != known && !passing, guessed) {
                        (true, false) => self.remember(&refused),
                        (true, true) => self.suspect(&refused),
                        (false, _) => {}
                    }
                    let left_out: Vec<String> = refused.fields.iter().map(|&f| f.into()).collect();
                    if !left_out.is_empty() {
                        // Nobody listens to an answer that was cancelled.
                        let _ = pieces.send(Ok(Piece::LeftOut(left_out))).await;
                    }
                    return Ok((response, hearing));
                }
                Err(refusal) => match self.next(&body, &refusal, &refused) {
                    Some(next) => {
                        passing |= terms::is_about_the_length(&refusal.said);
                        // What helps after a fault may have helped by chance as well.
                        guessed |=
                            refusal.is_fault() || terms::is_guess(&refused, &next, &refusal.said);
                        refused = next;
                    }
                    None => return Err(refusal.error),
                },
            }
        }
    }

    /// What to leave out after a refusal.
    fn next(&self, body: &Value, refusal: &Refusal, refused: &Refused) -> Option<Refused> {
        if refusal.is_fault() {
            return terms::named(body, refusal.reason.as_deref()?, refused);
        }
        if !refusal.is_about_the_body() {
            return None;
        }
        // Its limit must be given.
        if self.kind == ProviderKind::Anthropic
            && let Some(limit) = body["max_tokens"].as_u64()
        {
            let limit = u32::try_from(limit).unwrap_or(u32::MAX);
            if let Some(lower) = terms::lower_limit(limit, &refusal.said) {
                return Some(Refused {
                    limit: Some(lower),
                    ..refused.clone()
                });
            }
            let mut body = body.clone();
            body.as_object_mut()?.remove("max_tokens");
            return terms::next(&body, &refusal.said, refused);
        }
        terms::next(body, &refusal.said, refused)
    }

    /// What it is not asked with.
    pub(super) fn known(&self) -> Refused {
        self.terms.known.of(&self.base_url, &self.model)
    }

    pub(super) fn remember(&self, refused: &Refused) {
        tracing::info!(
            model = self.model,
            ?refused,
            "a provider does not take all that it is asked with"
        );
        let known = &self.terms.known;
        known.remember(&self.base_url, &self.model, refused.clone());
    }

    fn suspect(&self, refused: &Refused) {
        let known = &self.terms.known;
        known.suspect(&self.base_url, &self.model, refused.clone());
    }

    /// Asks until the provider begins to answer, a few times where it is merely busy.
    pub(super) async fn ask(&self, question: RequestBuilder) -> Result<Response, Refusal> {
        let limit = self.terms.begin();
        for tried in 1.. {
            let call = question.try_clone();
            let call = call.ok_or_else(|| ModelError::provider("it cannot be asked again"))?;
            let response = tokio::time::timeout(limit, call.send())
                .await
                .map_err(|_| self.not_begun())?
                .map_err(|error| unreachable(&error))?;
            if response.status().is_success() {
                return Ok(response);
            }
            let busy = response.status() == StatusCode::TOO_MANY_REQUESTS
                || response.status().is_server_error();
            let pause = pause(response.headers(), tried, chrono::Utc::now());
            let refusal = refused(response, self.api_key.as_deref(), self.terms.times.idle).await;
            if !busy || tried == TRIES || pause > LONGEST_PAUSE {
                return Err(refusal);
            }
            tokio::time::sleep(pause).await;
        }
        Err(ModelError::provider("it was asked too often").into())
    }

    fn not_begun(&self) -> ModelError {
        let name = match self.terms.private {
            true => "models.begin_seconds_private",
            false => "models.begin_seconds",
        };
        let seconds = self.terms.begin().as_secs();
        ModelError::timeout(format!(
            "the provider did not begin to answer within {seconds} seconds ({name})"
        ))
    }
}

/// One answer, while it is heard.
struct Answering<'a> {
    model: &'a Remote,
    hearing: Hearing,
    events: Events,
    /// Whether an event has come.
    begun: bool,
    /// Without a sign of life until then it has broken off, or ended where its reason was given.
    quiet_until: Instant,
    deadline: Instant,
}

type Bytes = Option<Result<bytes::Bytes, reqwest::Error>>;

impl Answering<'_> {
    /// What further bytes say, or that none come.
    fn take(&mut self, bytes: Result<Bytes, tokio::time::error::Elapsed>) -> Said {
        let bytes = match bytes {
            Ok(Some(Ok(bytes))) => bytes,
            Ok(Some(Err(error))) => {
                let broken = format!("the stream broke off: {}", error.without_url());
                return self.broken(ModelError::provider(broken));
            }
            Ok(None) => return self.end(),
            Err(_) => return self.quiet(),
        };
        let Ok(events) = self.events.take(&bytes) else {
            return self.broken(ModelError::provider(
                "the stream broke off: the answer is too large",
            ));
        };
        let had_ended = self.hearing.has_ended();
        let mut said = Vec::new();
        for event in events {
            self.begun = true;
            said.extend(self.hearing.hear(&event.name, &event.data));
        }
        // Bytes of any kind are a sign of life; after the reason for the end, only what says something more is.
        let times = &self.model.terms.times;
        let now = Instant::now();
        match (self.hearing.has_ended(), self.begun) {
            (true, _) if !had_ended || !said.is_empty() => {
                self.quiet_until = now
                    + match self.hearing.may_follow() {
                        Follows::Counts => AFTER_THE_END,
                        Follows::Words => AFTER_WORDS.min(times.idle),
                        Follows::Anything => times.idle,
                    };
            }
            (true, _) => {}
            (false, true) => self.quiet_until = now + times.idle,
            (false, false) => self.quiet_until = now + self.model.terms.begin(),
        }
        said
    }

    fn quiet(&mut self) -> Said {
        let error = match (Instant::now() >= self.deadline, self.begun) {
            (true, _) => self.model.too_long(),
            (false, false) => self.model.not_begun(),
            (false, true) => {
                let seconds = self.model.terms.times.idle.as_secs();
                ModelError::timeout(format!(
                    "the provider said nothing for {seconds} seconds (models.idle_seconds)"
                ))
            }
        };
        self.broken(error)
    }

    fn broken(&mut self, error: ModelError) -> Said {
        if let Some(whole) = self.events.whole() {
            return self.hearing.hear_whole(&whole, Some(error));
        }
        let mut said = self.rest();
        said.extend(self.hearing.broken(error));
        said
    }

    fn end(&mut self) -> Said {
        if let Some(whole) = self.events.whole() {
            return self.hearing.hear_whole(&whole, None);
        }
        let mut said = self.rest();
        said.extend(self.hearing.end());
        said
    }

    /// What the last event says, which has no end.
    fn rest(&mut self) -> Said {
        let events = self.events.end().into_iter();
        events
            .flat_map(|event| self.hearing.hear(&event.name, &event.data))
            .collect()
    }
}

/// Tokens of a prompt as far as we can tell.
fn asked(prompt: &Prompt) -> u64 {
    let messages = prompt.messages();
    let told: u64 = messages.iter().map(|message| tokens(&message.text)).sum();
    told + tokens(&prompt.system())
}

#[cfg(test)]
mod tests {
    use domain::response::FailureCode;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_failure_that_another_model_may_follow() {
        assert_eq!(surviving(async { Ok(()) }).await, Ok(()));
        let refused = ModelError::timeout("too late");
        assert_eq!(
            surviving(async { Err(refused.clone()) }).await,
            Err(refused.clone())
        );
        let text = String::from("ü");
        let failed = surviving(async move {
            let _ = &text[1..];
            Ok(())
        });
        assert_eq!(failed.await.unwrap_err().code, FailureCode::ProviderError);
    }
}
