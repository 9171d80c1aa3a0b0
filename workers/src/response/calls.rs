//! Calls models: the chosen one and, if it does not start to answer, its fallbacks in order. Once a model has started,
//! no other takes over, because two answers are never joined. Each call is recorded in the log.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use domain::response::{Call, FailureCode, Prompt, Usage};
use eventstore::{Backoff, Transient};
use futures_util::stream::{self, BoxStream, StreamExt};

use super::model_settings::ModelSettings;
use crate::Catalogue;
use crate::model::{ChatModel, ModelError, ModelEvent};

const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Records the calls of a run.
#[derive(Debug, Clone)]
pub(super) struct CallRecorder {
    model_settings: Arc<ModelSettings>,
    recorded: Arc<Mutex<RecordedCalls>>,
}

#[derive(Debug, Default)]
struct RecordedCalls {
    finished: Vec<Call>,
    current: Option<OpenCall>,
}

/// The current call.
#[derive(Debug)]
struct OpenCall {
    model: String,
    started: Instant,
    first_event: Option<Instant>,
    omitted_fields: Vec<String>,
}

impl CallRecorder {
    pub(super) fn new(model_settings: Arc<ModelSettings>) -> Self {
        Self {
            model_settings,
            recorded: Arc::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, RecordedCalls> {
        self.recorded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start_call(&self, model: &str) {
        self.lock().current = Some(OpenCall {
            model: model.to_owned(),
            started: Instant::now(),
            first_event: None,
            omitted_fields: vec![],
        });
    }

    fn record_first_event(&self) {
        if let Some(call) = &mut self.lock().current {
            call.first_event.get_or_insert_with(Instant::now);
        }
    }

    fn record_omitted(&self, fields: Vec<String>) {
        if let Some(call) = &mut self.lock().current {
            call.omitted_fields = fields;
        }
    }

    /// Ends the current call.
    fn end_call(&self, usage: Usage, failure: Option<FailureCode>) {
        let mut recorded = self.lock();
        let Some(call) = recorded.current.take() else {
            return;
        };
        let since = |time: Instant| {
            let passed = time.duration_since(call.started).as_millis();
            u64::try_from(passed).unwrap_or(u64::MAX)
        };
        recorded.finished.push(Call {
            first_ms: call.first_event.map(since),
            took_ms: since(Instant::now()),
            cost: self.model_settings.cost(&call.model, usage),
            model: call.model,
            usage,
            failure,
            left_out: call.omitted_fields,
        });
    }

    /// Returns all calls. The current one ends with the usage so far.
    pub(super) fn finish(&self, reported: Usage, failure: Option<FailureCode>) -> Vec<Call> {
        self.end_call(reported, failure);
        std::mem::take(&mut self.lock().finished)
    }
}

/// Calls the models in order until one starts to answer. The first one has been looked up already.
pub(super) fn stream_with_fallback(
    catalogue: Catalogue,
    (first, models): (LookupResult, VecDeque<String>),
    prompt: Prompt,
    calls: CallRecorder,
) -> BoxStream<'static, Result<ModelEvent, ModelError>> {
    let state = FallbackStream {
        catalogue,
        first: Some(first),
        remaining: models,
        prompt,
        calls,
        open: None,
        has_text: false,
        reported: Usage::default(),
    };
    stream::unfold(state, |mut state| async move {
        let event = state.next().await?;
        Some((event, state))
    })
    .boxed()
}

type LookupResult = Result<Box<dyn ChatModel>, ModelError>;

struct FallbackStream {
    catalogue: Catalogue,
    first: Option<LookupResult>,
    remaining: VecDeque<String>,
    prompt: Prompt,
    calls: CallRecorder,
    open: Option<BoxStream<'static, Result<ModelEvent, ModelError>>>,
    /// Whether the answer has text. Another model may still answer after reasoning.
    has_text: bool,
    /// The usage that the current model has reported.
    reported: Usage,
}

impl FallbackStream {
    async fn next(&mut self) -> Option<Result<ModelEvent, ModelError>> {
        loop {
            let event = match &mut self.open {
                Some(open) => open.next().await?,
                None => match self.start_next().await? {
                    Ok(()) => continue,
                    Err(error) => Err(error),
                },
            };
            match event {
                Ok(ModelEvent::Finished { reason, usage }) => {
                    self.calls.end_call(usage, None);
                    return Some(Ok(ModelEvent::Finished { reason, usage }));
                }
                Ok(ModelEvent::OmittedFields(fields)) => self.calls.record_omitted(fields),
                Ok(ModelEvent::Usage(usage)) => {
                    self.reported = usage;
                    return Some(Ok(ModelEvent::Usage(usage)));
                }
                Ok(event) => {
                    match event {
                        ModelEvent::Text(_) | ModelEvent::Citation(_) => self.has_text = true,
                        ModelEvent::TextWasReasoning => self.has_text = false,
                        _ => {}
                    }
                    self.calls.record_first_event();
                    return Some(Ok(event));
                }
                Err(error) => {
                    // Whoever ends the run records its usage.
                    if self.has_text {
                        return Some(Err(error));
                    }
                    if self.remaining.is_empty() || error.code == FailureCode::Internal {
                        self.calls.end_call(self.reported, Some(error.code));
                        self.open = None;
                        self.remaining.clear();
                        return Some(Err(error));
                    }
                    self.calls
                        .end_call(std::mem::take(&mut self.reported), Some(error.code));
                    self.open = None;
                    tracing::info!(%error, "a model does not answer; trying its fallback");
                    // Counts the usage of the next model from zero.
                    return Some(Ok(ModelEvent::Usage(Usage::default())));
                }
            }
        }
    }

    async fn start_next(&mut self) -> Option<Result<(), ModelError>> {
        let name = self.remaining.pop_front()?;
        self.calls.start_call(&name);
        let found = match self.first.take() {
            Some(first) => first,
            None => find_model(&self.catalogue, &name).await,
        };
        Some(match found {
            Ok(model) => {
                self.open = Some(model.stream(self.prompt.clone()));
                Ok(())
            }
            Err(error) => Err(error),
        })
    }
}

/// Looks up a model; retries while the database is unavailable.
async fn find_model(catalogue: &Catalogue, name: &str) -> LookupResult {
    let mut backoff = Backoff::new(SHORTEST_PAUSE, LONGEST_PAUSE);
    loop {
        match catalogue.find(name).await {
            Err(error) if error.is_transient() => tokio::time::sleep(backoff.pause()).await,
            found => return found,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn the_cost_of_a_call_is_rounded_up() {
        let settings = ModelSettings {
            prices: HashMap::from([("a/b".to_owned(), (1_250_000, 10_000_000))]),
            ..ModelSettings::default()
        };
        let cost = |input_tokens, output_tokens| {
            let usage = Usage {
                input_tokens,
                output_tokens,
            };
            settings.cost("a/b", usage)
        };
        assert_eq!(cost(0, 0), Some(0));
        assert_eq!(cost(1_000_000, 0), Some(1_250_000));
        assert_eq!(cost(1, 1), Some(12));
        assert_eq!(cost(u64::MAX, u64::MAX), Some(u64::MAX));
        assert_eq!(settings.cost("a/c", Usage::default()), None);
    }

    #[test]
    fn the_current_call_is_recorded_at_the_end() {
        let calls = CallRecorder::new(Arc::default());
        calls.start_call("a/b");
        calls.end_call(Usage::default(), Some(FailureCode::ProviderTimeout));
        calls.start_call("a/c");
        calls.record_first_event();
        let usage = Usage {
            input_tokens: 0,
            output_tokens: 3,
        };
        let recorded = calls.finish(usage, None);
        assert_eq!(recorded.len(), 2);
        assert_eq!(recorded[0].failure, Some(FailureCode::ProviderTimeout));
        assert_eq!(recorded[0].first_ms, None);
        assert!(recorded[1].first_ms.is_some());
        assert_eq!((recorded[1].usage, recorded[1].failure), (usage, None));
        assert!(calls.finish(usage, None).is_empty());
    }
}
