//! Quoting from the files of a conversation.

use std::fmt::Write;

use domain::response::HistoryMessage;

use super::index::Index;

/// Characters of a passage, about: paragraphs are put together up to here.
const LENGTH: usize = 600;
/// The part of a question that a passage must hold: less than of the manual, for words that stand nowhere weigh most among
/// few passages, and who attaches a file means it.
const COVERAGE: f64 = 0.3;

/// What files of the conversation say about a question, word for word; empty where they say nothing about it. Without a
/// question the beginning of its files is told.
pub(super) fn quotes(turns: &[HistoryMessage], question: &str, limit: usize) -> String {
    let passages: Vec<(String, String)> = turns
        .iter()
        .flat_map(|turn| &turn.attachments)
        .filter_map(|file| Some((file, file.text.as_ref().ok()?)))
        .flat_map(|(file, text)| passages(&file.name, text))
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
            Index::new(&titled).search(question, COVERAGE, limit)
        }
    };
    if found.is_empty() {
        return String::new();
    }
    let mut said = "Your files say:\n\n".to_owned();
    for (title, text) in found.into_iter().map(|place| &passages[place]) {
        let _ = write!(said, "**{title}**\n\n> {}\n\n", text.replace('\n', "\n> "));
    }
    said
}

/// Paragraphs of a file, put together, with the page on which they stand.
fn passages(name: &str, text: &str) -> Vec<(String, String)> {
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
            Some((before, text)) if *before == title && text.len() + paragraph.len() < LENGTH => {
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

    fn turns(text: &str) -> Vec<HistoryMessage> {
        let attached = AttachedFile {
            name: "rules.pdf".to_owned(),
            text: Ok(text.to_owned()),
        };
        vec![HistoryMessage {
            message_id: Uuid::nil(),
            speaker: Speaker::User,
            text: String::new(),
            attachments: vec![attached],
        }]
    }

    #[test]
    fn the_page_that_answers_is_quoted() {
        let turns = turns("[page 1]\nDogs are welcome.\n\n[page 2]\nThe pool opens at nine.");
        let said = quotes(&turns, "When does the pool open?", 2);
        assert_eq!(
            said,
            "Your files say:\n\n**rules.pdf, page 2**\n\n> The pool opens at nine.\n\n"
        );
        assert_eq!(quotes(&turns, "Who is the mayor of Paris?", 2), "");
    }

    #[test]
    fn files_without_a_question_are_begun_to_be_told() {
        assert!(quotes(&turns("[page 1]\nDogs are welcome."), " ", 2).contains("Dogs"));
        assert_eq!(quotes(&[], "", 2), "");
    }
}
