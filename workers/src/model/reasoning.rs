//! Separates reasoning that a model writes into its text between tags, wherever the chunks are cut.
//!
//! Tags only count outside code: in a fence, between backticks or in an indented line they are text. Before the first
//! word of the answer, an opening tag starts reasoning immediately. Later it does so only if a closing tag follows:
//! until then the text is held back, and released as text if none comes. A closing tag without an opening one means
//! that all text before it was reasoning, which happens once at most.

/// Bytes that are held back after an opening tag within an answer.
const HELD_LIMIT: usize = 64 * 1024;
const OPENING: [&str; 2] = ["<think>", "<thinking>"];
const CLOSING: [&str; 2] = ["</think>", "</thinking>"];

/// A part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Segment {
    Text(String),
    Reasoning(String),
    /// All text so far was reasoning.
    TextWasReasoning,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Text,
    Reasoning,
    /// After an opening tag within the answer.
    Held,
}

/// Splits a text incrementally.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    state: State,
    /// A possible start of a tag, or text that is held back.
    rest: String,
    /// Whether the answer has started.
    has_started: bool,
    /// Whether there was reasoning in any form: a closing tag without an opening one is text then.
    had_reasoning: bool,
    /// Whether the provider sent reasoning apart from the text.
    is_separate: bool,
    /// Whether to omit a line break that follows a tag.
    after_tag: bool,
    code: Code,
}

impl Splitter {
    /// The provider sent reasoning apart from the text.
    pub(super) fn expect_separate_reasoning(&mut self) {
        self.had_reasoning = true;
        self.is_separate = true;
    }

    /// Splits a further chunk.
    pub(super) fn push(&mut self, text: &str) -> Vec<Segment> {
        self.rest.push_str(text);
        let mut segments = Vec::new();
        while self.step(&mut segments) {}
        segments
    }

    /// Releases what was held back, at the end.
    pub(super) fn finish(&mut self) -> Vec<Segment> {
        let rest = std::mem::take(&mut self.rest);
        match (rest.is_empty(), self.state) {
            (true, _) => vec![],
            (false, State::Reasoning) => vec![Segment::Reasoning(rest)],
            (false, State::Text | State::Held) => vec![Segment::Text(rest)],
        }
    }

    /// Processes the next part; `false` if more text is needed.
    fn step(&mut self, segments: &mut Vec<Segment>) -> bool {
        match self.state {
            State::Text => self.split_text(segments),
            State::Reasoning => self.split_reasoning(segments),
            State::Held => self.split_held(segments),
        }
    }

    fn split_text(&mut self, segments: &mut Vec<Segment>) -> bool {
        if self.after_tag {
            let length = self.rest.trim_start_matches(['\n', '\r']).len();
            self.rest.drain(..self.rest.len() - length);
            self.after_tag = length == 0;
        }
        let mut end = 0;
        let mut code = self.code.clone();
        let mut has_started = self.has_started;
        let mut found = None;
        for (at, character) in self.rest.char_indices() {
            if character == '<' && !code.is_open() {
                match parse_tag(&self.rest[at..]) {
                    Tag::None => {}
                    other => {
                        found = Some(other);
                        break;
                    }
                }
            }
            code.push(character);
            has_started |= !character.is_whitespace();
            end = at + character.len_utf8();
        }
        let text: String = self.rest.drain(..end).collect();
        (self.code, self.has_started) = (code, has_started);
        if !text.is_empty() {
            segments.push(Segment::Text(text));
        }
        match found {
            None | Some(Tag::None | Tag::Incomplete) => false,
            Some(Tag::Opening(length)) if !self.has_started => {
                self.rest.drain(..length);
                self.state = State::Reasoning;
                true
            }
            // If reasoning is sent apart, a tag within the answer is text.
            Some(Tag::Opening(length)) if self.is_separate => {
                segments.push(Segment::Text(self.rest.drain(..length).collect()));
                true
            }
            Some(Tag::Opening(_)) => {
                self.state = State::Held;
                true
            }
            Some(Tag::Closing(length)) => {
                self.close_unopened(length, segments);
                true
            }
        }
    }

    /// Handles a closing tag without an opening one.
    fn close_unopened(&mut self, length: usize, segments: &mut Vec<Segment>) {
        let tag: String = self.rest.drain(..length).collect();
        if self.had_reasoning && self.has_started {
            return segments.push(Segment::Text(tag));
        }
        segments.push(Segment::TextWasReasoning);
        self.end_reasoning();
    }

    /// Reasoning has ended: the answer starts, or starts again.
    fn end_reasoning(&mut self) {
        self.state = State::Text;
        self.had_reasoning = true;
        self.has_started = false;
        self.after_tag = true;
        self.code = Code::default();
    }

    fn split_reasoning(&mut self, segments: &mut Vec<Segment>) -> bool {
        let (length, closing) = find_closing_tag(&self.rest);
        let reasoning: String = self.rest.drain(..length).collect();
        if !reasoning.is_empty() {
            segments.push(Segment::Reasoning(reasoning));
        }
        let Some(tag_length) = closing else {
            return false;
        };
        self.rest.drain(..tag_length);
        self.end_reasoning();
        true
    }

    fn split_held(&mut self, segments: &mut Vec<Segment>) -> bool {
        let opening = match parse_tag(&self.rest) {
            Tag::Opening(length) => length,
            Tag::Closing(_) | Tag::Incomplete | Tag::None => 0,
        };
        let (length, closing) = find_closing_tag(&self.rest[opening..]);
        if let Some(tag_length) = closing {
            let reasoning = self.rest[opening..opening + length].to_owned();
            self.rest.drain(..opening + length + tag_length);
            segments.push(Segment::Reasoning(reasoning));
            self.state = State::Text;
            self.had_reasoning = true;
            return true;
        }
        if self.rest.len() > HELD_LIMIT {
            // It is never closed, so it is text.
            segments.push(Segment::Text(std::mem::take(&mut self.rest)));
            self.state = State::Text;
        }
        false
    }
}

/// What starts at a `<`.
enum Tag {
    Opening(usize),
    Closing(usize),
    /// More text is needed to tell.
    Incomplete,
    None,
}

fn parse_tag(text: &str) -> Tag {
    let is_prefix = |tag: &&&str| {
        text.get(..tag.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(tag))
    };
    if let Some(tag) = OPENING.iter().find(is_prefix) {
        return Tag::Opening(tag.len());
    }
    if let Some(tag) = CLOSING.iter().find(is_prefix) {
        return Tag::Closing(tag.len());
    }
    let is_cut = |tag: &&str| {
        tag.get(..text.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(text))
    };
    match OPENING.iter().chain(&CLOSING).any(is_cut) {
        true => Tag::Incomplete,
        false => Tag::None,
    }
}

/// The length of the reasoning and of the closing tag after it. Without a tag, a possible start of one is excluded.
fn find_closing_tag(text: &str) -> (usize, Option<usize>) {
    for (at, _) in text.match_indices('<') {
        match parse_tag(&text[at..]) {
            Tag::Closing(length) => return (at, Some(length)),
            Tag::Incomplete => return (at, None),
            Tag::Opening(_) | Tag::None => {}
        }
    }
    (text.len(), None)
}

/// The position in Markdown, as far as code is concerned.
#[derive(Debug, Clone)]
struct Code {
    /// The character and length of the open fence.
    fence: Option<(char, usize)>,
    /// The backticks of the open inline code.
    inline: usize,
    /// The current run of backticks or tildes, and whether it started its line.
    run: Option<(char, usize, bool)>,
    /// Spaces at the start of the line; `None` once it has other text.
    indent: Option<usize>,
    /// Whether the line is indented code.
    indented: bool,
}

impl Default for Code {
    fn default() -> Self {
        Self {
            fence: None,
            inline: 0,
            run: None,
            indent: Some(0),
            indented: false,
        }
    }
}

impl Code {
    /// Whether a tag at this position is text.
    fn is_open(&self) -> bool {
        let mut after = self.clone();
        after.end_run();
        after.fence.is_some() || after.inline > 0 || after.indented || after.indent >= Some(4)
    }

    fn push(&mut self, character: char) {
        if let Some((marker, length, starts_line)) = self.run {
            if character == marker {
                self.run = Some((marker, length + 1, starts_line));
                return;
            }
            self.end_run();
        }
        match character {
            '\n' | '\r' => {
                self.inline = 0;
                self.indent = Some(0);
                self.indented = false;
            }
            '`' | '~' => {
                self.run = Some((character, 1, self.indent.is_some_and(|spaces| spaces < 4)));
                self.begin_line();
            }
            ' ' => self.indent = self.indent.map(|spaces| spaces + 1),
            '\t' => self.indent = self.indent.map(|spaces| spaces + 4),
            _ => self.begin_line(),
        }
    }

    fn begin_line(&mut self) {
        self.indented |= self.indent.is_some_and(|spaces| spaces >= 4);
        self.indent = None;
    }

    fn end_run(&mut self) {
        let Some((marker, length, starts_line)) = self.run.take() else {
            return;
        };
        match self.fence {
            Some((open, least)) if starts_line && marker == open && length >= least => {
                self.fence = None;
            }
            None if starts_line && length >= 3 => self.fence = Some((marker, length)),
            None if marker == '`' && self.inline == 0 => self.inline = length,
            None if marker == '`' && self.inline == length => self.inline = 0,
            Some(_) | None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reasoning and the answer of a text that is cut after every `length` characters.
    fn split(text: &str, length: usize) -> (String, String) {
        let (mut reasoning, mut answer) = (String::new(), String::new());
        let mut splitter = Splitter::default();
        let characters: Vec<char> = text.chars().collect();
        let mut segments = Vec::new();
        for chunk in characters.chunks(length) {
            segments.extend(splitter.push(&chunk.iter().collect::<String>()));
        }
        segments.extend(splitter.finish());
        for segment in segments {
            match segment {
                Segment::Text(text) => answer.push_str(&text),
                Segment::Reasoning(text) => reasoning.push_str(&text),
                Segment::TextWasReasoning => reasoning.push_str(&std::mem::take(&mut answer)),
            }
        }
        (reasoning, answer)
    }

    fn assert_split_at_every_cut(text: &str, reasoning: &str, answer: &str) {
        for length in 1..=text.chars().count().max(1) {
            let found = split(text, length);
            assert_eq!(
                (found.0.as_str(), found.1.as_str()),
                (reasoning, answer),
                "{text:?} in chunks of {length}"
            );
        }
    }

    #[test]
    fn reasoning_is_separated_wherever_it_is_cut() {
        for (text, reasoning, answer) in [
            ("<think>a plan</think>Four.", "a plan", "Four."),
            ("a plan</think>Four.", "a plan", "Four."),
            ("<thinking>a plan</thinking>\n\nFour.", "a plan", "Four."),
            (" \n<THINK>a</Think>b", "a", " \nb"),
            ("\n<think>\n</think>\n\nHi", "\n", "\nHi"),
            ("Sure. <think>a plan</think>Four.", "a plan", "Sure. Four."),
            ("<think>a</think><think>b</think>c", "ab", "c"),
            ("<think>a < b </thin </think>c", "a < b </thin ", "c"),
            ("<think>all of it", "all of it", ""),
            ("</think>Four.", "", "Four."),
            ("<think>```\nx = 1\n</think>Four.", "```\nx = 1\n", "Four."),
        ] {
            assert_split_at_every_cut(text, reasoning, answer);
        }
    }

    #[test]
    fn tags_in_code_and_unclosed_tags_are_text() {
        for text in [
            "```\n<think>x</think>\n```\nThat is how.",
            "Write:\n~~~xml\n<think>\nx\n</think>\n~~~\ndone",
            "````\n```\n</think>\n````",
            "The tags `<think>` and `</think>` are code.",
            "``a ` <think>`` and ``</think>``",
            "As in\n\n    <think>x</think>\n",
            "a < b, <b>bold</b>, <thin",
            "It starts_line with <think> and goes on",
            "x <",
            "",
        ] {
            assert_split_at_every_cut(text, "", text);
        }
        // All text before a tag is reasoning only once.
        assert_split_at_every_cut("a</think>b </think> c", "a", "b </think> c");
    }

    #[test]
    fn separate_reasoning_makes_a_later_tag_text() {
        let mut splitter = Splitter::default();
        splitter.expect_separate_reasoning();
        let mut segments = splitter.push("Four </think> five");
        segments.extend(splitter.finish());
        let text: String = segments
            .into_iter()
            .map(|segment| match segment {
                Segment::Text(text) => text,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(text, "Four </think> five");
    }
}
