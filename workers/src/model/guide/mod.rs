//! The built-in model: looks a question up in the product's manual and quotes what it finds.

mod attached;
mod index;

use domain::manual::{Section, sections};
use domain::response::{
    Citation, FinishReason, HistoryMessage, Prompt, PromptPassage, Speaker, Usage,
};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};

use self::index::Index;
use super::{ChatModel, ModelError, Piece};

/// Its name among the models.
pub use domain::model::GUIDE as NAME;
/// Passages quoted at most.
const PASSAGES: usize = 2;
/// The part of a question that a passage must hold to be quoted.
const COVERAGE: f64 = 0.5;

const NOTHING: &str = "I found nothing about that in ConvoSphere's manual, and the manual is all that I know: I am the \
    built-in guide, not a language model. You can ask me, for example, where your data lies, how to back up the master \
    key, or how to verify the log.";

const NOTHING_KNOWN: &str = "I found nothing about that in the documents of this assistant, nor in ConvoSphere's \
    manual, and these are all that I know: I am the built-in guide, not a language model. Connect a provider for \
    answers beyond them.";

const NOT_IN_KNOWLEDGE: &str = "The documents of this assistant say nothing about that. ";

/// Answers from the manual.
#[derive(Debug)]
pub struct Guide {
    manual: Vec<Section>,
    index: Index,
}

impl Guide {
    pub fn new() -> Self {
        let manual = sections();
        let titled: Vec<(&str, &str)> = manual.iter().map(|one| (one.title, one.text)).collect();
        Self {
            index: Index::new(&titled),
            manual,
        }
    }
}

impl Default for Guide {
    fn default() -> Self {
        Self::new()
    }
}

impl ChatModel for Guide {
    fn stream(&self, prompt: Prompt) -> BoxStream<'static, Result<Piece, ModelError>> {
        let asked = |turn: &&HistoryMessage| turn.speaker == Speaker::User;
        let question = prompt.history.iter().rfind(asked);
        let question = question.map_or("", |turn| turn.text.as_str());
        let fitting = fitting(prompt.knowledge.as_deref());
        let files = attached::quotes(&prompt.history, question, PASSAGES);
        let mut pieces = match (fitting.is_empty(), files.is_empty()) {
            (false, _) => quote(&fitting),
            (true, false) => words(&files),
            (true, true) => self.quote_manual(question, prompt.knowledge.is_some()),
        };
        pieces.push(Piece::Finished {
            reason: FinishReason::Stop,
            usage: usage(&prompt, &pieces),
        });
        stream::iter(pieces.into_iter().map(Ok)).boxed()
    }
}

impl Guide {
    /// Where an assistant has knowledge that does not help, that is said first.
    fn quote_manual(&self, question: &str, has_knowledge: bool) -> Vec<Piece> {
        let found = self.index.search(question, COVERAGE, PASSAGES);
        let found: Vec<&Section> = found.iter().map(|place| &self.manual[*place]).collect();
        match (has_knowledge, found.is_empty()) {
            (true, true) => words(NOTHING_KNOWN),
            (true, false) => {
                let mut pieces = words(NOT_IN_KNOWLEDGE);
                pieces.extend(manual(&found));
                pieces
            }
            (false, true) => words(NOTHING),
            (false, false) => manual(&found),
        }
    }
}

/// The passages of an assistant's knowledge that are about the question, the best first.
fn fitting(knowledge: Option<&[PromptPassage]>) -> Vec<&PromptPassage> {
    let fits = |passage: &&PromptPassage| passage.coverage >= COVERAGE;
    let found = knowledge.unwrap_or_default().iter().filter(fits);
    found.take(PASSAGES).collect()
}

/// Passages word for word. Whoever hears it makes citations of the numbers.
fn quote(passages: &[&PromptPassage]) -> Vec<Piece> {
    let mut pieces = words("Your documents say:\n\n");
    for passage in passages {
        let quoted = passage.text.trim().replace('\n', "\n> ");
        pieces.extend(words(&format!(
            "**{}** [{}]\n\n> {quoted}\n\n",
            passage.title, passage.number
        )));
    }
    pieces
}

fn manual(found: &[&Section]) -> Vec<Piece> {
    let mut pieces = words("ConvoSphere's manual says:\n\n");
    for (number, section) in (1..).zip(found) {
        pieces.extend(words(&format!(
            "**{}** — {} [{number}]\n\n",
            section.title, section.text
        )));
        pieces.push(Piece::Citation(Citation {
            number,
            title: section.title.to_owned(),
            quote: section.text.to_owned(),
            location: format!("/manual/{}#{}", section.page, section.anchor()),
        }));
    }
    pieces
}

/// A text as the pieces in which a model would say it.
fn words(text: &str) -> Vec<Piece> {
    text.split_inclusive(' ')
        .map(|word| Piece::Text(word.to_owned()))
        .collect()
}

/// Words stand in for tokens: nobody is charged for these.
fn usage(prompt: &Prompt, pieces: &[Piece]) -> Usage {
    let asked: usize = prompt
        .history
        .iter()
        .map(|turn| turn.text.split_whitespace().count())
        .sum();
    let said = pieces
        .iter()
        .filter(|piece| matches!(piece, Piece::Text(_)))
        .count();
    Usage {
        input_tokens: asked as u64,
        output_tokens: said as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    async fn ask(question: &str) -> (String, Vec<Citation>) {
        let prompt = Prompt {
            instructions: String::new(),
            knowledge: None,
            history: vec![HistoryMessage {
                message_id: Uuid::nil(),
                speaker: Speaker::User,
                text: question.into(),
                attachments: vec![],
            }],
            truncated: false,
            temperature: None,
            max_output_tokens: None,
        };
        let mut text = String::new();
        let mut citations = Vec::new();
        let mut pieces = Guide::new().stream(prompt);
        while let Some(piece) = pieces.next().await {
            match piece.unwrap() {
                Piece::Text(piece) | Piece::Reasoning(piece) => text.push_str(&piece),
                Piece::Citation(citation) => citations.push(citation),
                Piece::Counted(_) | Piece::WasThinking | Piece::LeftOut(_) => {}
                Piece::Finished { usage, .. } => assert!(usage.output_tokens > 0),
            }
        }
        (text, citations)
    }

    #[tokio::test]
    async fn questions_about_the_product_are_answered_with_the_passage() {
        for (question, location) in [
            (
                "Where is my data stored?",
                "/manual/getting-started#where-your-data-lies",
            ),
            (
                "How do I back up the master key?",
                "/manual/getting-started#back-up-the-master-key",
            ),
            (
                "how can i verify the event log",
                "/manual/operation#verify-the-log",
            ),
            (
                "What roles are there for users?",
                "/manual/operation#users-and-roles",
            ),
            (
                "How do I stop an answer?",
                "/manual/conversations#stop-an-answer",
            ),
            (
                "what happens to an archived conversation",
                "/manual/conversations#archive-pin-and-trash",
            ),
            (
                "can I use my own postgres database",
                "/manual/operation#use-your-own-postgresql",
            ),
            (
                "what is the built-in model",
                "/manual/assistants#the-built-in-model",
            ),
        ] {
            let (text, citations) = ask(question).await;
            let found = citations.first().map(|c| c.location.as_str());
            assert_eq!(found, Some(location), "{question}: {text}");
            assert!(
                text.contains(&citations[0].quote) && text.contains("[1]"),
                "{text}"
            );
        }
    }

    #[tokio::test]
    async fn a_question_of_common_words_alone_finds_the_heading_that_asks_it() {
        for question in ["What can you do?", "what can i do here", "What do you do?"] {
            let (text, citations) = ask(question).await;
            assert!(text.contains("chat with assistants"), "{question}: {text}");
            assert_eq!(citations.len(), 1, "{question}");
        }
        for question in ["How are you?", "Is it so?", "And who were they then?"] {
            let (text, citations) = ask(question).await;
            assert!(citations.is_empty(), "{question}: {text}");
        }
    }

    #[tokio::test]
    async fn what_the_manual_does_not_know_is_said_plainly() {
        for question in [
            "What is the capital of France?",
            "Write me a poem about autumn",
            "",
            "???",
        ] {
            let (text, citations) = ask(question).await;
            assert!(text.starts_with("I found nothing"), "{question}: {text}");
            assert_eq!(citations, []);
        }
    }
}
