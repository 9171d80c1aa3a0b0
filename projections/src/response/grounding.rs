//! The passages that a run answers from: found when it starts, and read again from what was recorded then.

use std::collections::HashSet;

use domain::personal::ERASED;
use domain::response::PromptPassage;
use eventstore::log::LogError;
use eventstore::{Keys, Log};
use sqlx::PgPool;
use uuid::Uuid;

use super::ResponseView;
use crate::assistant::{queries as assistants, versions};
use crate::document::{PassageView, passages};
use crate::knowledge::{queries as knowledge, retrieval};

/// Passages that a model is given at most.
const PASSAGES: usize = 8;
/// Characters of them, at most; the first is always given.
const CHARACTERS: usize = 24_000;

/// The knowledge bases of a run's assistant, as it was configured when the run was asked for.
pub async fn knowledge_bases(
    (pool, log, keys): (&PgPool, &Log, &Keys),
    run: &ResponseView,
) -> Result<Vec<Uuid>, LogError> {
    match assistants::find_for_run(pool, run.assistant_id).await? {
        Some(assistant) if assistant.assistant_version == run.assistant_version => {
            Ok(assistant.knowledge_base_ids)
        }
        _ => {
            let wanted = u32::try_from(run.assistant_version).unwrap_or_default();
            let versions = versions::list(pool, log, keys, run.assistant_id).await?;
            let version = versions.into_iter().find(|one| one.number == wanted);
            Ok(version.map_or(vec![], |one| one.configuration.knowledge_base_ids))
        }
    }
}

/// What stands about a question in knowledge bases, as far as the one who asks may read them now.
pub async fn find(
    (pool, models): (&PgPool, retrieval::RetrievalModels<'_>),
    asked_by: Uuid,
    knowledge_bases: &[Uuid],
    question: &str,
) -> Result<Vec<PromptPassage>, sqlx::Error> {
    let readable = knowledge::filter_readable(pool, asked_by, knowledge_bases).await?;
    let retrieved = retrieval::find(pool, models, &readable, question, PASSAGES).await?;
    let mut left = CHARACTERS;
    let fitting = retrieved
        .passages
        .into_iter()
        .enumerate()
        .take_while(|(index, found)| {
            let length = found.passage.text.chars().count();
            let fits = *index == 0 || length <= left;
            left = left.saturating_sub(length);
            fits
        });
    let given = (1..)
        .zip(fitting)
        .map(|(number, (_, found))| PromptPassage {
            coverage: found.coverage,
            ..grounding(number, found.passage)
        });
    with_neighbours(pool, given.collect()).await
}

/// Passages with what stands just before and after them in their sections, the best first, as far as it fits: what a
/// sentence refers to is often there.
async fn with_neighbours(
    pool: &PgPool,
    mut given: Vec<PromptPassage>,
) -> Result<Vec<PromptPassage>, sqlx::Error> {
    // Not of what the reader may not read any more, or is gone.
    let readable = given.iter().filter(|one| !one.location.is_empty());
    let ids: Vec<Uuid> = readable.map(|one| one.passage_id).collect();
    let neighbours = passages::neighbours(pool, &ids).await?;
    let known: usize = given.iter().map(|one| one.text.chars().count()).sum();
    let mut left = CHARACTERS.saturating_sub(known);
    // What stands between two of them is told once.
    let mut told = HashSet::new();
    for passage in &mut given {
        let own = neighbours.iter().filter(|one| one.of == passage.passage_id);
        for neighbour in own {
            let length = neighbour.text.chars().count();
            if length > left || !told.insert(neighbour.text.as_str()) {
                continue;
            }
            left -= length;
            let text = &passage.text;
            if neighbour.is_before {
                passage.before = without_end(&neighbour.text, text).to_owned();
            } else {
                passage.after = without_beginning(text, &neighbour.text).to_owned();
            }
        }
    }
    Ok(given)
}

/// The first of two texts without what stands at its end and at the beginning of the second: the end of a passage stands
/// in the next again.
fn without_end<'a>(first: &'a str, second: &str) -> &'a str {
    &first[..first.len() - shared(first, second)]
}

/// The second of two texts without what stands at the end of the first.
fn without_beginning<'a>(first: &str, second: &'a str) -> &'a str {
    &second[shared(first, second)..]
}

/// Bytes at the end of a text with which another begins.
fn shared(first: &str, second: &str) -> usize {
    let ends = second
        .char_indices()
        .map(|(at, letter)| at + letter.len_utf8());
    ends.rev()
        .find(|end| first.ends_with(&second[..*end]))
        .unwrap_or(0)
}

/// What stands for a passage that the reader may not read any more.
pub const WITHHELD: &str = "[no longer shared]";

/// What a run was given, as far as it is still there and the reader may read it now.
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
    let bases: Vec<Uuid> = found.iter().map(|one| one.knowledge_base_id).collect();
    let readable = knowledge::filter_readable(pool, reader, &bases).await?;
    let given = (1..).zip(ids).map(|(number, id)| {
        let at = found.iter().position(|passage| passage.id == id);
        match at.map(|at| found.swap_remove(at)) {
            Some(passage) if readable.contains(&passage.knowledge_base_id) => {
                grounding(number, passage)
            }
            Some(_) => without_text(number, id, WITHHELD),
            None => without_text(number, id, ERASED),
        }
    });
    with_neighbours(pool, given.collect()).await
}

fn without_text(number: u32, passage_id: Uuid, why: &str) -> PromptPassage {
    PromptPassage {
        passage_id,
        number,
        title: why.to_owned(),
        text: why.to_owned(),
        before: String::new(),
        after: String::new(),
        location: String::new(),
        coverage: 0.0,
    }
}

fn grounding(number: u32, passage: PassageView) -> PromptPassage {
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
    let place = match (&passage.page_name, passage.page) {
        (Some(name), _) => name.clone(),
        (None, Some(page)) => format!("page {page}"),
        (None, None) => passage.headings.join(" › "),
    };
    match place.is_empty() {
        true => passage.name.clone(),
        false => format!("{}, {place}", passage.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_passages_share_is_told_once() {
        let (first, second) = ("One. Two. Three.", "Three. Four.");
        assert_eq!(without_end(first, second), "One. Two. ");
        assert_eq!(without_beginning(first, second), " Four.");
        assert_eq!(without_end("Ä", "B"), "Ä");
        assert_eq!(without_beginning("", "B"), "B");
        assert_eq!(without_beginning("same", "same"), "");
    }
}
