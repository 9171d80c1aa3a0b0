//! A model of a provider: sends requests of its API type and streams the response, with timeouts and retries.

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

use super::answer::{ModelEvents, estimate_tokens, is_last};
use super::decoder::{ResponseDecoder, Trailing};
use super::images::{IMAGES, is_about_images};
use super::model_list::parse_models;
use super::policy::CallPolicy;
use super::restrictions::{self, Restrictions};
use super::sse::SseParser;
use super::wire::{RequestFailure, connection_error, mask_key, read_failure, retry_pause};
use super::{ChatModel, ModelError, ModelEvent, anthropic, gemini, openai};

/// How long to wait for the usage after the finish reason.
const USAGE_WAIT: Duration = Duration::from_secs(3);
/// How long to wait if the finish reason came together with text.
const TEXT_WAIT: Duration = Duration::from_secs(30);
/// Attempts before the first event, and the longest pause between them.
const MAX_ATTEMPTS: u32 = 3;
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
const CHANNEL_CAPACITY: usize = 64;

/// A model of a provider.
#[derive(Debug, Clone)]
pub struct RemoteModel {
    pub client: reqwest::Client,
    pub kind: ProviderKind,
    pub base_url: String,
    pub api_key: Option<String>,
    pub model: String,
    pub policy: CallPolicy,
}

impl ChatModel for RemoteModel {
    fn stream(&self, prompt: Prompt) -> BoxStream<'static, Result<ModelEvent, ModelError>> {
        let (sender, receiver) = mpsc::channel(CHANNEL_CAPACITY);
        let model = self.clone();
        #[expect(
            clippy::disallowed_methods,
            reason = "ends when the reader of its channel is gone"
        )]
        tokio::spawn(async move {
            let Err(error) = catch_panic(model.stream_answer(&prompt, &sender)).await else {
                return;
            };
            // The receiver is gone if the answer was cancelled.
            let _ = sender.send(Err(model.mask_error(error))).await;
        });
        stream::unfold(receiver, |mut receiver| async move {
            receiver.recv().await.map(|event| (event, receiver))
        })
        .boxed()
    }
}

/// Turns a panic into a failure of this answer, so that another model can answer.
async fn catch_panic(
    answer: impl Future<Output = Result<(), ModelError>>,
) -> Result<(), ModelError> {
    let result = AssertUnwindSafe(answer).catch_unwind().await;
    result.unwrap_or_else(|_| {
        Err(ModelError::provider(
            "cannot read the provider's response; see the server log",
        ))
    })
}

type EventSender = mpsc::Sender<Result<ModelEvent, ModelError>>;

impl RemoteModel {
    /// The path and body of a request, and the decoder of its response.
    fn build_request(
        &self,
        prompt: &Prompt,
        restrictions: &Restrictions,
    ) -> (String, Value, ResponseDecoder) {
        let is_blind = self.policy.vision == Some(false) || restrictions.fields.contains(IMAGES);
        let blind = (is_blind && prompt.has_images()).then(|| prompt.clone().without_images());
        let prompt = blind.as_ref().unwrap_or(prompt);
        let limit = prompt.max_output_tokens;
        let (path, body, decoder) = match self.kind {
            ProviderKind::OpenaiCompatible => (
                "chat/completions".to_owned(),
                openai::build_body(self, prompt),
                openai::decoder(limit),
            ),
            ProviderKind::Anthropic => {
                let most = self.policy.max_output;
                let body = anthropic::build_body(&self.model, prompt, (most, restrictions.limit));
                ("messages".to_owned(), body, anthropic::decoder(limit))
            }
            ProviderKind::Gemini => (
                gemini::path(&self.model),
                gemini::build_body(prompt),
                gemini::decoder(limit),
            ),
        };
        let decoder = decoder
            .with_prompt_tokens(count_prompt_tokens(prompt))
            .with_masked_key(self.api_key.as_deref());
        (path, restrictions::apply(body, restrictions), decoder)
    }

    /// The request for the list of models.
    pub(crate) fn models_request(&self) -> RequestBuilder {
        let path = match self.kind {
            ProviderKind::OpenaiCompatible => "models",
            ProviderKind::Anthropic => "models?limit=1000",
            ProviderKind::Gemini => "models?pageSize=1000",
        };
        self.authenticate(self.client.get(self.url(path)))
    }

    /// The models in the response; `None` if it is not a list of models.
    pub(crate) fn parse_models(&self, response: &Value) -> Option<Vec<ListedModel>> {
        let models = parse_models(response)?.into_iter();
        Some(match self.kind {
            ProviderKind::OpenaiCompatible | ProviderKind::Anthropic => models.collect(),
            ProviderKind::Gemini => models.map(gemini::strip_prefix).collect(),
        })
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.authenticate(self.client.post(self.url(path)).json(body))
    }

    fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.base_url)
    }

    /// Adds the API key, in the header of each API type.
    pub(crate) fn authenticate(&self, request: RequestBuilder) -> RequestBuilder {
        let request = match self.kind {
            ProviderKind::Anthropic => request.header("anthropic-version", anthropic::VERSION),
            ProviderKind::OpenaiCompatible | ProviderKind::Gemini => request,
        };
        match (self.kind, &self.api_key) {
            (_, None) => request,
            (ProviderKind::OpenaiCompatible, Some(key)) => request.bearer_auth(key),
            (ProviderKind::Anthropic, Some(key)) => request.header("x-api-key", key),
            (ProviderKind::Gemini, Some(key)) => request.header("x-goog-api-key", key),
        }
    }

    pub(super) fn mask_error(&self, error: ModelError) -> ModelError {
        ModelError {
            detail: mask_key(&error.detail, self.api_key.as_deref()),
            ..error
        }
    }

    async fn stream_answer(&self, prompt: &Prompt, sender: &EventSender) -> Result<(), ModelError> {
        let deadline = Instant::now() + self.policy.timeouts.total;
        let started = tokio::select! {
            started = tokio::time::timeout_at(deadline, self.start_response(prompt, sender)) => started,
            // Cancelled: dropping the future closes the connection.
            () = sender.closed() => return Ok(()),
        };
        let (response, decoder) = started.map_err(|_| self.total_timeout())??;
        let mut reader = ResponseReader {
            model: self,
            decoder,
            parser: SseParser::default(),
            has_events: false,
            idle_deadline: Instant::now() + self.policy.begin_timeout(),
            deadline,
        };
        let mut bytes = response.bytes_stream();
        loop {
            let limit = reader.idle_deadline.min(deadline);
            let events = tokio::select! {
                bytes = tokio::time::timeout_at(limit, bytes.next()) => reader.read_chunk(bytes),
                () = sender.closed() => return Ok(()),
            };
            for event in events {
                let is_final = is_last(&event);
                let event = event.map_err(|error| self.mask_error(error));
                if sender.send(event).await.is_err() || is_final {
                    return Ok(());
                }
            }
        }
    }

    fn total_timeout(&self) -> ModelError {
        let seconds = self.policy.timeouts.total.as_secs();
        ModelError::timeout(format!(
            "the answer took longer than {seconds} seconds (models.answer_seconds)"
        ))
    }

    /// Sends the request until a response starts. Fields that the provider rejects are omitted from the next request,
    /// which is remembered if that helped.
    async fn start_response(
        &self,
        prompt: &Prompt,
        sender: &EventSender,
    ) -> Result<(Response, ResponseDecoder), ModelError> {
        let known = self.restrictions();
        let mut restrictions = known.clone();
        let (mut is_temporary, mut is_guess) = (false, false);
        loop {
            let (path, body, decoder) = self.build_request(prompt, &restrictions);
            let request = self
                .post(&path, &body)
                .header("accept", "text/event-stream");
            match self.send(request).await {
                Ok(response) => {
                    let found = restrictions.without_images();
                    match (found != known && !is_temporary, is_guess) {
                        (true, false) => self.remember(&found),
                        (true, true) => self.suspect(&found),
                        (false, _) => {}
                    }
                    let omitted: Vec<String> =
                        restrictions.fields.iter().map(|&f| f.into()).collect();
                    if !omitted.is_empty() {
                        // The receiver is gone if the answer was cancelled.
                        let _ = sender.send(Ok(ModelEvent::OmittedFields(omitted))).await;
                    }
                    return Ok((response, decoder));
                }
                Err(failure) if self.may_be_blind(prompt, &failure, &restrictions) => {
                    restrictions.fields.insert(IMAGES);
                }
                Err(failure) => match self.next_restrictions(&body, &failure, &restrictions) {
                    Some(next) => {
                        is_temporary |= restrictions::is_about_context_length(&failure.body);
                        // After a server error, the change may have helped by chance.
                        is_guess |= failure.is_server_fault()
                            || restrictions::is_guess(&restrictions, &next, &failure.body);
                        restrictions = next;
                    }
                    None => return Err(failure.error),
                },
            }
        }
    }

    /// Whether a request failed because of its images, and the model is not known to see: it gets the prompt without
    /// them.
    fn may_be_blind(
        &self,
        prompt: &Prompt,
        failure: &RequestFailure,
        restrictions: &Restrictions,
    ) -> bool {
        let had_images = prompt.has_images() && !restrictions.fields.contains(IMAGES);
        let is_refusal = failure.is_bad_request() || failure.is_server_fault();
        had_images && is_refusal && self.policy.vision.is_none() && is_about_images(&failure.body)
    }

    /// The restrictions to retry with after a failure.
    fn next_restrictions(
        &self,
        body: &Value,
        failure: &RequestFailure,
        restrictions: &Restrictions,
    ) -> Option<Restrictions> {
        if failure.is_server_fault() {
            return restrictions::next_named_restrictions(
                body,
                failure.message.as_deref()?,
                restrictions,
            );
        }
        if !failure.is_bad_request() {
            return None;
        }
        // Anthropic requires a token limit.
        if self.kind == ProviderKind::Anthropic
            && let Some(limit) = body["max_tokens"].as_u64()
        {
            let limit = u32::try_from(limit).unwrap_or(u32::MAX);
            if let Some(lower) = restrictions::lower_limit(limit, &failure.body) {
                return Some(Restrictions {
                    limit: Some(lower),
                    ..restrictions.clone()
                });
            }
            let mut body = body.clone();
            body.as_object_mut()?.remove("max_tokens");
            return restrictions::next_restrictions(&body, &failure.body, restrictions);
        }
        restrictions::next_restrictions(body, &failure.body, restrictions)
    }

    /// What the model is known to reject.
    pub(super) fn restrictions(&self) -> Restrictions {
        self.policy.restrictions.find(&self.base_url, &self.model)
    }

    pub(super) fn remember(&self, restrictions: &Restrictions) {
        tracing::info!(
            model = self.model,
            ?restrictions,
            "a provider rejects parts of a request; omitting them from now on"
        );
        let cache = &self.policy.restrictions;
        cache.remember(&self.base_url, &self.model, restrictions.clone());
    }

    fn suspect(&self, restrictions: &Restrictions) {
        let cache = &self.policy.restrictions;
        cache.suspect(&self.base_url, &self.model, restrictions.clone());
    }

    /// Sends a request until a response starts; retries a few times if the provider is busy.
    pub(super) async fn send(&self, request: RequestBuilder) -> Result<Response, RequestFailure> {
        let limit = self.policy.begin_timeout();
        for attempt in 1.. {
            let call = request.try_clone();
            let call =
                call.ok_or_else(|| ModelError::provider("the request cannot be repeated"))?;
            let response = tokio::time::timeout(limit, call.send())
                .await
                .map_err(|_| self.begin_timeout())?
                .map_err(|error| connection_error(&error))?;
            if response.status().is_success() {
                return Ok(response);
            }
            let is_busy = response.status() == StatusCode::TOO_MANY_REQUESTS
                || response.status().is_server_error();
            let now = self.policy.clock.now();
            let pause = retry_pause(response.headers(), attempt, now);
            let failure = read_failure(
                response,
                self.api_key.as_deref(),
                self.policy.timeouts.idle,
                now,
            )
            .await;
            if !is_busy || attempt == MAX_ATTEMPTS || pause > LONGEST_PAUSE {
                return Err(failure);
            }
            tokio::time::sleep(pause).await;
        }
        Err(ModelError::provider("too many attempts").into())
    }

    fn begin_timeout(&self) -> ModelError {
        let name = match self.policy.is_private {
            true => "models.begin_seconds_private",
            false => "models.begin_seconds",
        };
        let seconds = self.policy.begin_timeout().as_secs();
        ModelError::timeout(format!(
            "the provider did not respond within {seconds} seconds ({name})"
        ))
    }
}

/// Reads one response.
struct ResponseReader<'a> {
    model: &'a RemoteModel,
    decoder: ResponseDecoder,
    parser: SseParser,
    /// Whether an event was received.
    has_events: bool,
    /// Without further bytes until then the answer has broken off, or ended if a finish reason was given.
    idle_deadline: Instant,
    deadline: Instant,
}

type Bytes = Option<Result<bytes::Bytes, reqwest::Error>>;

impl ResponseReader<'_> {
    /// Decodes further bytes, or the end of the stream.
    fn read_chunk(&mut self, bytes: Result<Bytes, tokio::time::error::Elapsed>) -> ModelEvents {
        let bytes = match bytes {
            Ok(Some(Ok(bytes))) => bytes,
            Ok(Some(Err(error))) => {
                let detail = format!("the stream broke off: {}", error.without_url());
                return self.fail(ModelError::provider(detail));
            }
            Ok(None) => return self.finish(),
            Err(_) => return self.time_out(),
        };
        let Ok(events) = self.parser.push(&bytes) else {
            return self.fail(ModelError::provider(
                "the stream broke off: the response is too large",
            ));
        };
        let had_reason = self.decoder.has_finish_reason();
        let mut output = Vec::new();
        for event in events {
            self.has_events = true;
            output.extend(self.decoder.decode_event(&event.name, &event.data));
        }
        // Any bytes are a sign of life. After the finish reason, only new output is.
        let timeouts = &self.model.policy.timeouts;
        let now = Instant::now();
        match (self.decoder.has_finish_reason(), self.has_events) {
            (true, _) if !had_reason || !output.is_empty() => {
                self.idle_deadline = now
                    + match self.decoder.trailing() {
                        Trailing::Usage => USAGE_WAIT,
                        Trailing::Text => TEXT_WAIT.min(timeouts.idle),
                        Trailing::Anything => timeouts.idle,
                    };
            }
            (true, _) => {}
            (false, true) => self.idle_deadline = now + timeouts.idle,
            (false, false) => self.idle_deadline = now + self.model.policy.begin_timeout(),
        }
        output
    }

    fn time_out(&mut self) -> ModelEvents {
        let error = match (Instant::now() >= self.deadline, self.has_events) {
            (true, _) => self.model.total_timeout(),
            (false, false) => self.model.begin_timeout(),
            (false, true) => {
                let seconds = self.model.policy.timeouts.idle.as_secs();
                ModelError::timeout(format!(
                    "the provider sent nothing for {seconds} seconds (models.idle_seconds)"
                ))
            }
        };
        self.fail(error)
    }

    fn fail(&mut self, error: ModelError) -> ModelEvents {
        if let Some(body) = self.parser.whole_body() {
            return self.decoder.decode_body(&body, Some(error));
        }
        let mut output = self.read_last_event();
        output.extend(self.decoder.fail(error));
        output
    }

    fn finish(&mut self) -> ModelEvents {
        if let Some(body) = self.parser.whole_body() {
            return self.decoder.decode_body(&body, None);
        }
        let mut output = self.read_last_event();
        output.extend(self.decoder.finish());
        output
    }

    /// Decodes the last event, which may not be terminated.
    fn read_last_event(&mut self) -> ModelEvents {
        let events = self.parser.finish().into_iter();
        events
            .flat_map(|event| self.decoder.decode_event(&event.name, &event.data))
            .collect()
    }
}

/// Estimates the tokens of a prompt.
fn count_prompt_tokens(prompt: &Prompt) -> u64 {
    let messages = prompt.messages();
    let history: u64 = messages
        .iter()
        .map(|message| estimate_tokens(&message.text))
        .sum();
    history + estimate_tokens(&prompt.system())
}

#[cfg(test)]
mod tests {
    use domain::response::FailureCode;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_failure_after_which_another_model_can_answer() {
        assert_eq!(catch_panic(async { Ok(()) }).await, Ok(()));
        let error = ModelError::timeout("too late");
        assert_eq!(
            catch_panic(async { Err(error.clone()) }).await,
            Err(error.clone())
        );
        let text = String::from("ü");
        let result = catch_panic(async move {
            let _ = &text[1..];
            Ok(())
        });
        assert_eq!(result.await.unwrap_err().code, FailureCode::ProviderError);
    }
}
