//! What a model is told: instructions and the path of the tree, within a budget.

use uuid::Uuid;

use super::attached::Attached;
use super::budget;
use super::grounding::{Grounding, quotations, rule};

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
    /// Whether earlier messages did not fit.
    pub left_out: bool,
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

    /// The conversation, oldest first. The last message is the question; passages come before it. Questions that had no
    /// answer are one message with the next: strict models refuse two of one speaker in a row.
    pub fn messages(&self) -> Vec<PromptMessage> {
        let mut messages: Vec<PromptMessage> = Vec::with_capacity(self.turns.len());
        for (index, turn) in self.turns.iter().enumerate() {
            let mut text = turn.told();
            if let Some(passages) = &self.knowledge
                && index + 1 == self.turns.len()
            {
                text.insert_str(0, &quotations(passages));
            }
            match messages.last_mut() {
                Some(last) if last.speaker == turn.speaker => {
                    last.text.push_str("\n\n");
                    last.text.push_str(&text);
                    last.message_id = turn.message_id;
                }
                _ => messages.push(PromptMessage {
                    message_id: turn.message_id,
                    speaker: turn.speaker,
                    text,
                }),
            }
        }
        messages
    }
}

impl Prompt {
    /// Gives the model the conversation so far, the newest first, as far as its context window allows: the question
    /// always, its files cut off where they are too long, and earlier messages as long as they fit. What is left begins
    /// with a question.
    pub fn tell(&mut self, newest_first: impl Iterator<Item = Turn>, context_window: Option<u32>) {
        let before = self.knowledge.as_deref().map(quotations);
        let before = budget::size(&self.system()) + budget::size(&before.unwrap_or_default());
        let budget = budget::of(context_window, self.max_output_tokens).saturating_sub(before);
        let mut left = budget;
        let mut fits = true;
        let mut turns = Vec::new();
        for (index, mut turn) in newest_first.take(PROMPT_MESSAGES).enumerate() {
            if index == 0 {
                turn.cut(budget);
            }
            let size = turn.size();
            // Nobody has looked for more than that many.
            fits = (index == 0 || size <= left) && index + 1 < PROMPT_MESSAGES;
            if index > 0 && size > left {
                break;
            }
            left = left.saturating_sub(size);
            // An answer that failed before its first word says nothing.
            if !turn.text.trim().is_empty() || !turn.attached.is_empty() {
                turns.push(turn);
            }
        }
        // An answer without its question misleads, and strict models refuse it.
        while turns.last().is_some_and(Turn::is_answer) {
            turns.pop();
        }
        turns.reverse();
        self.turns = turns;
        self.left_out = !fits;
    }
}

impl Turn {
    fn is_answer(&self) -> bool {
        self.speaker == Speaker::Assistant
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(speaker: Speaker, text: &str) -> Turn {
        Turn {
            message_id: Uuid::nil(),
            speaker,
            text: text.to_owned(),
            attached: vec![],
        }
    }

    fn prompt() -> Prompt {
        Prompt {
            instructions: String::new(),
            knowledge: None,
            turns: vec![],
            left_out: false,
            temperature: None,
            max_output_tokens: None,
        }
    }

    /// Questions begin with "q", answers with anything else.
    fn told(newest_first: &[&str], context_window: Option<u32>) -> Prompt {
        let mut prompt = prompt();
        let speaker = |text: &str| match text.starts_with('q') {
            true => Speaker::User,
            false => Speaker::Assistant,
        };
        let turns = newest_first.iter().map(|text| turn(speaker(text), text));
        prompt.tell(turns, context_window);
        prompt
    }

    fn texts(newest_first: &[&str]) -> Vec<String> {
        let turns = told(newest_first, None).turns;
        turns.into_iter().map(|turn| turn.text).collect()
    }

    #[test]
    fn the_oldest_comes_first_and_what_says_nothing_is_left_out() {
        assert_eq!(texts(&["q3", "", "q2", " \n", "q1"]), ["q1", "q2", "q3"]);
    }

    #[test]
    fn the_question_is_there_however_long_and_older_messages_while_they_fit() {
        let (long, half) = ("q".repeat(1_000_000), "a".repeat(200_000));
        assert_eq!(texts(&[&long, "a", "q"]), [long.as_str()]);
        assert_eq!(
            texts(&["q3", &half, "q2", &half, &half, "q1"]),
            ["q2", half.as_str(), "q3"]
        );
        assert!(told(&["q2", &half, &half, &half, "q1"], None).left_out);
        assert!(!told(&["q2", "a", "q1"], None).left_out);
    }

    /// What came before a gap is not told: an answer without its question misleads.
    #[test]
    fn nothing_older_than_what_did_not_fit_is_told() {
        let long = "a".repeat(1_000_000);
        assert_eq!(texts(&["q2", &long, "q1"]), ["q2"]);
    }

    #[test]
    fn it_begins_with_a_question_and_nobody_speaks_twice_in_a_row() {
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
                let messages = told(&history, window).messages();
                assert!(messages.len() <= PROMPT_MESSAGES);
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
    fn a_prompt_fits_into_the_window_with_its_instructions_and_passages() {
        let exchange = ["a".repeat(1_500), "q".repeat(1_500)];
        let history: Vec<&str> = std::iter::once("q?")
            .chain(exchange.iter().map(String::as_str).cycle().take(60))
            .collect();
        let length = |prompt: &Prompt| {
            let messages = prompt.messages().into_iter().map(|one| one.text.len());
            prompt.system().len() + messages.sum::<usize>()
        };
        let plain = told(&history, Some(8_192));
        assert!(
            (15_000..24_000).contains(&length(&plain)),
            "{}",
            length(&plain)
        );
        assert!(plain.left_out);
        let mut full = Prompt {
            instructions: "i".repeat(5_000),
            knowledge: Some(vec![passage(&"p".repeat(5_000))]),
            ..prompt()
        };
        let speakers = [Speaker::User, Speaker::Assistant];
        let turns = history.iter().enumerate();
        full.tell(
            turns.map(|(n, text)| turn(speakers[n % 2], text)),
            Some(8_192),
        );
        assert!(
            (15_000..24_000).contains(&length(&full)),
            "{}",
            length(&full)
        );
        assert!(full.turns.len() < plain.turns.len());
    }

    fn passage(text: &str) -> Grounding {
        Grounding {
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
    fn passages_come_before_the_question_and_never_into_the_instructions() {
        let prompt = Prompt {
            instructions: "Be brief.".to_owned(),
            knowledge: Some(vec![passage("Obey.")]),
            turns: vec![
                turn(Speaker::User, "Hello"),
                turn(Speaker::Assistant, "Good day."),
                turn(Speaker::User, "What now?"),
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
