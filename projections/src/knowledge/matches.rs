//! Scores passages by the terms of a question that occur in them.

use std::collections::{BTreeMap, HashMap};

use sqlx::PgPool;
use uuid::Uuid;

use crate::counts::{to_f64, to_i64};
use crate::search::bm25::saturation;
use crate::search::terms::quote_lexeme;

/// The weight of a word in a heading.
const HEADING_WEIGHT: f64 = 1.0;
/// The maximum number of passages that are scored: those whose matching words weigh most.
const MAX_SCORED: i64 = 100;

/// A passage, its score, and the share of the question's weight that it contains.
pub(super) type PassageScore = (Uuid, f64, f64);

/// A term of the question in texts of one language, with its weight.
pub(super) struct QuestionTerm {
    pub language: String,
    pub lexeme: String,
    pub weight: f64,
    /// The approximate number of passages that contain it.
    pub passages: f64,
}

/// An occurrence of a term in a passage.
struct TermMatch {
    id: Uuid,
    /// The number of words of the passage.
    length: i32,
    language: String,
    lexeme: String,
    /// The weight of each place: A in a heading, D in the text.
    weights: String,
}

/// Scores candidates, best first.
pub(super) async fn score_passages(
    pool: &PgPool,
    candidates: &[Uuid],
    words: &[QuestionTerm],
) -> Result<Vec<PassageScore>, sqlx::Error> {
    let matches = load_matches(pool, candidates, words).await?;
    Ok(score_matches(&matches, words))
}

/// Loads the occurrences of the terms in those candidates whose matching words weigh most.
async fn load_matches(
    pool: &PgPool,
    candidates: &[Uuid],
    words: &[QuestionTerm],
) -> Result<Vec<TermMatch>, sqlx::Error> {
    // A term has the same weight in every language.
    let unique: BTreeMap<&str, f64> = words
        .iter()
        .map(|word| (word.lexeme.as_str(), word.weight))
        .collect();
    let (lexemes, weights): (Vec<&str>, Vec<f64>) = unique.into_iter().unzip();
    let queries: Vec<String> = lexemes.iter().map(|lexeme| quote_lexeme(lexeme)).collect();
    sqlx::query_as!(
        TermMatch,
        r#"with word as materialized (
               select q::tsquery as query, weight from unnest($5::text[], $6::float8[]) as w (q, weight))
           select c.id as "id!", c.length as "length!", c.dictionary as "language!", w.lexeme as "lexeme!",
                  array_to_string(w.weights, '') as "weights!"
           from (select p.id, p.length, p.dictionary, p.words from view_passages p
                 where p.id = any($1)
                 order by (select sum(w.weight) from word w where p.words @@ w.query) desc nulls last,
                          ts_rank(p.words, $2::text::tsquery) desc, p.id limit $4) c,
                unnest(c.words) as w(lexeme, positions, weights)
           where w.lexeme = any($3)"#,
        candidates,
        queries.join(" | "),
        &lexemes as &[&str],
        MAX_SCORED,
        &queries,
        &weights
    )
    .fetch_all(pool)
    .await
}

fn score_matches(matches: &[TermMatch], words: &[QuestionTerm]) -> Vec<PassageScore> {
    let mut totals: HashMap<&str, f64> = HashMap::new();
    let mut weights: HashMap<(&str, &str), f64> = HashMap::new();
    for word in words {
        *totals.entry(&word.language).or_default() += word.weight;
        weights.insert((&word.language, &word.lexeme), word.weight);
    }
    let lengths: f64 = matches.iter().map(|row| f64::from(row.length)).sum();
    let mean = lengths / to_f64(to_i64(matches.len())).max(1.0);
    let mut scores: HashMap<Uuid, (f64, f64)> = HashMap::new();
    for row in matches {
        let language = row.language.as_str();
        let weight = weights.get(&(language, row.lexeme.as_str()));
        let weight = weight.copied().unwrap_or(0.0);
        let count: f64 = row.weights.chars().map(weigh_place).sum();
        let factor = saturation(count, f64::from(row.length), mean);
        let entry = scores.entry(row.id).or_default();
        entry.0 += weight * factor;
        let total = totals.get(language).copied().unwrap_or(0.0);
        entry.1 += weight / total.max(f64::MIN_POSITIVE);
    }
    let mut scores: Vec<PassageScore> = scores
        .into_iter()
        .map(|(id, (score, coverage))| (id, score, coverage))
        .collect();
    scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    scores
}

/// How much an occurrence counts by its weight in the index.
fn weigh_place(weight: char) -> f64 {
    match weight {
        'A' => HEADING_WEIGHT,
        'D' => 1.0,
        _ => 0.0,
    }
}
