//! The state of an answer while it is streamed, independent of the API type: its text, its usage, and how it ends.

use domain::response::{FinishReason, Usage};
use domain::text::is_visible;
use serde_json::Value;

use super::error_message;
use super::finish_reason::{StreamEnd, parse_finish_reason};
use super::reasoning::{Segment, Splitter};
use super::wire::mask_key;
use super::{ModelError, ModelEvent, lenient};

/// A larger count is not believed.
const MAX_COUNT: u64 = 100_000_000;
/// A chunk of up to this many characters counts as one token; a longer one as its length divided by
/// `CHARACTERS_PER_TOKEN`.
const TOKEN_LENGTH: usize = 32;
const CHARACTERS_PER_TOKEN: usize = 4;
/// An answer is cut off when it is longer than its token limit allows. Only the provider knows how many bytes a token
/// has, so this is far more than it ever is.
const BYTES_OF_TOKEN: usize = 16;
const ALLOWANCE: usize = 512;

/// The output of an event. The last item is the finish or an error.
pub(super) type ModelEvents = Vec<Result<ModelEvent, ModelError>>;

/// Whether nothing follows this item.
pub(super) fn is_last(event: &Result<ModelEvent, ModelError>) -> bool {
    matches!(event, Ok(ModelEvent::Finished { .. }) | Err(_))
}

/// An estimate of the tokens of a text, for providers that do not count them.
pub(crate) fn estimate_tokens(text: &str) -> u64 {
    let length = text.chars().count();
    let tokens = match length {
        0 => 0,
        1..=TOKEN_LENGTH => 1,
        _ => length.div_ceil(CHARACTERS_PER_TOKEN),
    };
    u64::try_from(tokens).unwrap_or(u64::MAX)
}

/// What the answer contains so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Content {
    Nothing,
    Reasoning,
    Text,
}

/// Collects an answer. The decoder of each API type adds to it what it understands.
#[derive(Debug)]
pub(super) struct AnswerBuilder {
    limit: Option<u32>,
    /// Estimated tokens of the prompt.
    pub prompt_tokens: u64,
    splitter: Splitter,
    events: Vec<ModelEvent>,
    /// Whitespace before the first word.
    leading_space: String,
    content: Content,
    /// The text so far, and whether the server sends messages instead of deltas.
    text: String,
    sends_messages: bool,
    tokens: u64,
    refusal: String,
    end: Option<StreamEnd>,
    /// Whether the stream reported its end.
    is_closed: bool,
    failure: Option<String>,
    /// An API key that an error may repeat; it is masked.
    pub key: Option<String>,
    /// The first data that could not be parsed.
    unparsable: Option<String>,
    input: Option<u64>,
    output: Option<u64>,
    /// Whether usage was recorded that has not been output yet.
    has_new_usage: bool,
}

impl AnswerBuilder {
    pub(super) fn new(limit: Option<u32>) -> Self {
        Self {
            limit,
            prompt_tokens: 0,
            splitter: Splitter::default(),
            events: Vec::new(),
            leading_space: String::new(),
            content: Content::Nothing,
            text: String::new(),
            sends_messages: false,
            tokens: 0,
            refusal: String::new(),
            end: None,
            is_closed: false,
            failure: None,
            key: None,
            unparsable: None,
            input: None,
            output: None,
            has_new_usage: false,
        }
    }

    /// Adds text of the answer.
    pub(super) fn push_text(&mut self, text: &str) {
        if !text.is_empty() {
            self.tokens = self.tokens.saturating_add(estimate_tokens(text));
            let segments = self.splitter.push(text);
            self.push_segments(segments);
        }
    }

    /// Adds reasoning that the provider sends apart from the text.
    pub(super) fn push_reasoning(&mut self, text: &str) {
        if !text.is_empty() {
            self.tokens = self.tokens.saturating_add(estimate_tokens(text));
            self.splitter.expect_separate_reasoning();
            self.content = self.content.max(Content::Reasoning);
            self.events.push(ModelEvent::Reasoning(text.to_owned()));
        }
    }

    /// Adds text of a refusal: there will be no answer.
    pub(super) fn push_refusal(&mut self, text: &str) {
        self.refusal.push_str(text);
    }

    /// Whether the answer has text.
    pub(super) fn has_text(&self) -> bool {
        self.content == Content::Text || !self.leading_space.is_empty()
    }

    /// The server sends messages instead of deltas.
    pub(super) fn expect_messages(&mut self) {
        self.sends_messages = true;
    }

    /// The part of a message that is new. After deltas, a message repeats all of them; other messages contain further
    /// text, or the whole text so far with further text.
    pub(super) fn new_text<'a>(&self, message: &'a str, ends: bool) -> Option<&'a str> {
        if !self.sends_messages {
            return None;
        }
        match message.strip_prefix(&self.text) {
            Some("") if ends => None,
            Some("") | None => Some(message),
            Some(more) => Some(more),
        }
    }

    fn push_segments(&mut self, segments: Vec<Segment>) {
        for segment in segments {
            match segment {
                Segment::Text(text) => self.push_visible_text(text),
                Segment::Reasoning(text) => {
                    self.content = self.content.max(Content::Reasoning);
                    self.events.push(ModelEvent::Reasoning(text));
                }
                Segment::TextWasReasoning => {
                    let leading_space = std::mem::take(&mut self.leading_space);
                    if !leading_space.is_empty() {
                        self.events.push(ModelEvent::Reasoning(leading_space));
                    }
                    if self.content == Content::Text {
                        self.content = Content::Reasoning;
                        self.events.push(ModelEvent::TextWasReasoning);
                    }
                }
            }
        }
    }

    /// Holds whitespace back until the first word, because whitespace by itself is no answer.
    fn push_visible_text(&mut self, text: String) {
        self.text.push_str(&text);
        let text = match self.content {
            Content::Text => text,
            Content::Nothing | Content::Reasoning => {
                self.leading_space.push_str(&text);
                if !is_visible(&self.leading_space) {
                    return;
                }
                self.content = Content::Text;
                std::mem::take(&mut self.leading_space)
            }
        };
        match self.events.last_mut() {
            Some(ModelEvent::Text(before)) => before.push_str(&text),
            _ => self.events.push(ModelEvent::Text(text)),
        }
    }

    fn flush(&mut self) {
        let segments = self.splitter.finish();
        self.push_segments(segments);
    }

    /// Records the usage that the provider reports: later counts replace earlier ones, invalid ones are ignored.
    pub(super) fn record_usage(&mut self, input: &Value, output: &Value) {
        let count = |value: &Value| value.as_u64().filter(|count| *count <= MAX_COUNT);
        let (input, output) = (count(input), count(output));
        self.has_new_usage |= input.is_some() || output.is_some();
        self.input = input.or(self.input);
        self.output = output.or(self.output);
    }

    /// Records the finish reason.
    pub(super) fn record_finish_reason(&mut self, reason: &str) {
        if let Some(end) = parse_finish_reason(reason) {
            self.end = Some(end);
        }
    }

    /// The stream reported its end.
    pub(super) fn close(&mut self) {
        self.is_closed = true;
    }

    /// Records an error that the provider reports.
    pub(super) fn record_error(&mut self, error: &Value) {
        let error_json = lenient::parse(&self.mask(&error.to_string()));
        let message = error_message::find_message(error_json.as_ref().unwrap_or(error));
        self.failure.get_or_insert_with(|| {
            message.unwrap_or_else(|| "without an error message".to_owned())
        });
    }

    /// Records data that could not be parsed.
    pub(super) fn record_unparsable(&mut self, data: &str) {
        if self.unparsable.is_none() {
            self.unparsable = match data.trim_start().starts_with('<') {
                true => Some("a web page; check the provider's base_url".to_owned()),
                false => error_message::sanitize(&self.mask(data)),
            };
        }
    }

    /// Masks before truncating, so that no part of the key remains.
    fn mask(&self, text: &str) -> String {
        mask_key(text, self.key.as_deref())
    }

    fn usage(&self) -> Usage {
        // A provider that reports 0 tokens for an answer with text does not count.
        let output = self.output.filter(|count| *count > 0 || self.tokens == 0);
        Usage {
            input_tokens: self.input.unwrap_or(self.prompt_tokens),
            output_tokens: output.unwrap_or(self.tokens),
        }
    }

    /// Usage that has not been output yet. It is output even if the stream breaks off, because the provider bills it.
    fn take_usage(&mut self) -> Option<ModelEvent> {
        std::mem::take(&mut self.has_new_usage).then(|| ModelEvent::Usage(self.usage()))
    }

    /// The length of the text in bytes.
    pub(super) fn text_len(&self) -> usize {
        self.text.len()
    }

    /// Whether a finish reason was given.
    pub(super) fn has_finish_reason(&self) -> bool {
        self.end.is_some()
    }

    /// Whether the provider reported an error.
    pub(super) fn has_failed(&self) -> bool {
        self.failure.is_some()
    }

    /// The remaining items and the end.
    pub(super) fn finish(&mut self) -> ModelEvents {
        self.flush();
        let mut events = self.take_events();
        events.push(self.outcome());
        events
    }

    fn take_events(&mut self) -> ModelEvents {
        let mut events = std::mem::take(&mut self.events);
        events.extend(self.take_usage());
        events.into_iter().map(Ok).collect()
    }

    /// The items so far, with the end if nothing more is expected.
    pub(super) fn take_output(&mut self) -> ModelEvents {
        let max_length = self.limit.map(|limit| {
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            limit
                .saturating_mul(BYTES_OF_TOKEN)
                .saturating_add(ALLOWANCE)
        });
        let is_cut = max_length.is_some_and(|max| self.text.len() > max);
        if is_cut && self.end.is_none() {
            self.end = Some(StreamEnd::Finished(FinishReason::Length));
        }
        match is_cut || self.is_closed || self.failure.is_some() {
            true => self.finish(),
            false => self.take_events(),
        }
    }

    /// How the answer ends. An answer without text has failed, whatever the finish reason.
    fn outcome(&self) -> Result<ModelEvent, ModelError> {
        let failed = |reason: &str| {
            Err(ModelError::provider(format!(
                "the stream broke off: {reason}"
            )))
        };
        if let Some(message) = &self.failure {
            return failed(message);
        }
        let reason = match &self.end {
            Some(StreamEnd::Failed(reason)) => {
                let reason = error_message::sanitize(&self.mask(reason)).unwrap_or_default();
                return failed(&format!("finish reason {reason}"));
            }
            Some(StreamEnd::Finished(reason)) => *reason,
            None if self.is_closed => FinishReason::Stop,
            None => {
                let received = self.unparsable.as_ref();
                let received =
                    received.map_or_else(String::new, |data| format!("; it sent {data}"));
                return failed(&format!("it ended before the answer did{received}"));
            }
        };
        if self.content != Content::Text {
            return Err(ModelError::provider(self.describe_empty_answer(reason)));
        }
        Ok(ModelEvent::Finished {
            reason,
            usage: self.usage(),
        })
    }

    fn describe_empty_answer(&self, reason: FinishReason) -> String {
        if let Some(refusal) = error_message::sanitize(&self.mask(&self.refusal)) {
            return format!("the model declined to answer: {refusal}");
        }
        let what = match self.content {
            Content::Reasoning => "the model returned only reasoning",
            Content::Nothing | Content::Text => "the model returned no text",
        };
        match reason {
            FinishReason::Stop => what.to_owned(),
            FinishReason::Length => {
                format!("{what} before it reached its token limit; raise the limit or ask for less")
            }
            FinishReason::ContentFilter => {
                format!("{what}: the provider's content filter blocked the answer")
            }
            FinishReason::ToolCalls => {
                format!("{what}: it called a tool, but none is available")
            }
        }
    }
}
