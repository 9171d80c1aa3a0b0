//! Quotes the files of a conversation.

use std::fmt::Write;

use domain::response::{FileContent, HistoryMessage};

use super::index::Index;

/// Approximate characters of a passage: paragraphs are joined up to this length.
const PASSAGE_LENGTH: usize = 600;
/// The fraction of a question that a passage must cover. Lower than for the manual, because words without any match
/// weigh most among few passages, and people who attach a file mean it.
const MIN_COVERAGE: f64 = 0.3;

/// Passages of the conversation's files about a question, word for word; empty if there are none. Without a question,
/// the start of the files.
pub(super) fn quote_files(messages: &[HistoryMessage], question: &str, limit: usize) -> String {
    let passages: Vec<(String, String)> = messages
        .iter()
        .flat_map(|message| &message.attachments)
        .flat_map(|file| match &file.content {
            FileContent::Text(text) => split_into_passages(&file.name, text),
            FileContent::Image(_) | FileContent::Missing(_) => vec![],
        })
        .collect();
    if passages.is_empty() {
        return String::new();
    }
    let found = match question.trim().is_empty() {
        true => vec![0],
        false => {
            let titled: Vec<(&str, &str)> = passages
                .iter()
                .map(|(title, text)| (title.as_str(), text.as_str()))
                .collect();
            Index::new(&titled).search(question, MIN_COVERAGE, limit)
        }
    };
    if found.is_empty() {
        return String::new();
    }
    let mut quotes = "Your files say:\n\n".to_owned();
    for (title, text) in found.into_iter().map(|index| &passages[index]) {
        let _ = write!(
            quotes,
            "**{title}**\n\n> {}\n\n",
            text.replace('\n', "\n> ")
        );
    }
    quotes
}

/// Paragraphs of a file, joined, titled with their page.
fn split_into_passages(name: &str, text: &str) -> Vec<(String, String)> {
    let mut passages: Vec<(String, String)> = Vec::new();
    let mut title = name.to_owned();
    for paragraph in text.split("\n\n") {
        let mut paragraph = paragraph.trim();
        if let Some((page, rest)) = paragraph
            .strip_prefix("[page ")
            .and_then(|rest| rest.split_once(']'))
        {
            title = format!("{name}, page {page}");
            paragraph = rest.trim();
        }
        if paragraph.is_empty() {
            continue;
        }
        match passages.last_mut() {
            Some((previous, text))
                if *previous == title && text.len() + paragraph.len() < PASSAGE_LENGTH =>
            {
                text.push_str("\n\n");
                text.push_str(paragraph);
            }
            _ => passages.push((title.clone(), paragraph.to_owned())),
        }
    }
    passages
}

#[cfg(test)]
mod tests {
    use domain::response::{AttachedFile, Speaker};
    use uuid::Uuid;

    use super::*;

    fn messages(text: &str) -> Vec<HistoryMessage> {
        let attached = AttachedFile {
            name: "rules.pdf".to_owned(),
            content: FileContent::Text(text.to_owned()),
        };
        vec![HistoryMessage {
            message_id: Uuid::nil(),
            speaker: Speaker::User,
            text: String::new(),
            attachments: vec![attached],
        }]
    }

    #[test]
    fn the_page_with_the_answer_is_quoted() {
        let messages = messages("[page 1]\nDogs are welcome.\n\n[page 2]\nThe pool opens at nine.");
        let quotes = quote_files(&messages, "When does the pool open?", 2);
        assert_eq!(
            quotes,
            "Your files say:\n\n**rules.pdf, page 2**\n\n> The pool opens at nine.\n\n"
        );
        assert_eq!(quote_files(&messages, "Who is the mayor of Paris?", 2), "");
    }

    #[test]
    fn files_without_a_question_are_quoted_from_the_start() {
        assert!(quote_files(&messages("[page 1]\nDogs are welcome."), " ", 2).contains("Dogs"));
        assert_eq!(quote_files(&[], "", 2), "");
    }
}
