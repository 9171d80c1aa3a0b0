//! Hearing an answer in one language: from the data of its events, or from the whole, to what it says.

use serde_json::Value;

use super::heard::{Heard, Said, is_last};
use super::{ModelError, lenient, reason};

/// What marks the end of a stream.
const DONE: &str = "[DONE]";

/// One answer, heard in one language.
#[derive(Debug)]
pub(super) struct Hearing {
    heard: Heard,
    follows: Follows,
    /// What takes from a value whatever it understands.
    read: fn(&Value, &mut Heard),
}

impl Hearing {
    pub fn new(limit: Option<u32>, read: fn(&Value, &mut Heard)) -> Self {
        Self {
            heard: Heard::new(limit),
            follows: Follows::Counts,
            read,
        }
    }

    /// As many tokens were asked as far as we can tell.
    pub fn asked(mut self, tokens: u64) -> Self {
        self.heard.asked = tokens;
        self
    }

    /// A key that an error may repeat, and that nobody is to read.
    pub fn hiding(mut self, key: Option<&str>) -> Self {
        self.heard.key = key.map(str::to_owned);
        self
    }

    /// Hears the data of an event.
    pub fn hear(&mut self, name: &str, data: &str) -> Said {
        // Some proxies write the field before data that has it already.
        let data = data
            .trim_start_matches("data: ")
            .trim_start_matches("data:");
        if data.trim() == DONE {
            self.heard.close();
            return self.end();
        }
        match lenient::value(data) {
            Some(value) => {
                if name == "error" && reason::of_error(&value).is_none() {
                    self.heard.failed(&value);
                }
                self.value(&value);
            }
            None if name == "error" => self.heard.failed(&Value::from(data)),
            None => return self.lines(name, data),
        }
        self.heard.said()
    }

    /// Hears data that is no value: some servers put no empty line between events.
    fn lines(&mut self, name: &str, data: &str) -> Said {
        if !data.contains('\n') {
            self.heard.strange(data);
            return self.heard.said();
        }
        let mut said = Said::new();
        for line in data.lines().filter(|line| !line.trim().is_empty()) {
            said.extend(self.hear(name, line));
            if said.last().is_some_and(is_last) {
                break;
            }
        }
        said
    }

    /// Hears an answer that came as a whole, or what has come of it before it broke off.
    pub fn hear_whole(&mut self, body: &str, broken: Option<ModelError>) -> Said {
        let values = lenient::values(body);
        for value in &values {
            self.value(value);
        }
        match broken {
            Some(error) => return self.broken(error),
            None if values.is_empty() => self.heard.strange(body),
            None => self.heard.close(),
        }
        self.end()
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Array(values) => values.iter().for_each(|value| self.value(value)),
            value => {
                let (had_ended, said) = (self.has_ended(), self.heard.length());
                (self.read)(value, &mut self.heard);
                if self.heard.length() > said {
                    self.follows = match (had_ended, self.has_ended()) {
                        (true, _) => Follows::Anything,
                        (false, true) => Follows::Words,
                        (false, false) => self.follows,
                    };
                }
                if let Some(error) = reason::of_error(value) {
                    self.heard.failed(error);
                }
            }
        }
    }

    /// Whether a reason for the end was given.
    pub fn has_ended(&self) -> bool {
        self.heard.has_ended()
    }

    /// How much may follow the reason for the end: it is not always given last.
    pub fn may_follow(&self) -> Follows {
        self.follows
    }

    /// The stream has ended.
    pub fn end(&mut self) -> Said {
        self.heard.rest()
    }

    /// The stream broke off: an answer whose end was told is whole all the same.
    pub fn broken(&mut self, error: ModelError) -> Said {
        let mut said = self.end();
        if !self.has_ended() && !self.heard.has_failed() {
            said.pop();
            said.push(Err(error));
        }
        said
    }
}

/// What may follow the reason for the end of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Follows {
    /// It was given by itself: the counts of tokens.
    Counts,
    /// It was given together with words: some servers give it with each of them.
    Words,
    /// Words have followed it already.
    Anything,
}

#[cfg(test)]
mod tests;
