//! What is known of an answer while it is heard, whatever language it comes in: what was said, what was counted, and how
//! it ends.

use domain::response::{FinishReason, Usage};
use domain::text::is_visible;
use serde_json::Value;

use super::ending::{Ending, ending};
use super::reason;
use super::thinking::{Thinking, Voice};
use super::wire::masked;
use super::{ModelError, Piece, lenient};

/// More tokens than any answer has.
const ABSURD: u64 = 100_000_000;
/// Letters of a piece that is taken for one token; a longer one has as many as its letters suggest.
const SHORT: usize = 32;
const LETTERS: usize = 4;
/// An answer is cut off where it is longer than its limit of tokens can be. How many letters a token has is the
/// provider's business, so that this is far more than it ever is.
const BYTES_OF_TOKEN: usize = 16;
const ALLOWANCE: usize = 512;

/// What an event says. The last piece is the end, or an error.
pub(super) type Said = Vec<Result<Piece, ModelError>>;

/// Whether nothing follows a piece.
pub(super) fn is_last(piece: &Result<Piece, ModelError>) -> bool {
    matches!(piece, Ok(Piece::Finished { .. }) | Err(_))
}

/// Tokens as we count them, where the provider does not.
pub(crate) fn tokens(piece: &str) -> u64 {
    let letters = piece.chars().count();
    let tokens = match letters {
        0 => 0,
        1..=SHORT => 1,
        _ => letters.div_ceil(LETTERS),
    };
    u64::try_from(tokens).unwrap_or(u64::MAX)
}

/// How far an answer has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Spoken {
    Nothing,
    Thought,
    Words,
}

/// What was heard of an answer. Those who read a language tell it what they understand.
#[derive(Debug)]
pub(super) struct Heard {
    limit: Option<u32>,
    /// Tokens that were asked as far as we can tell.
    pub asked: u64,
    thinking: Thinking,
    pieces: Vec<Piece>,
    /// Blanks before the first word.
    blanks: String,
    spoken: Spoken,
    /// The answer so far, and whether it came as messages where deltas are usual.
    text: String,
    by_messages: bool,
    tokens: u64,
    refusal: String,
    ending: Option<Ending>,
    /// Whether the stream said that it is at its end.
    closed: bool,
    failure: Option<String>,
    /// A key that an error may repeat, and that nobody is to read.
    pub key: Option<String>,
    /// What was no event of any language.
    strange: Option<String>,
    input: Option<u64>,
    output: Option<u64>,
    /// Whether something was counted that no piece has told yet.
    counted: bool,
}

impl Heard {
    pub fn new(limit: Option<u32>) -> Self {
        Self {
            limit,
            asked: 0,
            thinking: Thinking::default(),
            pieces: Vec::new(),
            blanks: String::new(),
            spoken: Spoken::Nothing,
            text: String::new(),
            by_messages: false,
            tokens: 0,
            refusal: String::new(),
            ending: None,
            closed: false,
            failure: None,
            key: None,
            strange: None,
            input: None,
            output: None,
            counted: false,
        }
    }

    /// A stretch of the answer's text.
    pub fn text(&mut self, text: &str) {
        if !text.is_empty() {
            self.tokens = self.tokens.saturating_add(tokens(text));
            let voices = self.thinking.hear(text);
            self.speak(voices);
        }
    }

    /// A stretch of thinking that is told apart from the text.
    pub fn thought(&mut self, text: &str) {
        if !text.is_empty() {
            self.tokens = self.tokens.saturating_add(tokens(text));
            self.thinking.told_apart();
            self.spoken = self.spoken.max(Spoken::Thought);
            self.pieces.push(Piece::Reasoning(text.to_owned()));
        }
    }

    /// A stretch of what says that there will be no answer.
    pub fn refusal(&mut self, text: &str) {
        self.refusal.push_str(text);
    }

    /// Whether a word was said.
    pub fn has_spoken(&self) -> bool {
        self.spoken == Spoken::Words || !self.blanks.is_empty()
    }

    /// The answer comes as messages.
    pub fn by_messages(&mut self) {
        self.by_messages = true;
    }

    /// What a message says that was not said before. After deltas it tells all of them once more; other messages tell
    /// more, or all so far with more.
    pub fn new_in<'a>(&self, message: &'a str, ends: bool) -> Option<&'a str> {
        if !self.by_messages {
            return None;
        }
        match message.strip_prefix(&self.text) {
            Some("") if ends => None,
            Some("") | None => Some(message),
            Some(more) => Some(more),
        }
    }

    fn speak(&mut self, voices: Vec<Voice>) {
        for voice in voices {
            match voice {
                Voice::Text(text) => self.say(text),
                Voice::Thinking(text) => {
                    self.spoken = self.spoken.max(Spoken::Thought);
                    self.pieces.push(Piece::Reasoning(text));
                }
                Voice::Before => {
                    let blanks = std::mem::take(&mut self.blanks);
                    if !blanks.is_empty() {
                        self.pieces.push(Piece::Reasoning(blanks));
                    }
                    if self.spoken == Spoken::Words {
                        self.spoken = Spoken::Thought;
                        self.pieces.push(Piece::WasThinking);
                    }
                }
            }
        }
    }

    /// Blanks wait for the first word: alone they are no answer.
    fn say(&mut self, text: String) {
        self.text.push_str(&text);
        let text = match self.spoken {
            Spoken::Words => text,
            Spoken::Nothing | Spoken::Thought => {
                self.blanks.push_str(&text);
                if !is_visible(&self.blanks) {
                    return;
                }
                self.spoken = Spoken::Words;
                std::mem::take(&mut self.blanks)
            }
        };
        match self.pieces.last_mut() {
            Some(Piece::Text(said)) => said.push_str(&text),
            _ => self.pieces.push(Piece::Text(text)),
        }
    }

    fn flush(&mut self) {
        let voices = self.thinking.end();
        self.speak(voices);
    }

    /// What the provider counts: a later count takes the place of an earlier one, and what is no count is none.
    pub fn count(&mut self, input: &Value, output: &Value) {
        let count = |told: &Value| told.as_u64().filter(|count| *count <= ABSURD);
        let (input, output) = (count(input), count(output));
        self.counted |= input.is_some() || output.is_some();
        self.input = input.or(self.input);
        self.output = output.or(self.output);
    }

    /// The reason that is given for the end.
    pub fn ended(&mut self, reason: &str) {
        if let Some(ending) = ending(reason) {
            self.ending = Some(ending);
        }
    }

    /// The stream says that it is at its end.
    pub fn close(&mut self) {
        self.closed = true;
    }

    /// The provider tells of an error.
    pub fn failed(&mut self, error: &Value) {
        let masked = lenient::value(&self.masked(&error.to_string()));
        let why = reason::told(masked.as_ref().unwrap_or(error));
        self.failure
            .get_or_insert_with(|| why.unwrap_or_else(|| "without a reason".to_owned()));
    }

    /// Something came that is no event of any language.
    pub fn strange(&mut self, data: &str) {
        if self.strange.is_none() {
            self.strange = match data.trim_start().starts_with('<') {
                true => Some("a web page; check the provider's base_url".to_owned()),
                false => reason::line(&self.masked(data)),
            };
        }
    }

    /// Before it is cut, so that no part of the key stays.
    fn masked(&self, text: &str) -> String {
        masked(text, self.key.as_deref())
    }

    fn usage(&self) -> Usage {
        // A provider that counts nothing where something was said does not count.
        let output = self.output.filter(|count| *count > 0 || self.tokens == 0);
        Usage {
            input_tokens: self.input.unwrap_or(self.asked),
            output_tokens: output.unwrap_or(self.tokens),
        }
    }

    /// What was counted and is not told yet. Kept where the answer breaks off: the provider bills it all the same.
    fn counted(&mut self) -> Option<Piece> {
        std::mem::take(&mut self.counted).then(|| Piece::Counted(self.usage()))
    }

    /// Letters of the answer so far, in bytes.
    pub fn length(&self) -> usize {
        self.text.len()
    }

    /// Whether a reason for the end was given.
    pub fn has_ended(&self) -> bool {
        self.ending.is_some()
    }

    /// Whether the provider has told of an error.
    pub fn has_failed(&self) -> bool {
        self.failure.is_some()
    }

    /// All pieces that are left, and the end.
    pub fn rest(&mut self) -> Said {
        self.flush();
        let mut said = self.pieces();
        said.push(self.outcome());
        said
    }

    fn pieces(&mut self) -> Said {
        let mut said = std::mem::take(&mut self.pieces);
        said.extend(self.counted());
        said.into_iter().map(Ok).collect()
    }

    /// The pieces so far, with the end where there is nothing more to hear.
    pub fn said(&mut self) -> Said {
        let allowed = self.limit.map(|limit| {
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            limit
                .saturating_mul(BYTES_OF_TOKEN)
                .saturating_add(ALLOWANCE)
        });
        let cut = allowed.is_some_and(|allowed| self.text.len() > allowed);
        if cut && self.ending.is_none() {
            self.ending = Some(Ending::Finished(FinishReason::Length));
        }
        match cut || self.closed || self.failure.is_some() {
            true => self.rest(),
            false => self.pieces(),
        }
    }

    /// How the answer ends. One without a word has failed, whatever reason is given.
    fn outcome(&self) -> Result<Piece, ModelError> {
        let broken = |why: &str| Err(ModelError::provider(format!("it broke off: {why}")));
        if let Some(why) = &self.failure {
            return broken(why);
        }
        let reason = match &self.ending {
            Some(Ending::Broken(reason)) => {
                let reason = reason::line(&self.masked(reason)).unwrap_or_default();
                return broken(&format!("the reason that it gives is {reason}"));
            }
            Some(Ending::Finished(reason)) => *reason,
            None if self.closed => FinishReason::Stop,
            None => {
                let strange = self.strange.as_ref();
                let strange = strange.map_or_else(String::new, |told| format!("; it sent {told}"));
                return broken(&format!("its stream ended before the answer did{strange}"));
            }
        };
        if self.spoken != Spoken::Words {
            return Err(ModelError::provider(self.wordless(reason)));
        }
        Ok(Piece::Finished {
            reason,
            usage: self.usage(),
        })
    }

    fn wordless(&self, reason: FinishReason) -> String {
        if let Some(refusal) = reason::line(&self.masked(&self.refusal)) {
            return format!("the model declined to answer: {refusal}");
        }
        let what = match self.spoken {
            Spoken::Thought => "the model thought and said nothing",
            Spoken::Nothing | Spoken::Words => "the model said nothing",
        };
        match reason {
            FinishReason::Stop => what.to_owned(),
            FinishReason::Length => {
                format!(
                    "{what} before it reached the limit of its tokens; allow it more, or ask for less"
                )
            }
            FinishReason::ContentFilter => {
                format!("{what}: a filter of the provider held the answer back")
            }
            FinishReason::ToolCalls => {
                format!("{what}: it called for a tool, and there is none for it")
            }
        }
    }
}
