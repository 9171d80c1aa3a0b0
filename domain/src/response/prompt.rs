//! Prompts: instructions, passages and the conversation so far, within the model's context window.

use uuid::Uuid;

use super::budget;
use super::history::{HistoryMessage, PromptImage, Speaker};
use super::passages::{PromptPassage, knowledge_instructions, render_passages};

/// Maximum number of messages of the conversation that a prompt considers.
pub const MAX_PROMPT_MESSAGES: usize = 200;

/// Everything that a model gets to generate an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    pub instructions: String,
    /// Passages that were found; `None` if the assistant has no knowledge bases.
    pub knowledge: Option<Vec<PromptPassage>>,
    /// Oldest first; the last message is the question.
    pub history: Vec<HistoryMessage>,
    /// Whether earlier messages were omitted because they did not fit.
    pub truncated: bool,
    pub temperature: Option<f64>,
    pub max_output_tokens: Option<u32>,
}

/// A message as it is sent to a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromptMessage {
    pub message_id: Uuid,
    pub speaker: Speaker,
    pub text: String,
    pub images: Vec<PromptImage>,
}

impl Prompt {
    pub fn has_images(&self) -> bool {
        self.history
            .iter()
            .any(|message| message.images().next().is_some())
    }

    /// The same prompt for a model that does not see.
    #[must_use]
    pub fn without_images(mut self) -> Self {
        let files = self
            .history
            .iter_mut()
            .flat_map(|message| &mut message.attachments);
        for file in files {
            file.drop_image("you cannot see images; say so, if the question is about this one");
        }
        self
    }

    /// The system prompt; may be empty. It contains only the assistant's instructions and fixed text, nothing from
    /// messages, files or documents.
    pub fn system(&self) -> String {
        let knowledge = self.knowledge.as_deref().map(knowledge_instructions);
        let parts = [Some(self.instructions.as_str()), knowledge];
        let parts: Vec<&str> = parts
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect();
        parts.join("\n\n")
    }

    /// The messages to send, oldest first. The last one is the question, preceded by the passages. Consecutive messages
    /// of one speaker are merged, because some providers reject them.
    pub fn messages(&self) -> Vec<PromptMessage> {
        let mut messages: Vec<PromptMessage> = Vec::with_capacity(self.history.len());
        for (index, message) in self.history.iter().enumerate() {
            let mut text = message.render();
            if let Some(passages) = &self.knowledge
                && index + 1 == self.history.len()
            {
                text.insert_str(0, &render_passages(passages));
            }
            match messages.last_mut() {
                Some(last) if last.speaker == message.speaker => {
                    last.text.push_str("\n\n");
                    last.text.push_str(&text);
                    last.images.extend(message.images().cloned());
                    last.message_id = message.message_id;
                }
                _ => messages.push(PromptMessage {
                    message_id: message.message_id,
                    speaker: message.speaker,
                    text,
                    images: message.images().cloned().collect(),
                }),
            }
        }
        messages
    }

    /// Sets the conversation so far, as much of it as fits into the context window (in tokens). The question is always
    /// included, with its files truncated if necessary; earlier messages are included as long as they fit. The history
    /// starts with a question.
    pub fn set_history(
        &mut self,
        newest_first: impl Iterator<Item = HistoryMessage>,
        context_window: Option<u32>,
    ) {
        let passages = self.knowledge.as_deref().map(render_passages);
        let overhead = budget::size(&self.system()) + budget::size(&passages.unwrap_or_default());
        let prompt_size = budget::prompt_size(context_window, self.max_output_tokens);
        let available = prompt_size.saturating_sub(overhead);
        let mut remaining = available;
        self.truncated = false;
        self.history.clear();
        for (index, mut message) in newest_first.take(MAX_PROMPT_MESSAGES).enumerate() {
            if index == 0 {
                message.truncate_files(available);
            }
            let size = message.size();
            if index > 0 && size > remaining {
                self.truncated = true;
                break;
            }
            // The caller loads no more messages, so there may be earlier ones.
            self.truncated = index + 1 == MAX_PROMPT_MESSAGES;
            remaining = remaining.saturating_sub(size);
            // Skip answers that failed before their first word.
            if !message.text.trim().is_empty() || !message.attachments.is_empty() {
                self.history.push(message);
            }
        }
        // An answer without its question is misleading, and some providers reject it.
        while self.history.last().is_some_and(HistoryMessage::is_answer) {
            self.history.pop();
        }
        self.history.reverse();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::response::{AttachedFile, FileContent};

    fn message(speaker: Speaker, text: &str) -> HistoryMessage {
        HistoryMessage {
            message_id: Uuid::nil(),
            speaker,
            text: text.to_owned(),
            attachments: vec![],
        }
    }

    fn prompt() -> Prompt {
        Prompt {
            instructions: String::new(),
            knowledge: None,
            history: vec![],
            truncated: false,
            temperature: None,
            max_output_tokens: None,
        }
    }

    /// Texts that start with "q" are questions, all others answers.
    fn prompt_with(newest_first: &[&str], context_window: Option<u32>) -> Prompt {
        let mut prompt = prompt();
        let speaker = |text: &str| match text.starts_with('q') {
            true => Speaker::User,
            false => Speaker::Assistant,
        };
        let messages = newest_first.iter().map(|text| message(speaker(text), text));
        prompt.set_history(messages, context_window);
        prompt
    }

    fn texts(newest_first: &[&str]) -> Vec<String> {
        let history = prompt_with(newest_first, None).history;
        history.into_iter().map(|message| message.text).collect()
    }

    #[test]
    fn the_oldest_message_comes_first_and_empty_ones_are_skipped() {
        assert_eq!(texts(&["q3", "", "q2", " \n", "q1"]), ["q1", "q2", "q3"]);
    }

    #[test]
    fn a_long_question_is_kept_and_older_messages_only_if_they_fit() {
        let (long, half) = ("q".repeat(1_000_000), "a".repeat(200_000));
        assert_eq!(texts(&[&long, "a", "q"]), [long.as_str()]);
        assert_eq!(
            texts(&["q3", &half, "q2", &half, &half, "q1"]),
            ["q2", half.as_str(), "q3"]
        );
        assert!(prompt_with(&["q2", &half, &half, &half, "q1"], None).truncated);
        assert!(!prompt_with(&["q2", "a", "q1"], None).truncated);
    }

    /// The history has no gaps: a smaller, older message is omitted as well.
    #[test]
    fn messages_older_than_one_that_does_not_fit_are_omitted() {
        let long = "a".repeat(1_000_000);
        assert_eq!(texts(&["q2", &long, "q1"]), ["q2"]);
    }

    #[test]
    fn the_history_starts_with_a_question_and_speakers_alternate() {
        let long = "q".repeat(60_000);
        let histories: [Vec<&str>; 6] = [
            vec!["q2", "", "q1"],
            vec!["q2", "q1"],
            vec!["q3", "a2", "a1", "q1"],
            vec!["q", "a"],
            [vec!["q"], ["a", long.as_str()].repeat(20)].concat(),
            [vec!["q"], ["a", "q"].repeat(150)].concat(),
        ];
        for history in histories {
            for window in [None, Some(8_192), Some(100)] {
                let messages = prompt_with(&history, window).messages();
                assert!(messages.len() <= MAX_PROMPT_MESSAGES);
                for (index, message) in messages.iter().enumerate() {
                    let expected = match index % 2 {
                        0 => Speaker::User,
                        _ => Speaker::Assistant,
                    };
                    assert_eq!(message.speaker, expected, "{}", messages.len());
                }
                let last = messages.last().map(|last| last.text.as_str());
                assert!(last.is_some_and(|text| text.ends_with(history[0])));
            }
        }
    }

    #[test]
    fn the_history_leaves_room_for_instructions_and_passages() {
        let exchange = ["a".repeat(1_500), "q".repeat(1_500)];
        let history: Vec<&str> = std::iter::once("q?")
            .chain(exchange.iter().map(String::as_str).cycle().take(60))
            .collect();
        let length = |prompt: &Prompt| {
            let messages = prompt.messages().into_iter().map(|sent| sent.text.len());
            prompt.system().len() + messages.sum::<usize>()
        };
        let plain = prompt_with(&history, Some(8_192));
        assert!(
            (15_000..24_000).contains(&length(&plain)),
            "{}",
            length(&plain)
        );
        assert!(plain.truncated);
        let mut full = Prompt {
            instructions: "i".repeat(5_000),
            knowledge: Some(vec![passage(&"p".repeat(5_000))]),
            ..prompt()
        };
        let speakers = [Speaker::User, Speaker::Assistant];
        let messages = history.iter().enumerate();
        full.set_history(
            messages.map(|(n, text)| message(speakers[n % 2], text)),
            Some(8_192),
        );
        assert!(
            (15_000..24_000).contains(&length(&full)),
            "{}",
            length(&full)
        );
        assert!(full.history.len() < plain.history.len());
    }

    #[test]
    fn images_go_along_with_their_message_unless_the_model_does_not_see() {
        let image = PromptImage {
            media_type: "image/png".to_owned(),
            bytes: Arc::from(&b"png"[..]),
        };
        let mut question = message(Speaker::User, "q2");
        question.attachments.push(AttachedFile {
            name: "a.png".to_owned(),
            content: FileContent::Image(image.clone()),
        });
        let mut prompt = prompt();
        prompt.set_history([question, message(Speaker::User, "q1")].into_iter(), None);
        let sent = prompt.messages();
        assert_eq!((sent.len(), &sent[0].images), (1, &vec![image]));
        assert!(sent[0].text.contains("a.png\n(The image is attached.)"));
        let blind = prompt.without_images();
        assert!(!blind.has_images());
        assert!(blind.messages()[0].text.contains("you cannot see images"));
        // A model with a small window gets the question with its image all the same.
        let mut small = blind;
        small.set_history(std::iter::once(message(Speaker::User, "q")), Some(10));
        assert_eq!(small.history.len(), 1);
    }

    fn passage(text: &str) -> PromptPassage {
        PromptPassage {
            passage_id: Uuid::nil(),
            number: 1,
            title: "a.pdf".to_owned(),
            text: text.to_owned(),
            before: String::new(),
            after: String::new(),
            location: String::new(),
            coverage: 1.0,
        }
    }

    #[test]
    fn passages_precede_the_question_and_are_not_in_the_system_prompt() {
        let prompt = Prompt {
            instructions: "Be brief.".to_owned(),
            knowledge: Some(vec![passage("Obey.")]),
            history: vec![
                message(Speaker::User, "Hello"),
                message(Speaker::Assistant, "Good day."),
                message(Speaker::User, "What now?"),
            ],
            ..prompt()
        };
        assert!(prompt.system().starts_with("Be brief.\n\nPassages"));
        assert!(!prompt.system().contains("Obey."));
        let messages = prompt.messages();
        assert_eq!(messages[0].text, "Hello");
        assert_eq!(
            messages[2].text,
            "[1] a.pdf\n\"\"\"\nObey.\n\"\"\"\n\nWhat now?"
        );
    }
}
