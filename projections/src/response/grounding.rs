//! The passages that a run answers from: found when it starts, and read again from what was recorded then.

use domain::personal::ERASED;
use domain::response::Grounding;
use eventstore::log::LogError;
use eventstore::{Keys, Log};
use sqlx::PgPool;
use uuid::Uuid;

use super::ResponseView;
use crate::assistant::{queries as assistants, versions};
use crate::document::{PassageView, passages};
use crate::knowledge::{Embedder, queries as knowledge, retrieval};

/// Passages that a model is given at most.
const PASSAGES: usize = 8;
/// Characters of them, at most; the first is always given.
const CHARACTERS: usize = 24_000;

/// The knowledge bases of a run's assistant, as it was configured when the run was asked for.
pub async fn knowledge_of(
    (pool, log, keys): (&PgPool, &Log, &Keys),
    run: &ResponseView,
) -> Result<Vec<Uuid>, LogError> {
    match assistants::for_run(pool, run.assistant_id).await? {
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
    (pool, embedder): (&PgPool, Option<&dyn Embedder>),
    asked_by: Uuid,
    knowledge_bases: &[Uuid],
    question: &str,
) -> Result<Vec<Grounding>, sqlx::Error> {
    let readable = knowledge::readable(pool, asked_by, knowledge_bases).await?;
    let retrieved = retrieval::find(pool, embedder, &readable, question, PASSAGES).await?;
    let mut left = CHARACTERS;
    let fitting = retrieved
        .found
        .into_iter()
        .enumerate()
        .take_while(|(index, found)| {
            let length = found.passage.text.chars().count();
            let fits = *index == 0 || length <= left;
            left = left.saturating_sub(length);
            fits
        });
    Ok((1..)
        .zip(fitting)
        .map(|(number, (_, found))| Grounding {
            coverage: found.coverage,
            ..grounding(number, found.passage)
        })
        .collect())
}

/// What stands for a passage that the reader may not read any more.
pub const WITHHELD: &str = "[no longer shared]";

/// What a run was given, as far as it is still there and the reader may read it now.
pub async fn recorded(
    pool: &PgPool,
    run: Uuid,
    reader: Uuid,
) -> Result<Vec<Grounding>, sqlx::Error> {
    let ids = sqlx::query_scalar!("select passages from view_responses where id = $1", run)
        .fetch_optional(pool)
        .await?
        .unwrap_or_default();
    let mut found = passages::some(pool, &ids).await?;
    let bases: Vec<Uuid> = found.iter().map(|one| one.knowledge_base_id).collect();
    let readable = knowledge::readable(pool, reader, &bases).await?;
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
    Ok(given.collect())
}

fn without_text(number: u32, passage_id: Uuid, why: &str) -> Grounding {
    Grounding {
        passage_id,
        number,
        title: why.to_owned(),
        text: why.to_owned(),
        location: String::new(),
        coverage: 0.0,
    }
}

fn grounding(number: u32, passage: PassageView) -> Grounding {
    Grounding {
        passage_id: passage.id,
        number,
        title: title(&passage),
        location: format!(
            "/knowledge/{}/documents/{}?passage={}",
            passage.knowledge_base_id, passage.document_id, passage.id
        ),
        text: passage.text,
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
