//! A conversation without a title is named after its first question.

use domain::conversation::{Conversation, ConversationCommand};
use domain::text;
use eventstore::executor::{Context, Execution, ExecutorError, step};
use projections::conversation::queries;
use projections::response::ResponseView;

use super::Responder;

const LENGTH: usize = 60;

pub(super) async fn name_conversation(responder: &Responder, run: &ResponseView) {
    let Ok(Some(conversation)) =
        queries::find(&responder.pool, run.requested_by, run.conversation_id).await
    else {
        return;
    };
    if conversation.title.is_some() {
        return;
    }
    let path = queries::path(
        &responder.pool,
        run.conversation_id,
        run.prompt_message_id,
        1,
    )
    .await;
    let Some(title) = path
        .ok()
        .and_then(|page| title(&page.items.first()?.content))
    else {
        return;
    };
    let command = ConversationCommand::NameConversation {
        conversation_id: run.conversation_id,
        title,
    };
    let step = step::<Conversation>(run.conversation_id, None, command);
    let execution = Execution::new(Context::worker("responder", None), vec![step]);
    match responder.executor.execute(execution).await {
        // Named by somebody else meanwhile.
        Ok(_) | Err(ExecutorError::Refused(_)) => {}
        Err(error) => tracing::warn!(%error, "a conversation was not named"),
    }
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
