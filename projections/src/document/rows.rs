//! The rows of passages, as the projector writes them.

use std::collections::HashMap;
use std::fmt::Write;

use domain::document::Passage;
use sqlx::PgConnection;
use uuid::Uuid;

use super::forms::{Form, Forms, hex};
use crate::search::terms::{quoted, stems};

/// Places of a term that `PostgreSQL` keeps; how often it occurs beyond that makes no difference.
const PLACES: usize = 255;

/// Puts passages in, where their document is still there: one that was deleted meanwhile gets none. Twice changes
/// nothing: a worker appends again what it cannot know to be there.
pub(super) async fn insert(
    connection: &mut PgConnection,
    document: Uuid,
    attempt: i32,
    passages: &[Passage],
) -> Result<(), sqlx::Error> {
    let number = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let ids: Vec<Uuid> = passages.iter().map(|p| p.id).collect();
    let numbers: Vec<i32> = passages.iter().map(|p| number(p.number)).collect();
    let bodies: Vec<&str> = passages.iter().map(|p| p.text.as_str()).collect();
    // Headings as one text each: arrays of arrays cannot be ragged.
    let headings: Vec<String> = passages.iter().map(|p| p.headings.join("\n")).collect();
    let pages: Vec<Option<i32>> = passages.iter().map(|p| p.page.map(number)).collect();
    let page_names: Vec<Option<&str>> = passages.iter().map(|p| p.page_name.as_deref()).collect();
    let Some((name, language)) = describe(connection, document, passages).await? else {
        return Ok(());
    };
    let named = name.replace(['-', '_', '.'], " ");
    let vectors = passages
        .iter()
        .map(|passage| vector(&named, passage, &language));
    let (words, lengths): (Vec<String>, Vec<i32>) = vectors.unzip();
    let forms: Vec<Forms> = passages
        .iter()
        .map(|passage| Forms::of(&passage.headings, &passage.text, &language))
        .collect();
    let wholes: Vec<&[u8]> = forms.iter().map(|of| &of.whole.digest[..]).collect();
    let contents: Vec<&[u8]> = forms.iter().map(|of| &of.content.digest[..]).collect();
    // As one text each, in hex, for the same reason.
    let parts: Vec<String> = forms.iter().map(|of| digests(&of.parts)).collect();
    sqlx::query!(
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
        &ids,
        &numbers,
        &bodies as &[&str],
        &headings,
        &pages as &[Option<i32>],
        &page_names as &[Option<&str>],
        &words,
        language,
        &lengths,
        &wholes as &[&[u8]],
        &contents as &[&[u8]],
        &parts
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn remove_attempt(
    connection: &mut PgConnection,
    document: Uuid,
    attempt: i32,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from view_passages where document_id = $1 and attempt = $2",
        document,
        attempt
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn remove(
    connection: &mut PgConnection,
    document: Uuid,
) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from view_passages where document_id = $1", document)
        .execute(connection)
        .await?;
    Ok(())
}

/// The name of a document and the language of its passages; none where it was deleted. The first passages tell the
/// language, which the others take over: one document is asked in one language.
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
    if let Some(known) = row.dictionary.filter(|_| first.number > 0) {
        return Ok(Some((row.name, known)));
    }
    let text: Vec<&str> = passages
        .iter()
        .map(|passage| passage.text.as_str())
        .collect();
    let language = stems::detect_language(&first.language, &text.join("\n"));
    sqlx::query!(
        "update view_documents set dictionary = $2 where id = $1",
        document,
        language
    )
    .execute(connection)
    .await?;
    Ok(Some((row.name, language.to_owned())))
}

fn digests(forms: &[Form]) -> String {
    let digests = forms.iter().map(|form| hex(&form.digest));
    digests.collect::<Vec<_>>().join(" ")
}

/// The terms of a passage: those of headings and of the document's name labelled A, those of the text D; and its length.
fn vector(name: &str, passage: &Passage, language: &str) -> (String, i32) {
    let (headings, _) =
        stems::extract_terms(&format!("{name} {}", passage.headings.join("\n")), language);
    let (body, length) = stems::extract_terms(&passage.text, language);
    let mut places: HashMap<&str, Vec<String>> = HashMap::new();
    let labelled = headings.iter().map(|term| (term, "A"));
    let labelled = labelled.chain(body.iter().map(|term| (term, "")));
    for (number, (term, label)) in labelled.enumerate() {
        let of = places.entry(term).or_default();
        // Places tell how often alone; those that are far apart need not differ.
        if of.len() < PLACES {
            of.push(format!("{}{label}", number % 16_000 + 1));
        }
    }
    let mut words = String::new();
    for (term, of) in places {
        let _ = write!(words, "{}:{} ", quoted(term), of.join(","));
    }
    (words, i32::try_from(length).unwrap_or(i32::MAX))
}
