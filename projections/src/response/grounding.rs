//! The passages that a run receives: found when it starts, and later read from its recorded ids.

use std::collections::HashSet;

use domain::personal::ERASED;
use domain::response::PromptPassage;
use eventstore::log::LogError;
use eventstore::{Keys, Log};
use sqlx::PgPool;
use uuid::Uuid;

use super::ResponseView;
use crate::assistant::versions;
use crate::document::{PassageView, passages};
use crate::knowledge::{queries as knowledge, retrieval};

/// The maximum number of passages in a prompt.
const MAX_PASSAGES: usize = 8;
/// The maximum number of characters of all passages; the first one is always included.
const MAX_CHARACTERS: usize = 24_000;

/// Returns the knowledge bases of a run's assistant, as configured when the run was requested.
pub async fn knowledge_bases(
    (pool, log, keys): (&PgPool, &Log, &Keys),
    run: &ResponseView,
) -> Result<Vec<Uuid>, LogError> {
    let assistant = (run.assistant_id, run.assistant_version);
    let configuration = versions::find_for_run(pool, log, keys, assistant).await?;
    Ok(configuration.knowledge_base_ids)
}

/// Finds passages about a question in those of the knowledge bases that the requester can read now.
pub async fn find(
    (pool, models): (&PgPool, retrieval::RetrievalModels<'_>),
    requested_by: Uuid,
    knowledge_bases: &[Uuid],
    question: &str,
) -> Result<Vec<PromptPassage>, sqlx::Error> {
    let readable = knowledge::filter_readable(pool, requested_by, knowledge_bases).await?;
    let retrieved = retrieval::find(pool, models, &readable, question, MAX_PASSAGES).await?;
    let mut remaining = MAX_CHARACTERS;
    let fitting = retrieved
        .passages
        .into_iter()
        .enumerate()
        .take_while(|(index, scored)| {
            let length = scored.passage.text.chars().count();
            let fits = *index == 0 || length <= remaining;
            remaining = remaining.saturating_sub(length);
            fits
        });
    let passages = (1..)
        .zip(fitting)
        .map(|(number, (_, scored))| PromptPassage {
            coverage: scored.coverage,
            ..prompt_passage(number, scored.passage)
        });
    add_neighbours(pool, passages.collect()).await
}

/// Adds the text directly before and after passages in their sections, best passages first, up to the limit. Sentences
/// often refer to it.
async fn add_neighbours(
    pool: &PgPool,
    mut prompt_passages: Vec<PromptPassage>,
) -> Result<Vec<PromptPassage>, sqlx::Error> {
    // Passages without a location were deleted or are no longer readable.
    let readable = prompt_passages
        .iter()
        .filter(|passage| !passage.location.is_empty());
    let ids: Vec<Uuid> = readable.map(|passage| passage.passage_id).collect();
    let neighbours = passages::neighbours(pool, &ids).await?;
    let length: usize = prompt_passages
        .iter()
        .map(|passage| passage.text.chars().count())
        .sum();
    let mut remaining = MAX_CHARACTERS.saturating_sub(length);
    // The text between two passages is added only once.
    let mut added = HashSet::new();
    for passage in &mut prompt_passages {
        let own = neighbours
            .iter()
            .filter(|neighbour| neighbour.of == passage.passage_id);
        for neighbour in own {
            let length = neighbour.text.chars().count();
            if length > remaining || !added.insert(neighbour.text.as_str()) {
                continue;
            }
            remaining -= length;
            let text = &passage.text;
            if neighbour.is_before {
                passage.before = trim_overlapping_end(&neighbour.text, text).to_owned();
            } else {
                passage.after = trim_overlapping_start(text, &neighbour.text).to_owned();
            }
        }
    }
    Ok(prompt_passages)
}

/// The first of two texts without the end that the second one repeats, since passages overlap.
fn trim_overlapping_end<'a>(first: &'a str, second: &str) -> &'a str {
    &first[..first.len() - overlap(first, second)]
}

/// The second of two texts without the start that repeats the end of the first.
fn trim_overlapping_start<'a>(first: &str, second: &'a str) -> &'a str {
    &second[overlap(first, second)..]
}

/// The number of bytes at the end of the first text with which the second begins.
fn overlap(first: &str, second: &str) -> usize {
    let ends = second
        .char_indices()
        .map(|(offset, letter)| offset + letter.len_utf8());
    ends.rev()
        .find(|end| first.ends_with(&second[..*end]))
        .unwrap_or(0)
}

/// Replaces a passage that the reader can no longer read.
pub const WITHHELD_TEXT: &str = "[no longer shared]";

/// Returns the passages of a run. Those that were deleted, or that the reader can no longer read, have no text.
pub async fn find_recorded(
    pool: &PgPool,
    run: Uuid,
    reader: Uuid,
) -> Result<Vec<PromptPassage>, sqlx::Error> {
    let ids = sqlx::query_scalar!("select passages from view_responses where id = $1", run)
        .fetch_optional(pool)
        .await?
        .unwrap_or_default();
    let mut found = passages::find_many(pool, &ids).await?;
    let bases: Vec<Uuid> = found
        .iter()
        .map(|passage| passage.knowledge_base_id)
        .collect();
    let readable = knowledge::filter_readable(pool, reader, &bases).await?;
    let passages = (1..).zip(ids).map(|(number, id)| {
        let index = found.iter().position(|passage| passage.id == id);
        match index.map(|index| found.swap_remove(index)) {
            Some(passage) if readable.contains(&passage.knowledge_base_id) => {
                prompt_passage(number, passage)
            }
            Some(_) => hidden_passage(number, id, WITHHELD_TEXT),
            None => hidden_passage(number, id, ERASED),
        }
    });
    add_neighbours(pool, passages.collect()).await
}

fn hidden_passage(number: u32, passage_id: Uuid, replacement: &str) -> PromptPassage {
    PromptPassage {
        passage_id,
        number,
        title: replacement.to_owned(),
        text: replacement.to_owned(),
        before: String::new(),
        after: String::new(),
        location: String::new(),
        coverage: 0.0,
    }
}

fn prompt_passage(number: u32, passage: PassageView) -> PromptPassage {
    PromptPassage {
        passage_id: passage.id,
        number,
        title: title(&passage),
        location: format!(
            "/knowledge/{}/documents/{}?passage={}",
            passage.knowledge_base_id, passage.document_id, passage.id
        ),
        text: passage.text,
        before: String::new(),
        after: String::new(),
        coverage: 0.0,
    }
}

/// `Handbook.pdf, page 3` or `Plan.xlsx, Costs` or `Guide.md, Leave › Sick leave`.
fn title(passage: &PassageView) -> String {
    let location = match (&passage.page_name, passage.page) {
        (Some(name), _) => name.clone(),
        (None, Some(page)) => format!("page {page}"),
        (None, None) => passage.headings.join(" › "),
    };
    match location.is_empty() {
        true => passage.name.clone(),
        false => format!("{}, {location}", passage.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_overlap_of_two_passages_is_included_once() {
        let (first, second) = ("One. Two. Three.", "Three. Four.");
        assert_eq!(trim_overlapping_end(first, second), "One. Two. ");
        assert_eq!(trim_overlapping_start(first, second), " Four.");
        assert_eq!(trim_overlapping_end("Ä", "B"), "Ä");
        assert_eq!(trim_overlapping_start("", "B"), "B");
        assert_eq!(trim_overlapping_start("same", "same"), "");
    }
}
