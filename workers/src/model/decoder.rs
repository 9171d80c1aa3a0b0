//! Decodes a response of one API type, streamed or whole, into model events.

use serde_json::Value;

use super::answer::{AnswerBuilder, ModelEvents, is_last};
use super::{ModelError, error_message, lenient};

/// Marks the end of a stream.
const DONE: &str = "[DONE]";

/// Decodes one response.
#[derive(Debug)]
pub(super) struct ResponseDecoder {
    answer: AnswerBuilder,
    trailing: Trailing,
    /// Adds what it understands of a value to the answer.
    read: fn(&Value, &mut AnswerBuilder),
}

impl ResponseDecoder {
    pub(super) fn new(limit: Option<u32>, read: fn(&Value, &mut AnswerBuilder)) -> Self {
        Self {
            answer: AnswerBuilder::new(limit),
            trailing: Trailing::Usage,
            read,
        }
    }

    /// Sets the estimated tokens of the prompt.
    pub(super) fn with_prompt_tokens(mut self, tokens: u64) -> Self {
        self.answer.prompt_tokens = tokens;
        self
    }

    /// Masks an API key that an error may repeat.
    pub(super) fn with_masked_key(mut self, key: Option<&str>) -> Self {
        self.answer.key = key.map(str::to_owned);
        self
    }

    /// Decodes the data of one event.
    pub(super) fn decode_event(&mut self, name: &str, data: &str) -> ModelEvents {
        // Some proxies repeat the field name before the data.
        let data = data
            .trim_start_matches("data: ")
            .trim_start_matches("data:");
        if data.trim() == DONE {
            self.answer.close();
            return self.finish();
        }
        match lenient::parse(data) {
            Some(value) => {
                if name == "error" && error_message::find_error(&value).is_none() {
                    self.answer.record_error(&value);
                }
                self.read_value(&value);
            }
            None if name == "error" => self.answer.record_error(&Value::from(data)),
            None => return self.decode_lines(name, data),
        }
        self.answer.take_output()
    }

    /// Decodes data that is not JSON as a whole: some servers send no empty line between events.
    fn decode_lines(&mut self, name: &str, data: &str) -> ModelEvents {
        if !data.contains('\n') {
            self.answer.record_unparsable(data);
            return self.answer.take_output();
        }
        let mut events = ModelEvents::new();
        for line in data.lines().filter(|line| !line.trim().is_empty()) {
            events.extend(self.decode_event(name, line));
            if events.last().is_some_and(is_last) {
                break;
            }
        }
        events
    }

    /// Decodes a response that was not streamed, or the part received before `error`.
    pub(super) fn decode_body(&mut self, body: &str, error: Option<ModelError>) -> ModelEvents {
        let values = lenient::parse_all(body);
        for value in &values {
            self.read_value(value);
        }
        match error {
            Some(error) => return self.fail(error),
            None if values.is_empty() => self.answer.record_unparsable(body),
            None => self.answer.close(),
        }
        self.finish()
    }

    fn read_value(&mut self, value: &Value) {
        match value {
            Value::Array(values) => values.iter().for_each(|value| self.read_value(value)),
            value => {
                let (had_reason, length_before) =
                    (self.has_finish_reason(), self.answer.text_len());
                (self.read)(value, &mut self.answer);
                if self.answer.text_len() > length_before {
                    self.trailing = match (had_reason, self.has_finish_reason()) {
                        (true, _) => Trailing::Anything,
                        (false, true) => Trailing::Text,
                        (false, false) => self.trailing,
                    };
                }
                if let Some(error) = error_message::find_error(value) {
                    self.answer.record_error(error);
                }
            }
        }
    }

    /// Whether a finish reason was given.
    pub(super) fn has_finish_reason(&self) -> bool {
        self.answer.has_finish_reason()
    }

    /// What may follow the finish reason, which does not always come last.
    pub(super) fn trailing(&self) -> Trailing {
        self.trailing
    }

    /// The stream has ended.
    pub(super) fn finish(&mut self) -> ModelEvents {
        self.answer.finish()
    }

    /// The stream broke off. An answer that has a finish reason is complete anyway.
    pub(super) fn fail(&mut self, error: ModelError) -> ModelEvents {
        let mut events = self.finish();
        if !self.has_finish_reason() && !self.answer.has_failed() {
            events.pop();
            events.push(Err(error));
        }
        events
    }
}

/// What may follow the finish reason of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trailing {
    /// The reason came without text, so usage.
    Usage,
    /// The reason came with text: some servers send it with every chunk.
    Text,
    /// Text has followed the reason.
    Anything,
}

#[cfg(test)]
mod tests;
