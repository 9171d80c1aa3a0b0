//! What a conversation is called: what its owner says; until then its first question, and after the answer what a model
//! makes of both.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ConversationError, ConversationEvent};
use crate::personal::{Personal, Subject};
use crate::response::Call;
use crate::text;

const TITLE_LIMIT: usize = 200;
/// Characters of a question that make a title.
const LENGTH: usize = 60;
/// Characters of a title that a model has written. What is longer is no title but an answer.
const WRITTEN: usize = 80;

/// Where the title of a conversation comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Title {
    #[default]
    Missing,
    OfQuestion,
    /// Given by a person or written by a model: no model writes another one.
    Kept,
}

impl Title {
    pub fn given(given: bool) -> Self {
        match given {
            true => Self::Kept,
            false => Self::Missing,
        }
    }

    pub fn changed(self, automatic: bool) -> Self {
        match (automatic, self) {
            (true, Self::Missing) => Self::OfQuestion,
            (true | false, _) => Self::Kept,
        }
    }
}

pub(super) fn titled(
    conversation_id: Uuid,
    title: &str,
) -> Result<Personal<String>, ConversationError> {
    let title = text::line(title, TITLE_LIMIT).map_err(ConversationError::Title)?;
    Ok(Personal::new(
        [Subject::new("conversation", conversation_id)],
        title,
    ))
}

/// The title that a question gives a conversation that has none.
pub(super) fn after(conversation_id: Uuid, question: &str) -> Option<ConversationEvent> {
    let title = titled(conversation_id, &title_of(question)?).ok()?;
    Some(ConversationEvent::TitleChanged {
        title,
        automatic: true,
        call: None,
    })
}

/// The title that a model has written after the first answer.
pub(super) fn written(conversation_id: Uuid, said: &str, call: Call) -> Option<ConversationEvent> {
    let title = titled(conversation_id, &bare(said)?).ok()?;
    Some(ConversationEvent::TitleChanged {
        title,
        automatic: true,
        call: Some(call),
    })
}

/// The title in what a model has said: its first line, without the marks that models put around a title.
fn bare(said: &str) -> Option<String> {
    let lines = said.lines().map(text::flattened);
    let mut lines = lines.filter(|line| line.chars().any(char::is_alphanumeric));
    let mut line = lines.next()?;
    // What only announces a title is none.
    if without_marks(&line).ends_with([':', '：'])
        && let Some(next) = lines.next()
    {
        line = next;
    }
    let mut title = without_marks(&line);
    if let Some((label, rest)) = title.split_once([':', '：'])
        && without_marks(label.trim_start_matches('*')).eq_ignore_ascii_case("title")
    {
        title = without_marks(rest.trim_start_matches('*'));
    }
    let fits = title.chars().any(char::is_alphanumeric) && title.chars().count() <= WRITTEN;
    fits.then(|| title.to_owned())
}

/// Without marks of Markdown, quotation marks and the full stop at the end.
fn without_marks(line: &str) -> &str {
    let mut line = line.trim().trim_start_matches('#');
    loop {
        let before = line;
        line = line.trim().trim_end_matches(['.', '。']);
        for pair in QUOTES {
            let inner = line
                .strip_prefix(pair.0)
                .and_then(|line| line.strip_suffix(pair.1));
            line = inner.unwrap_or(line);
        }
        if line == before {
            return line;
        }
    }
}

const QUOTES: [(char, char); 10] = [
    ('"', '"'),
    ('\'', '\''),
    ('`', '`'),
    ('*', '*'),
    ('_', '_'),
    ('“', '”'),
    ('„', '“'),
    ('«', '»'),
    ('「', '」'),
    ('《', '》'),
];

/// The first line of a question, cut at a word.
pub fn title_of(question: &str) -> Option<String> {
    let line = question
        .lines()
        .map(text::flattened)
        .find(|line| text::is_visible(line))?;
    if line.chars().count() <= LENGTH {
        return Some(line);
    }
    let cut: String = line.chars().take(LENGTH).collect();
    let whole = cut
        .rsplit_once(' ')
        .map_or(cut.as_str(), |(words, _)| words);
    Some(format!("{whole}…"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_question_is_its_own_title() {
        assert_eq!(
            title_of("\n  Where is my data? \nmore"),
            Some("Where is my data?".into())
        );
        assert_eq!(title_of(" \n"), None);
    }

    /// Text that is pasted from messengers is full of isolates and marks.
    #[test]
    fn a_question_from_right_to_left_is_its_own_title() {
        for (question, named) in [
            ("\u{200f}מה שלומך?", "מה שלומך?"),
            (
                "\u{2067}כמה עולה \u{2066}C++\u{2069}?\u{2069}",
                "כמה עולה C++?",
            ),
            (
                "\u{202b}\u{200f}\u{202c}\r\n\u{61c}أين بياناتي؟",
                "أين بياناتي؟",
            ),
        ] {
            let title = title_of(question).unwrap();
            assert_eq!(title, named);
            assert_eq!(text::line(&title, LENGTH), Ok(title));
        }
        assert_eq!(title_of("\u{200f}\n\u{2067}\u{2069}"), None);
    }

    #[test]
    fn a_long_one_is_cut_at_a_word() {
        let long = "word ".repeat(40);
        let title = title_of(&long).unwrap();
        assert!(
            title.ends_with("word…") && title.chars().count() <= LENGTH + 1,
            "{title}"
        );
    }

    #[test]
    fn one_without_spaces_is_cut_anyway() {
        assert_eq!(
            title_of(&"ü".repeat(100)).unwrap().chars().count(),
            LENGTH + 1
        );
    }

    #[test]
    fn what_a_model_says_is_freed_from_its_marks() {
        for (said, title) in [
            ("Leave in Lisbon", Some("Leave in Lisbon")),
            (
                "\n\n**Leave in Lisbon.**\n\nHope it helps",
                Some("Leave in Lisbon"),
            ),
            ("# Leave in Lisbon", Some("Leave in Lisbon")),
            ("Title: \"Leave in Lisbon\"", Some("Leave in Lisbon")),
            ("**Title: Leave**", Some("Leave")),
            ("「里斯本的休假」。", Some("里斯本的休假")),
            ("„Urlaub in Lissabon“", Some("Urlaub in Lissabon")),
            ("إجازة في لشبونة", Some("إجازة في لشبونة")),
            ("Rust: traits and 'static", Some("Rust: traits and 'static")),
            (
                "Here is a title for the conversation:\n\n**Simple Addition**",
                Some("Simple Addition"),
            ),
            ("**Title:** Simple Addition", Some("Simple Addition")),
            ("Title:\nSimple Addition", Some("Simple Addition")),
            ("C#", Some("C#")),
            ("***", None),
            ("\"\"", None),
            ("", None),
        ] {
            assert_eq!(bare(said).as_deref(), title, "{said:?}");
        }
        assert_eq!(bare(&"long ".repeat(17)), None);
    }

    #[test]
    fn a_title_is_written_once_and_never_over_one_that_was_given() {
        let (given, none) = (Title::given(true), Title::given(false));
        assert_eq!(none.changed(true), Title::OfQuestion);
        assert_eq!(none.changed(true).changed(true), Title::Kept);
        for title in [given, none, Title::OfQuestion] {
            assert_eq!(title.changed(false), Title::Kept);
        }
        assert_eq!(given.changed(true), Title::Kept);
    }
}
