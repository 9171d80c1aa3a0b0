//! The rows of passages, as the projector writes them.

use domain::document::Passage;
use sqlx::PgConnection;
use uuid::Uuid;

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
    let dictionaries: Vec<&str> = passages.iter().map(|p| dictionary(&p.language)).collect();
    if let Some(first) = dictionaries.first() {
        sqlx::query!(
            "update view_documents set dictionary = $2 where id = $1",
            document,
            *first
        )
        .execute(&mut *connection)
        .await?;
    }
    sqlx::query!(
        "insert into view_passages (id, document_id, knowledge_base_id, attempt, number, body, headings, page, page_name,
                                    dictionary, words, length, digest)
         select p.id, d.id, d.knowledge_base_id, $2, p.number, p.body,
                case when p.headings = '' then '{}' else string_to_array(p.headings, E'\\n') end, p.page, p.page_name,
                p.dictionary, setweight(to_tsvector(p.dictionary::regconfig, translate(d.name, '-_.', '   ') || ' ' || p.headings), 'A')
                    || to_tsvector(p.dictionary::regconfig, p.body),
                array_length(regexp_split_to_array(p.body, '\\s+'), 1),
                sha256(convert_to(p.headings || E'\\n' || p.body, 'UTF8'))
         from unnest($3::uuid[], $4::int[], $5::text[], $6::text[], $7::int[], $8::text[], $9::text[])
                  as p(id, number, body, headings, page, page_name, dictionary)
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
        &dictionaries as &[&str]
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

/// The dictionary of `PostgreSQL` that stems a language, by its ISO 639-1 code; the English one where it is not known.
fn dictionary(language: &str) -> &'static str {
    match language {
        "de" => "german",
        "fr" => "french",
        "es" => "spanish",
        "it" => "italian",
        "pt" => "portuguese",
        "nl" => "dutch",
        "da" => "danish",
        "sv" => "swedish",
        "nb" => "norwegian",
        "fi" => "finnish",
        "hu" => "hungarian",
        "ro" => "romanian",
        "ru" => "russian",
        "tr" => "turkish",
        "en" | "" => "english",
        _ => "simple",
    }
}
