//! What a conversation is called: what its owner says, and until then its first question.

use uuid::Uuid;

use super::{ConversationError, ConversationEvent};
use crate::personal::{Personal, Subject};
use crate::text;

const TITLE_LIMIT: usize = 200;
/// Characters of a question that make a title.
const LENGTH: usize = 60;

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
    let title = titled(conversation_id, &title(question)?).ok()?;
    Some(ConversationEvent::TitleChanged {
        title,
        automatic: true,
    })
}

/// The first line of a question, cut at a word.
fn title(question: &str) -> Option<String> {
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
            title("\n  Where is my data? \nmore"),
            Some("Where is my data?".into())
        );
        assert_eq!(title(" \n"), None);
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
            let title = title(question).unwrap();
            assert_eq!(title, named);
            assert_eq!(text::line(&title, LENGTH), Ok(title));
        }
        assert_eq!(title("\u{200f}\n\u{2067}\u{2069}"), None);
    }

    #[test]
    fn a_long_one_is_cut_at_a_word() {
        let long = "word ".repeat(40);
        let title = title(&long).unwrap();
        assert!(
            title.ends_with("word…") && title.chars().count() <= LENGTH + 1,
            "{title}"
        );
    }

    #[test]
    fn one_without_spaces_is_cut_anyway() {
        assert_eq!(title(&"ü".repeat(100)).unwrap().chars().count(), LENGTH + 1);
    }
}
