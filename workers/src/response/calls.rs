//! Asking models: the one that was chosen and, where it does not begin to answer, those that stand in for it, in their
//! order. Once one has begun nobody takes over: two answers are never spliced. Each call is told to the log.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use domain::response::{Call, FailureCode, Prompt, Usage};
use eventstore::{Backoff, Transient};
use futures_util::stream::{self, BoxStream, StreamExt};

use super::title::TitleModel;
use crate::Catalogue;
use crate::model::{ChatModel, ModelError, ModelEvent};

const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// What the operator says of models.
#[derive(Debug, Clone, Default)]
pub struct Tariff {
    /// Which stand in for a model, in their order.
    pub fallback: HashMap<String, Vec<String>>,
    /// Millionths of the operator's currency for a million tokens, in and out.
    pub prices: HashMap<String, (u64, u64)>,
    /// Which names conversations.
    pub titles: TitleModel,
}

impl Tariff {
    /// The model, and those that stand in for it.
    pub fn in_turn(&self, model: &str) -> VecDeque<String> {
        let others = self.fallback.get(model).into_iter().flatten();
        std::iter::once(model.to_owned())
            .chain(others.cloned())
            .collect()
    }

    /// What a call costs, in millionths of the currency.
    fn cost(&self, model: &str, usage: Usage) -> Option<u64> {
        let (input, output) = self.prices.get(model)?;
        let part = |tokens: u64, price: u64| u128::from(tokens) * u128::from(price);
        let total = part(usage.input_tokens, *input) + part(usage.output_tokens, *output);
        Some(u64::try_from(total.div_ceil(1_000_000)).unwrap_or(u64::MAX))
    }
}

/// The calls of a run, as they are made.
#[derive(Debug, Clone)]
pub(super) struct Calls {
    tariff: Arc<Tariff>,
    made: Arc<Mutex<Made>>,
}

#[derive(Debug, Default)]
struct Made {
    ended: Vec<Call>,
    open: Option<Open>,
}

/// The call that is under way.
#[derive(Debug)]
struct Open {
    model: String,
    begun: Instant,
    first: Option<Instant>,
    left_out: Vec<String>,
}

impl Calls {
    pub fn new(tariff: Arc<Tariff>) -> Self {
        Self {
            tariff,
            made: Arc::default(),
        }
    }

    fn made(&self) -> MutexGuard<'_, Made> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, model: &str) {
        self.made().open = Some(Open {
            model: model.to_owned(),
            begun: Instant::now(),
            first: None,
            left_out: vec![],
        });
    }

    fn hear(&self) {
        if let Some(open) = &mut self.made().open {
            open.first.get_or_insert_with(Instant::now);
        }
    }

    fn leave_out(&self, fields: Vec<String>) {
        if let Some(open) = &mut self.made().open {
            open.left_out = fields;
        }
    }

    /// Ends the call that is under way.
    fn end(&self, usage: Usage, failure: Option<FailureCode>) {
        let mut made = self.made();
        let Some(open) = made.open.take() else {
            return;
        };
        let since = |time: Instant| {
            let passed = time.duration_since(open.begun).as_millis();
            u64::try_from(passed).unwrap_or(u64::MAX)
        };
        made.ended.push(Call {
            first_ms: open.first.map(since),
            took_ms: since(Instant::now()),
            cost: self.tariff.cost(&open.model, usage),
            model: open.model,
            usage,
            failure,
            left_out: open.left_out,
        });
    }

    /// All of them. One that is still under way ends here, with what was counted of it.
    pub fn take(&self, counted: Usage, failure: Option<FailureCode>) -> Vec<Call> {
        self.end(counted, failure);
        std::mem::take(&mut self.made().ended)
    }
}

/// Asks one model after the other until one begins to answer. The first was looked up already.
pub(super) fn ask(
    catalogue: Catalogue,
    (first, models): (Found, VecDeque<String>),
    prompt: Prompt,
    calls: Calls,
) -> BoxStream<'static, Result<ModelEvent, ModelError>> {
    let asking = Asking {
        catalogue,
        first: Some(first),
        waiting: models,
        prompt,
        calls,
        open: None,
        begun: false,
        counted: Usage::default(),
    };
    stream::unfold(asking, |mut asking| async move {
        let piece = asking.next().await?;
        Some((piece, asking))
    })
    .boxed()
}

type Found = Result<Box<dyn ChatModel>, ModelError>;

struct Asking {
    catalogue: Catalogue,
    first: Option<Found>,
    waiting: VecDeque<String>,
    prompt: Prompt,
    calls: Calls,
    open: Option<BoxStream<'static, Result<ModelEvent, ModelError>>>,
    /// Whether a word of the answer was said. Thinking is none: another model may answer after it.
    begun: bool,
    /// What the model that is asked has counted.
    counted: Usage,
}

impl Asking {
    async fn next(&mut self) -> Option<Result<ModelEvent, ModelError>> {
        loop {
            let said = match &mut self.open {
                Some(open) => open.next().await?,
                None => match self.begin().await? {
                    Ok(()) => continue,
                    Err(error) => Err(error),
                },
            };
            match said {
                Ok(ModelEvent::Finished { reason, usage }) => {
                    self.calls.end(usage, None);
                    return Some(Ok(ModelEvent::Finished { reason, usage }));
                }
                Ok(ModelEvent::OmittedFields(fields)) => self.calls.leave_out(fields),
                Ok(ModelEvent::Usage(usage)) => {
                    self.counted = usage;
                    return Some(Ok(ModelEvent::Usage(usage)));
                }
                Ok(piece) => {
                    match piece {
                        ModelEvent::Text(_) | ModelEvent::Citation(_) => self.begun = true,
                        ModelEvent::TextWasReasoning => self.begun = false,
                        _ => {}
                    }
                    self.calls.hear();
                    return Some(Ok(piece));
                }
                Err(error) => {
                    // What a run that was begun has used is counted by who ends it.
                    if self.begun {
                        return Some(Err(error));
                    }
                    if self.waiting.is_empty() || error.code == FailureCode::Internal {
                        self.calls.end(self.counted, Some(error.code));
                        self.open = None;
                        self.waiting.clear();
                        return Some(Err(error));
                    }
                    self.calls
                        .end(std::mem::take(&mut self.counted), Some(error.code));
                    self.open = None;
                    tracing::info!(%error, "a model does not answer; the next one is asked");
                    // What the next one uses is counted from here.
                    return Some(Ok(ModelEvent::Usage(Usage::default())));
                }
            }
        }
    }

    async fn begin(&mut self) -> Option<Result<(), ModelError>> {
        let name = self.waiting.pop_front()?;
        self.calls.begin(&name);
        let found = match self.first.take() {
            Some(first) => first,
            None => find(&self.catalogue, &name).await,
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

/// Looks a model up, for as long as it takes until the database is there.
async fn find(catalogue: &Catalogue, name: &str) -> Found {
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
    use super::*;

    #[test]
    fn a_call_costs_what_its_tokens_do_rounded_up() {
        let tariff = Tariff {
            prices: HashMap::from([("a/b".to_owned(), (1_250_000, 10_000_000))]),
            ..Tariff::default()
        };
        let cost = |input_tokens, output_tokens| {
            let usage = Usage {
                input_tokens,
                output_tokens,
            };
            tariff.cost("a/b", usage)
        };
        assert_eq!(cost(0, 0), Some(0));
        assert_eq!(cost(1_000_000, 0), Some(1_250_000));
        assert_eq!(cost(1, 1), Some(12));
        assert_eq!(cost(u64::MAX, u64::MAX), Some(u64::MAX));
        assert_eq!(tariff.cost("a/c", Usage::default()), None);
    }

    #[test]
    fn a_call_that_is_under_way_is_counted_at_the_end() {
        let calls = Calls::new(Arc::default());
        calls.begin("a/b");
        calls.end(Usage::default(), Some(FailureCode::ProviderTimeout));
        calls.begin("a/c");
        calls.hear();
        let usage = Usage {
            input_tokens: 0,
            output_tokens: 3,
        };
        let made = calls.take(usage, None);
        assert_eq!(made.len(), 2);
        assert_eq!(made[0].failure, Some(FailureCode::ProviderTimeout));
        assert_eq!(made[0].first_ms, None);
        assert!(made[1].first_ms.is_some());
        assert_eq!((made[1].usage, made[1].failure), (usage, None));
        assert!(calls.take(usage, None).is_empty());
    }
}
