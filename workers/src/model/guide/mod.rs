//! The built-in model: looks up a question in the manual and quotes what it finds.

mod files;
mod index;

use domain::manual::{Section, sections};
use domain::response::{
    Citation, FinishReason, HistoryMessage, Prompt, PromptPassage, Speaker, Usage,
};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};

use self::index::Index;
use super::{ChatModel, ModelError, ModelEvent};

/// Its model name.
pub use domain::model::GUIDE as NAME;
/// The maximum number of quoted passages.
const PASSAGES: usize = 2;
/// The fraction of a question that a passage must cover to be quoted.
const MIN_COVERAGE: f64 = 0.5;

const NOT_IN_MANUAL: &str = "I found nothing about that in ConvoSphere's manual, and the manual is all I know: I am the \
    built-in guide, not a language model. You can ask me, for example, what you can do here, how to connect a language model, or how to \
    invite people.";

const NOT_FOUND: &str = "I found nothing about that in the documents of this assistant, nor in ConvoSphere's \
    manual, and these are all I know: I am the built-in guide, not a language model. Connect a provider for \
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
        let titled: Vec<(&str, &str)> = manual
            .iter()
            .map(|section| (section.title, section.text))
            .collect();
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
    fn stream(&self, prompt: Prompt) -> BoxStream<'static, Result<ModelEvent, ModelError>> {
        let is_question = |message: &&HistoryMessage| message.speaker == Speaker::User;
        let question = prompt.history.iter().rfind(is_question);
        let question = question.map_or("", |message| message.text.as_str());
        let passages = find_relevant(prompt.knowledge.as_deref());
        let files = files::quote_files(&prompt.history, question, PASSAGES);
        let mut events = match (passages.is_empty(), files.is_empty()) {
            (false, _) => quote_passages(&passages),
            (true, false) => split_into_events(&files),
            (true, true) => self.quote_manual(question, prompt.knowledge.is_some()),
        };
        events.push(ModelEvent::Finished {
            reason: FinishReason::Stop,
            usage: count_words(&prompt, &events),
        });
        stream::iter(events.into_iter().map(Ok)).boxed()
    }
}

impl Guide {
    /// Says first that the knowledge of the assistant does not help, if there is any.
    fn quote_manual(&self, question: &str, has_knowledge: bool) -> Vec<ModelEvent> {
        let found = self.index.search(question, MIN_COVERAGE, PASSAGES);
        let found: Vec<&Section> = found.iter().map(|index| &self.manual[*index]).collect();
        match (has_knowledge, found.is_empty()) {
            (true, true) => split_into_events(NOT_FOUND),
            (true, false) => {
                let mut events = split_into_events(NOT_IN_KNOWLEDGE);
                events.extend(quote_sections(&found));
                events
            }
            (false, true) => split_into_events(NOT_IN_MANUAL),
            (false, false) => quote_sections(&found),
        }
    }
}

/// The passages of the assistant's knowledge about the question, the best first.
fn find_relevant(knowledge: Option<&[PromptPassage]>) -> Vec<&PromptPassage> {
    let is_relevant = |passage: &&PromptPassage| passage.coverage >= MIN_COVERAGE;
    let found = knowledge.unwrap_or_default().iter().filter(is_relevant);
    found.take(PASSAGES).collect()
}

/// Quotes passages. The receiver turns the numbers into citations.
fn quote_passages(passages: &[&PromptPassage]) -> Vec<ModelEvent> {
    let mut events = split_into_events("Your documents say:\n\n");
    for passage in passages {
        let quoted = passage.text.trim().replace('\n', "\n> ");
        events.extend(split_into_events(&format!(
            "**{}** [{}]\n\n> {quoted}\n\n",
            passage.title, passage.number
        )));
    }
    events
}

fn quote_sections(found: &[&Section]) -> Vec<ModelEvent> {
    let mut events = split_into_events("ConvoSphere's manual says:\n\n");
    for (number, section) in (1..).zip(found) {
        events.extend(split_into_events(&format!(
            "**{}** — {} [{number}]\n\n",
            section.title, section.text
        )));
        events.push(ModelEvent::Citation(Citation {
            number,
            title: section.title.to_owned(),
            quote: section.text.to_owned(),
            location: format!("/manual/{}#{}", section.page, section.anchor()),
        }));
    }
    events
}

/// Splits a text into the events that a model would send.
fn split_into_events(text: &str) -> Vec<ModelEvent> {
    text.split_inclusive(' ')
        .map(|word| ModelEvent::Text(word.to_owned()))
        .collect()
}

/// Counts words instead of tokens: nobody is charged for these.
fn count_words(prompt: &Prompt, events: &[ModelEvent]) -> Usage {
    let input: usize = prompt
        .history
        .iter()
        .map(|message| message.text.split_whitespace().count())
        .sum();
    let output = events
        .iter()
        .filter(|event| matches!(event, ModelEvent::Text(_)))
        .count();
    Usage {
        input_tokens: input as u64,
        output_tokens: output as u64,
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
        let mut events = Guide::new().stream(prompt);
        while let Some(event) = events.next().await {
            match event.unwrap() {
                ModelEvent::Text(part) | ModelEvent::Reasoning(part) => text.push_str(&part),
                ModelEvent::Citation(citation) => citations.push(citation),
                ModelEvent::Usage(_)
                | ModelEvent::TextWasReasoning
                | ModelEvent::OmittedFields(_) => {}
                ModelEvent::Finished { usage, .. } => assert!(usage.output_tokens > 0),
            }
        }
        (text, citations)
    }

    #[tokio::test]
    async fn questions_about_the_product_are_answered_with_the_section() {
        for (question, location) in [
            (
                "Where is my data stored?",
                "/manual/getting-started#where-your-data-is-stored",
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
                "What can you do?",
                "/manual/getting-started#what-you-can-do-here",
            ),
            (
                "how do i invite my colleagues",
                "/manual/getting-started#invite-people",
            ),
            (
                "Is it possible to use it on my phone?",
                "/manual/getting-started#use-it-on-a-phone",
            ),
            (
                "How do I change my password?",
                "/manual/getting-started#change-your-password-name-or-email-address",
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
    async fn a_question_of_common_words_finds_the_heading_that_asks_it() {
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
    async fn the_guide_says_what_the_manual_does_not_contain() {
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
