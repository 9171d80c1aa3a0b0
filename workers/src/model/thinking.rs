//! Thinking that a model writes into its text, between tags, is taken apart from the answer, wherever the pieces are cut.
//!
//! A tag counts outside code alone: in a fence, between backticks or in an indented line it is shown. Before the answer's
//! first word an opening tag begins thinking at once. Later it does so only where a closing tag follows: until then what
//! it begins is held back, and given back as text where none comes. A closing tag that nothing has opened says that all
//! of the text before it was thinking, which is so once at most.

/// Bytes that are held back behind an opening tag within an answer.
const HELD: usize = 64 * 1024;
const OPENING: [&str; 2] = ["<think>", "<thinking>"];
const CLOSING: [&str; 2] = ["</think>", "</thinking>"];

/// What a text is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Voice {
    Text(String),
    Thinking(String),
    /// All of the text so far was thinking.
    Before,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Text,
    Thinking,
    /// Behind an opening tag within the answer.
    Held,
}

/// Takes a text apart, piece by piece.
#[derive(Debug, Default)]
pub(super) struct Thinking {
    state: State,
    /// What may be the beginning of a tag, or is held back.
    rest: String,
    /// Whether the answer has begun.
    begun: bool,
    /// Whether thinking was told in any way: a closing tag that nothing has opened is text then.
    told: bool,
    /// Whether it was told apart from the text.
    apart: bool,
    /// Whether a line break that follows a tag is left out.
    after_tag: bool,
    code: Code,
}

impl Thinking {
    /// Thinking was told apart from the text.
    pub fn told_apart(&mut self) {
        self.told = true;
        self.apart = true;
    }

    /// What a further piece says.
    pub fn hear(&mut self, text: &str) -> Vec<Voice> {
        self.rest.push_str(text);
        let mut voices = Vec::new();
        while self.step(&mut voices) {}
        voices
    }

    /// What was held back, at the end.
    pub fn end(&mut self) -> Vec<Voice> {
        let rest = std::mem::take(&mut self.rest);
        match (rest.is_empty(), self.state) {
            (true, _) => vec![],
            (false, State::Thinking) => vec![Voice::Thinking(rest)],
            (false, State::Text | State::Held) => vec![Voice::Text(rest)],
        }
    }

    /// Takes the next stretch; false where more must be heard first.
    fn step(&mut self, voices: &mut Vec<Voice>) -> bool {
        match self.state {
            State::Text => self.text(voices),
            State::Thinking => self.thinking(voices),
            State::Held => self.held(voices),
        }
    }

    fn text(&mut self, voices: &mut Vec<Voice>) -> bool {
        if self.after_tag {
            let kept = self.rest.trim_start_matches(['\n', '\r']).len();
            self.rest.drain(..self.rest.len() - kept);
            self.after_tag = kept == 0;
        }
        let mut said = 0;
        let mut code = self.code.clone();
        let mut begun = self.begun;
        let mut found = None;
        for (at, sign) in self.rest.char_indices() {
            if sign == '<' && !code.shows_tags() {
                match tag(&self.rest[at..]) {
                    Tag::No => {}
                    other => {
                        found = Some(other);
                        break;
                    }
                }
            }
            code.hear(sign);
            begun |= !sign.is_whitespace();
            said = at + sign.len_utf8();
        }
        let text: String = self.rest.drain(..said).collect();
        (self.code, self.begun) = (code, begun);
        if !text.is_empty() {
            voices.push(Voice::Text(text));
        }
        match found {
            None | Some(Tag::No | Tag::Perhaps) => false,
            Some(Tag::Opens(length)) if !self.begun => {
                self.rest.drain(..length);
                self.state = State::Thinking;
                true
            }
            // Where thinking comes by itself, a tag within the answer is shown.
            Some(Tag::Opens(length)) if self.apart => {
                voices.push(Voice::Text(self.rest.drain(..length).collect()));
                true
            }
            Some(Tag::Opens(_)) => {
                self.state = State::Held;
                true
            }
            Some(Tag::Closes(length)) => {
                self.close_unopened(length, voices);
                true
            }
        }
    }

    /// A closing tag that nothing has opened.
    fn close_unopened(&mut self, length: usize, voices: &mut Vec<Voice>) {
        let tag: String = self.rest.drain(..length).collect();
        if self.told && self.begun {
            return voices.push(Voice::Text(tag));
        }
        voices.push(Voice::Before);
        self.closed();
    }

    /// Thinking has ended: the answer begins, or begins again.
    fn closed(&mut self) {
        self.state = State::Text;
        self.told = true;
        self.begun = false;
        self.after_tag = true;
        self.code = Code::default();
    }

    fn thinking(&mut self, voices: &mut Vec<Voice>) -> bool {
        let (thought, closing) = until_closed(&self.rest);
        let told: String = self.rest.drain(..thought).collect();
        if !told.is_empty() {
            voices.push(Voice::Thinking(told));
        }
        let Some(length) = closing else {
            return false;
        };
        self.rest.drain(..length);
        self.closed();
        true
    }

    fn held(&mut self, voices: &mut Vec<Voice>) -> bool {
        let opening = match tag(&self.rest) {
            Tag::Opens(length) => length,
            Tag::Closes(_) | Tag::Perhaps | Tag::No => 0,
        };
        let (thought, closing) = until_closed(&self.rest[opening..]);
        if let Some(length) = closing {
            let told = self.rest[opening..opening + thought].to_owned();
            self.rest.drain(..opening + thought + length);
            voices.push(Voice::Thinking(told));
            self.state = State::Text;
            self.told = true;
            return true;
        }
        if self.rest.len() > HELD {
            // Nobody closes it: it was text.
            voices.push(Voice::Text(std::mem::take(&mut self.rest)));
            self.state = State::Text;
        }
        false
    }
}

/// What begins with a sign that may begin a tag.
enum Tag {
    Opens(usize),
    Closes(usize),
    /// More must be heard.
    Perhaps,
    No,
}

fn tag(text: &str) -> Tag {
    let begins = |tag: &&&str| {
        text.get(..tag.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(tag))
    };
    if let Some(tag) = OPENING.iter().find(begins) {
        return Tag::Opens(tag.len());
    }
    if let Some(tag) = CLOSING.iter().find(begins) {
        return Tag::Closes(tag.len());
    }
    let cut = |tag: &&str| {
        tag.get(..text.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(text))
    };
    match OPENING.iter().chain(&CLOSING).any(cut) {
        true => Tag::Perhaps,
        false => Tag::No,
    }
}

/// How many bytes are thought, and how long the closing tag is that follows; without one, what may be its beginning is
/// left.
fn until_closed(text: &str) -> (usize, Option<usize>) {
    for (at, _) in text.match_indices('<') {
        match tag(&text[at..]) {
            Tag::Closes(length) => return (at, Some(length)),
            Tag::Perhaps => return (at, None),
            Tag::Opens(_) | Tag::No => {}
        }
    }
    (text.len(), None)
}

/// Where in Markdown a text is, as far as code goes.
#[derive(Debug, Clone)]
struct Code {
    /// The sign and the length of the fence that is open.
    fence: Option<(char, usize)>,
    /// The backticks of the code that is open within a line.
    inline: usize,
    /// The run of backticks or tildes that is being heard, and whether it began its line.
    run: Option<(char, usize, bool)>,
    /// Blanks at the beginning of the line; none once it has begun.
    indent: Option<usize>,
    /// Whether the line is indented as code is.
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
    /// Whether a tag that follows is shown, and none.
    fn shows_tags(&self) -> bool {
        let mut after = self.clone();
        after.end_run();
        after.fence.is_some() || after.inline > 0 || after.indented || after.indent >= Some(4)
    }

    fn hear(&mut self, sign: char) {
        if let Some((mark, length, begins)) = self.run {
            if sign == mark {
                self.run = Some((mark, length + 1, begins));
                return;
            }
            self.end_run();
        }
        match sign {
            '\n' | '\r' => {
                self.inline = 0;
                self.indent = Some(0);
                self.indented = false;
            }
            '`' | '~' => {
                self.run = Some((sign, 1, self.indent.is_some_and(|blanks| blanks < 4)));
                self.begin_line();
            }
            ' ' => self.indent = self.indent.map(|blanks| blanks + 1),
            '\t' => self.indent = self.indent.map(|blanks| blanks + 4),
            _ => self.begin_line(),
        }
    }

    fn begin_line(&mut self) {
        self.indented |= self.indent.is_some_and(|blanks| blanks >= 4);
        self.indent = None;
    }

    fn end_run(&mut self) {
        let Some((mark, length, begins)) = self.run.take() else {
            return;
        };
        match self.fence {
            Some((open, least)) if begins && mark == open && length >= least => self.fence = None,
            None if begins && length >= 3 => self.fence = Some((mark, length)),
            None if mark == '`' && self.inline == 0 => self.inline = length,
            None if mark == '`' && self.inline == length => self.inline = 0,
            Some(_) | None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Thinking and answer of a text that is cut before every so many letters.
    fn heard(text: &str, length: usize) -> (String, String) {
        let (mut thought, mut said) = (String::new(), String::new());
        let mut thinking = Thinking::default();
        let letters: Vec<char> = text.chars().collect();
        let mut voices = Vec::new();
        for piece in letters.chunks(length) {
            voices.extend(thinking.hear(&piece.iter().collect::<String>()));
        }
        voices.extend(thinking.end());
        for voice in voices {
            match voice {
                Voice::Text(text) => said.push_str(&text),
                Voice::Thinking(text) => thought.push_str(&text),
                Voice::Before => thought.push_str(&std::mem::take(&mut said)),
            }
        }
        (thought, said)
    }

    fn each_cut(text: &str, thought: &str, said: &str) {
        for length in 1..=text.chars().count().max(1) {
            let found = heard(text, length);
            assert_eq!(
                (found.0.as_str(), found.1.as_str()),
                (thought, said),
                "{text:?} in pieces of {length}"
            );
        }
    }

    #[test]
    fn thinking_is_taken_apart_wherever_it_is_cut() {
        for (text, thought, said) in [
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
            each_cut(text, thought, said);
        }
    }

    #[test]
    fn what_only_shows_a_tag_stays_as_it_is() {
        for text in [
            "```\n<think>x</think>\n```\nThat is how.",
            "Write:\n~~~xml\n<think>\nx\n</think>\n~~~\ndone",
            "````\n```\n</think>\n````",
            "The tags `<think>` and `</think>` are code.",
            "``a ` <think>`` and ``</think>``",
            "As in\n\n    <think>x</think>\n",
            "a < b, <b>bold</b>, <thin",
            "It begins with <think> and goes on",
            "x <",
            "",
        ] {
            each_cut(text, "", text);
        }
        // Nobody has thought twice without a tag.
        each_cut("a</think>b </think> c", "a", "b </think> c");
    }

    #[test]
    fn what_was_told_apart_makes_a_later_tag_text() {
        let mut thinking = Thinking::default();
        thinking.told_apart();
        let mut voices = thinking.hear("Four </think> five");
        voices.extend(thinking.end());
        let said: String = voices
            .into_iter()
            .map(|voice| match voice {
                Voice::Text(text) => text,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(said, "Four </think> five");
    }
}
