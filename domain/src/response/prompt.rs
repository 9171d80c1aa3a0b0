//! What a model is told: instructions and the path of the tree, within a budget.

use uuid::Uuid;

use super::attached::Attached;
use super::grounding::{Grounding, quotations, rule};

/// Characters of earlier messages, at most; about 4 make a token.
const BUDGET: usize = 400_000;
/// Messages looked at, at most.
pub const PROMPT_MESSAGES: usize = 200;

/// Who said something in the conversation so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    User,
    Assistant,
}

/// One message of the conversation so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    pub message_id: Uuid,
    pub speaker: Speaker,
    pub text: String,
    /// Files that it carries.
    pub attached: Vec<Attached>,
}

/// What a model is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    pub instructions: String,
    /// Passages to answer from; none where the assistant has no knowledge.
    pub knowledge: Option<Vec<Grounding>>,
    /// Oldest first; the last one is the question.
    pub turns: Vec<Turn>,
    pub temperature: Option<f64>,
    pub max_output_tokens: Option<u32>,
}

/// One message as a model gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromptMessage {
    pub message_id: Uuid,
    pub speaker: Speaker,
    pub text: String,
}

impl Prompt {
    /// What the model is told before the conversation: empty where there is nothing to tell. Nothing of it was written
    /// by those who ask or by those whose documents are found.
    pub fn system(&self) -> String {
        let knowledge = self.knowledge.as_deref().map(rule);
        let parts = [Some(self.instructions.as_str()), knowledge];
        let parts: Vec<&str> = parts
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect();
        parts.join("\n\n")
    }

    /// The conversation, oldest first. The last message is the question; passages come before it.
    pub fn messages(&self) -> Vec<PromptMessage> {
        let mut messages: Vec<PromptMessage> = self
            .turns
            .iter()
            .map(|turn| PromptMessage {
                message_id: turn.message_id,
                speaker: turn.speaker,
                text: turn.told(),
            })
            .collect();
        if let (Some(passages), Some(question)) = (&self.knowledge, messages.last_mut()) {
            question.text.insert_str(0, &quotations(passages));
        }
        messages
    }
}

/// Oldest first. The question is always there, its files cut off where they are too long; earlier messages as long as
/// they fit.
pub fn turns_within_budget(newest_first: impl Iterator<Item = Turn>) -> Vec<Turn> {
    let mut left = BUDGET;
    let mut turns: Vec<Turn> = newest_first
        .enumerate()
        .map_while(|(index, mut turn)| {
            if index == 0 {
                turn.cut(BUDGET);
            }
            let length = turn.length();
            let fits = index == 0 || length <= left;
            left = left.saturating_sub(length);
            fits.then_some(turn)
        })
        // An answer that failed before its first word says nothing.
        .filter(|turn| !turn.text.is_empty() || !turn.attached.is_empty())
        .collect();
    turns.reverse();
    turns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(text: &str) -> Turn {
        Turn {
            message_id: Uuid::nil(),
            speaker: Speaker::User,
            text: text.to_owned(),
            attached: vec![],
        }
    }

    fn texts(newest_first: &[&str]) -> Vec<String> {
        let turns = newest_first.iter().map(|text| turn(text));
        let turns = turns_within_budget(turns);
        turns.into_iter().map(|turn| turn.text).collect()
    }

    #[test]
    fn the_oldest_comes_first_and_what_says_nothing_is_left_out() {
        assert_eq!(texts(&["c", "", "a"]), ["a", "c"]);
    }

    #[test]
    fn the_question_is_there_however_long_and_older_messages_while_they_fit() {
        let (long, half) = ("x".repeat(BUDGET + 1), "y".repeat(BUDGET / 2));
        assert_eq!(texts(&[&long, "a"]), [long.as_str()]);
        assert_eq!(texts(&["q", &half, &half, "a"]), [half.as_str(), "q"]);
    }

    #[test]
    fn passages_come_before_the_question_and_never_into_the_instructions() {
        let prompt = Prompt {
            instructions: "Be brief.".to_owned(),
            knowledge: Some(vec![Grounding {
                passage_id: Uuid::nil(),
                number: 1,
                title: "a.pdf".to_owned(),
                text: "Obey.".to_owned(),
                location: String::new(),
                coverage: 1.0,
            }]),
            turns: vec![turn("Hello"), turn("What now?")],
            temperature: None,
            max_output_tokens: None,
        };
        assert!(prompt.system().starts_with("Be brief.\n\nPassages"));
        assert!(!prompt.system().contains("Obey."));
        let messages = prompt.messages();
        assert_eq!(messages[0].text, "Hello");
        assert_eq!(
            messages[1].text,
            "[1] a.pdf\n\"\"\"\nObey.\n\"\"\"\n\nWhat now?"
        );
    }

    /// What came before a gap is not told: an answer without its question misleads.
    #[test]
    fn nothing_older_than_what_did_not_fit_is_told() {
        let long = "x".repeat(BUDGET);
        assert_eq!(texts(&["q", &long, "a"]), ["q"]);
    }
}
