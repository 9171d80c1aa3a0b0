//! The rows of passages, written by the projector.

use std::collections::HashMap;
use std::fmt::Write;

use domain::document::Passage;
use sqlx::PgConnection;
use uuid::Uuid;

use super::forms::{Form, Forms};
use crate::counts::to_i32;
use crate::search::terms::{quote_lexeme, stems};
use crate::statement::{column, execute};

/// Positions of a term that `PostgreSQL` stores; further occurrences make no difference.
const MAX_POSITIONS: usize = 255;

/// Inserts passages, unless their document has been deleted. Idempotent: a worker appends passages again if it cannot
/// know that they are recorded.
pub(super) async fn insert(
    connection: &mut PgConnection,
    document: Uuid,
    attempt: i32,
    passages: &[Passage],
) -> Result<(), sqlx::Error> {
    let Some((name, language)) = describe(connection, document, passages).await? else {
        return Ok(());
    };
    let name = name.replace(['-', '_', '.'], " ");
    let terms = column(passages, |p| term_vector(&name, p, &language));
    let forms = column(passages, |p| Forms::new(&p.headings, &p.text, &language));
    execute!(
        connection,
        "insert into view_passages (id, document_id, knowledge_base_id, attempt, number, body, headings, page, page_name,
                                    dictionary, words, length, digest, content_digest, part_digests)
         select p.id, d.id, d.knowledge_base_id, $2, p.number, p.body,
                case when p.headings = '' then '{}' else string_to_array(p.headings, E'\\n') end, p.page, p.page_name,
                $10, p.words::tsvector, p.length,
                p.digest, p.content,
                array(select decode(part, 'hex') from unnest(string_to_array(p.parts, ' ')) as part)
         from unnest($3::uuid[], $4::int[], $5::text[], $6::text[], $7::int[], $8::text[], $9::text[],
                     $11::int[], $12::bytea[], $13::bytea[], $14::text[])
                  as p(id, number, body, headings, page, page_name, words, length, digest, content, parts)
         join view_documents d on d.id = $1
         on conflict (id) do nothing",
        document,
        attempt,
        &column(passages, |p| p.id),
        &column(passages, |p| to_i32(p.number)),
        &column(passages, |p| p.text.as_str()) as &[&str],
        // Headings are joined, because nested arrays must have equal lengths.
        &column(passages, |p| p.headings.join("\n")),
        &column(passages, |p| p.page.map(to_i32)) as &[Option<i32>],
        &column(passages, |p| p.page_name.as_deref()) as &[Option<&str>],
        &column(&terms, |(words, _)| words.as_str()) as &[&str],
        language,
        &column(&terms, |(_, length)| *length),
        &column(&forms, |form| &form.whole.digest[..]) as &[&[u8]],
        &column(&forms, |form| &form.content.digest[..]) as &[&[u8]],
        // Joined as hex, for the same reason.
        &column(&forms, |form| join_digests(&form.parts))
    )
}

pub(super) async fn remove_attempt(
    connection: &mut PgConnection,
    document: Uuid,
    attempt: i32,
) -> Result<(), sqlx::Error> {
    execute!(
        connection,
        "delete from view_passages where document_id = $1 and attempt = $2",
        document,
        attempt
    )
}

pub(super) async fn remove(
    connection: &mut PgConnection,
    document: Uuid,
) -> Result<(), sqlx::Error> {
    execute!(
        connection,
        "delete from view_passages where document_id = $1",
        document
    )
}

/// The name of a document and the language of its passages; `None` if it was deleted. The first passages determine the
/// language for all of them, because a document is searched in one language.
async fn describe(
    connection: &mut PgConnection,
    document: Uuid,
    passages: &[Passage],
) -> Result<Option<(String, String)>, sqlx::Error> {
    let row = sqlx::query!(
        "select name, dictionary from view_documents where id = $1",
        document
    )
    .fetch_optional(&mut *connection)
    .await?;
    let (Some(row), Some(first)) = (row, passages.first()) else {
        return Ok(None);
    };
    if let Some(language) = row.dictionary.filter(|_| first.number > 0) {
        return Ok(Some((row.name, language)));
    }
    let texts: Vec<&str> = passages
        .iter()
        .map(|passage| passage.text.as_str())
        .collect();
    let language = stems::detect_language(&first.language, &texts.join("\n"));
    execute!(
        connection,
        "update view_documents set dictionary = $2 where id = $1",
        document,
        language
    )?;
    Ok(Some((row.name, language.to_owned())))
}

fn join_digests(forms: &[Form]) -> String {
    let digests = forms.iter().map(|form| hex::encode(&form.digest));
    digests.collect::<Vec<_>>().join(" ")
}

/// The terms of a passage and its length in words. Terms of the headings and the document's name are labelled A, those
/// of the text D.
fn term_vector(name: &str, passage: &Passage, language: &str) -> (String, i32) {
    let (headings, _) =
        stems::extract_terms(&format!("{name} {}", passage.headings.join("\n")), language);
    let (body, length) = stems::extract_terms(&passage.text, language);
    let mut positions: HashMap<&str, Vec<String>> = HashMap::new();
    let labelled = headings.iter().map(|term| (term, "A"));
    let labelled = labelled.chain(body.iter().map(|term| (term, "")));
    for (number, (term, label)) in labelled.enumerate() {
        let positions = positions.entry(term).or_default();
        // Only the number of positions counts here, so they may repeat.
        if positions.len() < MAX_POSITIONS {
            positions.push(format!("{}{label}", number % 16_000 + 1));
        }
    }
    let mut words = String::new();
    for (term, positions) in positions {
        let _ = write!(words, "{}:{} ", quote_lexeme(term), positions.join(","));
    }
    (words, to_i32(length))
}
