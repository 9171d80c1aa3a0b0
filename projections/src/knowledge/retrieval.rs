//! Finding the passages that a question is about: BM25 over stems, with names of documents and headings counted more;
//! where a model embeds, merged with what is nearest to its meaning.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use sqlx::PgPool;
use uuid::Uuid;

use super::Embedder;
use super::fusion::fuse;
use crate::document::{PassageView, embedding};
use crate::search::bm25::{rarity, saturation};
use crate::search::terms::{quoted, stems};

/// How often a word of a heading counts.
const HEADING: f64 = 1.0;
/// Passages that are weighed word by word, at most: those whose words of the question weigh most together.
const WEIGHED: i64 = 200;
/// Passages that are looked at, at least, where so many hold a word of the question: with them the rarest words are
/// sought, and whoever holds none of these but only words that stand everywhere is not.
const SOUGHT: i64 = 1_000;
/// Words of a question that are looked for at most, the rarest first.
const WORDS: usize = 40;

/// How long a question may take to be embedded: then its words alone are looked for.
const EMBED_LIMIT: Duration = Duration::from_secs(5);
/// Characters of a question that are embedded: models take some thousand tokens.
const EMBEDDED: usize = 8_000;
/// Passages of either order that are merged, at most.
const MERGED: usize = 100;

/// A passage that was found, with its weight.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub passage: PassageView,
    pub score: f64,
    /// The part of the question's weight that stands in it, 0 to 1.
    pub coverage: f64,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Retrieved {
    /// Best first.
    pub found: Vec<Found>,
    /// Whether the meaning of the question was looked for as well as its words.
    pub by_meaning: bool,
}

/// A term of the question in texts of one language, and what it weighs.
struct Word {
    language: String,
    lexeme: String,
    weight: f64,
    /// Passages that hold it.
    holding: i64,
}

/// The best passages for a question in some knowledge bases, which the reader may read.
pub async fn find(
    pool: &PgPool,
    embedder: Option<&dyn Embedder>,
    knowledge_bases: &[Uuid],
    question: &str,
    limit: usize,
) -> Result<Retrieved, sqlx::Error> {
    let words = by_words(pool, knowledge_bases, question).await?;
    let Some(near) = by_meaning(pool, embedder, knowledge_bases, question).await? else {
        let scores = words.into_iter().take(limit).collect();
        return Ok(Retrieved {
            found: passages(pool, scores).await?,
            by_meaning: false,
        });
    };
    let counting = words.iter().take(MERGED);
    let counting: Vec<(Uuid, f64)> = counting.map(|one| (one.0, one.2)).collect();
    let coverage: HashMap<Uuid, f64> = words.into_iter().map(|one| (one.0, one.2)).collect();
    let covered = |id| coverage.get(&id).copied().unwrap_or(0.0);
    let fused = fuse(&counting, &near).into_iter().take(limit);
    let scores = fused.map(|(id, score)| (id, score, covered(id))).collect();
    Ok(Retrieved {
        found: passages(pool, scores).await?,
        by_meaning: true,
    })
}

/// The passages of ids, scores and coverages, in their order.
async fn passages(pool: &PgPool, scores: Vec<(Uuid, f64, f64)>) -> Result<Vec<Found>, sqlx::Error> {
    let ids: Vec<Uuid> = scores.iter().map(|one| one.0).collect();
    let mut passages: HashMap<Uuid, PassageView> = crate::document::passages::some(pool, &ids)
        .await?
        .into_iter()
        .map(|passage| (passage.id, passage))
        .collect();
    let found = scores.into_iter().filter_map(|(id, score, coverage)| {
        passages.remove(&id).map(|passage| Found {
            passage,
            score,
            coverage,
        })
    });
    Ok(found.collect())
}

/// The passages whose vectors lie nearest to the question's, nearest first; none where there are no vectors, or the
/// model does not answer in time.
pub async fn by_meaning(
    pool: &PgPool,
    embedder: Option<&dyn Embedder>,
    knowledge_bases: &[Uuid],
    question: &str,
) -> Result<Option<Vec<Uuid>>, sqlx::Error> {
    let Some(embedder) = embedder else {
        return Ok(None);
    };
    let model = embedder.model();
    if !embedding::any(pool, knowledge_bases, model).await? {
        return Ok(None);
    }
    let question: String = question.chars().take(EMBEDDED).collect();
    // In one call also without the words that carry no meaning: they pull small models towards questions.
    let mut texts = vec![stems::content(&question)];
    texts.retain(|content| !content.is_empty() && *content != question);
    texts.push(question);
    let asked = embedder.embed(texts);
    let vectors = match tokio::time::timeout(EMBED_LIMIT, asked).await {
        Ok(Ok(vectors)) => vectors,
        Ok(Err(error)) => {
            tracing::warn!(model, %error, "a question was not embedded; its words are looked for");
            vec![]
        }
        Err(_) => {
            tracing::warn!(
                model,
                "a question was not embedded in time; its words are looked for"
            );
            vec![]
        }
    };
    if vectors.is_empty() {
        return Ok(None);
    }
    let near = embedding::nearest(pool, knowledge_bases, (model, &vectors), MERGED).await?;
    Ok(Some(near.into_iter().map(|one| one.0).collect()))
}

/// Passage, score and coverage, the best first.
async fn by_words(
    pool: &PgPool,
    knowledge_bases: &[Uuid],
    question: &str,
) -> Result<Vec<(Uuid, f64, f64)>, sqlx::Error> {
    let total = sqlx::query!(
        r#"select coalesce(sum(passages), 0)::bigint as "passages!",
                  array_agg(distinct dictionary) filter (where dictionary is not null) as languages
           from view_documents where knowledge_base_id = any($1) and ready_attempt is not null"#,
        knowledge_bases
    )
    .fetch_one(pool)
    .await?;
    let languages = total.languages.unwrap_or_default();
    let (bases, passages) = (knowledge_bases, as_f64(total.passages));
    let words = weigh(pool, bases, question, &languages, passages).await?;
    if words.is_empty() {
        return Ok(vec![]);
    }
    score(pool, bases, &words).await
}

/// The terms of the question in each of the languages; those that are nowhere weigh most, and make the coverage small.
async fn weigh(
    pool: &PgPool,
    knowledge_bases: &[Uuid],
    question: &str,
    languages: &[String],
    passages: f64,
) -> Result<Vec<Word>, sqlx::Error> {
    let asked: Vec<(&String, Vec<String>)> = languages
        .iter()
        .map(|language| (language, stems::question(question, language)))
        .collect();
    let lexemes: BTreeSet<&String> = asked.iter().flat_map(|(_, terms)| terms).collect();
    let lexemes: Vec<String> = lexemes.into_iter().cloned().collect();
    let queries: Vec<String> = lexemes.iter().map(|lexeme| quoted(lexeme)).collect();
    let rows = sqlx::query!(
        r#"select lexeme as "lexeme!",
                  (select count(*) from view_passages p
                   where p.knowledge_base_id = any($1) and p.words @@ q::tsquery) as "passages!"
           from unnest($2::text[], $3::text[]) as t(lexeme, q)"#,
        knowledge_bases,
        &lexemes,
        &queries
    )
    .fetch_all(pool)
    .await?;
    let held: HashMap<String, i64> = rows
        .into_iter()
        .map(|row| (row.lexeme, row.passages))
        .collect();
    let mut words: Vec<Word> = Vec::new();
    for (language, terms) in asked {
        words.extend(terms.into_iter().map(|lexeme| {
            let holding = held.get(&lexeme).copied().unwrap_or(0);
            Word {
                language: language.clone(),
                weight: rarity(as_f64(holding), passages),
                lexeme,
                holding,
            }
        }));
    }
    words.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    words.truncate(WORDS * languages.len());
    Ok(words)
}

/// A query for passages that hold one of the rarest words. The words are in the order of their weights.
fn sought(words: &[Word]) -> String {
    let (mut rarest, mut passages) = (BTreeSet::new(), 0);
    for word in words {
        if passages >= SOUGHT {
            break;
        }
        if rarest.insert(quoted(&word.lexeme)) {
            passages += word.holding;
        }
    }
    rarest.into_iter().collect::<Vec<_>>().join(" | ")
}

/// Passage, score and coverage, the best first.
async fn score(
    pool: &PgPool,
    knowledge_bases: &[Uuid],
    words: &[Word],
) -> Result<Vec<(Uuid, f64, f64)>, sqlx::Error> {
    let mut all: HashMap<&str, f64> = HashMap::new();
    let mut weights: HashMap<(&str, &str), f64> = HashMap::new();
    for word in words {
        *all.entry(&word.language).or_default() += word.weight;
        weights.insert((&word.language, &word.lexeme), word.weight);
    }
    // A term weighs the same in every language that knows it.
    let each: BTreeMap<&str, f64> = words
        .iter()
        .map(|word| (word.lexeme.as_str(), word.weight))
        .collect();
    let (lexemes, weighing): (Vec<&str>, Vec<f64>) = each.into_iter().unzip();
    let queries: Vec<String> = lexemes.iter().map(|lexeme| quoted(lexeme)).collect();
    let any = sought(words);
    let rows = sqlx::query!(
        r#"with word as materialized (
               select q::tsquery as query, weight from unnest($5::text[], $6::float8[]) as w (q, weight))
           select c.id as "id!", c.length as "length!", c.dictionary as "language!", w.lexeme as "lexeme!",
                  avg(c.length) over ()::float8 as "mean!",
                  cardinality(array_positions(w.weights, 'A')) as "headings!",
                  cardinality(array_positions(w.weights, 'D')) as "body!"
           from (select p.id, p.length, p.dictionary, p.words from view_passages p
                 join view_documents d on d.id = p.document_id and p.attempt = d.ready_attempt
                 where p.knowledge_base_id = any($1) and p.words @@ $2::text::tsquery
                 order by (select sum(w.weight) from word w where p.words @@ w.query) desc,
                          ts_rank(p.words, $2::text::tsquery) desc, p.id limit $4) c,
                unnest(c.words) as w(lexeme, positions, weights)
           where w.lexeme = any($3)"#,
        knowledge_bases,
        any,
        &lexemes as &[&str],
        WEIGHED,
        &queries,
        &weighing
    )
    .fetch_all(pool)
    .await?;
    let mut scores: HashMap<Uuid, (f64, f64)> = HashMap::new();
    for row in rows {
        let language = row.language.as_str();
        let weight = weights.get(&(language, row.lexeme.as_str()));
        let weight = weight.copied().unwrap_or(0.0);
        let count = f64::from(row.body) + HEADING * f64::from(row.headings);
        let part = saturation(count, f64::from(row.length), row.mean);
        let entry = scores.entry(row.id).or_default();
        entry.0 += weight * part;
        let whole = all.get(language).copied().unwrap_or(0.0);
        entry.1 += weight / whole.max(f64::MIN_POSITIVE);
    }
    let mut scores: Vec<(Uuid, f64, f64)> = scores
        .into_iter()
        .map(|(id, (score, coverage))| (id, score, coverage))
        .collect();
    scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    Ok(scores)
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn as_f64(count: i64) -> f64 {
    count as f64
}
