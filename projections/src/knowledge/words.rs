//! Finds passages by the words of a question: BM25 over stems, with document names and headings counted as well.

use std::collections::{BTreeSet, HashMap};

use sqlx::PgPool;
use uuid::Uuid;

use super::matches::{PassageScore, QuestionTerm, score_passages};
use super::sample::Sample;
use crate::counts::{to_f64, to_i64};
use crate::search::bm25::rarity;
use crate::search::terms::{quote_lexeme, stems};

/// With fewer passages of the rarest words than this, more common words are searched too, up to this many passages.
const ENOUGH: i64 = 1_000;
/// The maximum number of passages of rare words that are all candidates.
const MAX_RARE: i64 = 5_000;
/// The maximum number of common words that are searched together.
const MAX_COMMON_WORDS: usize = 8;
/// Up to this many passages, occurrences are counted exactly; above, those of common words are estimated from a sample,
/// since looking up a common word in the index takes longer.
const MAX_COUNTED: i64 = 2_000;
/// From this share of passages on, occurrences are estimated: the word weighs little anyway.
const COMMON_SHARE: f64 = 0.05;
/// Above this share of passages, an index no longer helps to find a word.
const UBIQUITOUS_SHARE: f64 = 0.25;
/// The maximum number of words of a question per language, rarest first.
const MAX_WORDS: usize = 40;

/// Finds passages with score and coverage, best first.
pub(super) async fn find(
    pool: &PgPool,
    knowledge_bases: &[Uuid],
    question: &str,
) -> Result<Vec<PassageScore>, sqlx::Error> {
    let total = sqlx::query!(
        r#"select coalesce(sum(passages), 0)::bigint as "passages!",
                  array_agg(distinct dictionary) filter (where dictionary is not null) as languages
           from view_documents where knowledge_base_id = any($1) and ready_attempt is not null"#,
        knowledge_bases
    )
    .fetch_one(pool)
    .await?;
    let passages = total.passages;
    let languages = total.languages.unwrap_or_default();
    let terms: Vec<(String, Vec<String>)> = languages
        .into_iter()
        .map(|language| {
            let terms = stems::question_terms(question, &language);
            (language, terms)
        })
        .collect();
    let lexemes: BTreeSet<&String> = terms.iter().flat_map(|(_, terms)| terms).collect();
    let lexemes: Vec<String> = lexemes.into_iter().cloned().collect();
    if lexemes.is_empty() {
        return Ok(vec![]);
    }
    let sample = match passages > MAX_COUNTED {
        true => Sample::take(pool, knowledge_bases, &lexemes, passages).await?,
        false => Sample::default(),
    };
    let counts = count_passages(pool, knowledge_bases, lexemes, &sample, passages).await?;
    let words = weigh_terms(terms, &counts, passages);
    let (queries, limit) = build_queries(&words, passages);
    let mut candidates = find_candidates(pool, knowledge_bases, &queries, limit).await?;
    // The remaining words are in nearly every passage, so also in those of the sample.
    if words.iter().any(|word| is_ubiquitous(word, passages)) && to_i64(candidates.len()) < ENOUGH {
        candidates.extend(sample.passages);
    }
    score_passages(pool, &candidates, &words).await
}

/// The terms of the question in each language with their weights. Terms without a match weigh most and lower the coverage.
fn weigh_terms(
    terms: Vec<(String, Vec<String>)>,
    counts: &HashMap<String, f64>,
    passages: i64,
) -> Vec<QuestionTerm> {
    let limit = MAX_WORDS * terms.len();
    let mut words: Vec<QuestionTerm> = Vec::new();
    for (language, terms) in terms {
        words.extend(terms.into_iter().map(|lexeme| {
            let matches = counts.get(&lexeme).copied().unwrap_or(0.0);
            QuestionTerm {
                language: language.clone(),
                weight: rarity(matches, to_f64(passages)),
                lexeme,
                passages: matches,
            }
        }));
    }
    words.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    words.truncate(limit);
    words
}

/// The number of passages that contain each term. Common terms are estimated from a sample, because counting them takes
/// long and hardly changes the ranking.
async fn count_passages(
    pool: &PgPool,
    knowledge_bases: &[Uuid],
    lexemes: Vec<String>,
    sample: &Sample,
    passages: i64,
) -> Result<HashMap<String, f64>, sqlx::Error> {
    let mut counts: HashMap<String, f64> = sample
        .shares
        .iter()
        .filter(|(_, share)| **share >= COMMON_SHARE)
        .map(|(lexeme, share)| (lexeme.clone(), share * to_f64(passages)))
        .collect();
    let rare: Vec<String> = lexemes
        .into_iter()
        .filter(|lexeme| !counts.contains_key(lexeme))
        .collect();
    if rare.is_empty() {
        return Ok(counts);
    }
    let limit = match passages > MAX_COUNTED {
        true => common_count(passages),
        false => passages,
    };
    let exact = count_up_to(pool, knowledge_bases, &rare, limit).await?;
    counts.extend(
        exact
            .into_iter()
            .map(|(lexeme, count)| (lexeme, to_f64(count))),
    );
    Ok(counts)
}

/// The minimum number of passages that contain a common word.
#[expect(clippy::cast_possible_truncation, reason = "a share of an integer")]
fn common_count(passages: i64) -> i64 {
    (to_f64(passages) * COMMON_SHARE) as i64
}

/// Counts the passages that contain each term, up to a limit.
async fn count_up_to(
    pool: &PgPool,
    knowledge_bases: &[Uuid],
    lexemes: &[String],
    limit: i64,
) -> Result<HashMap<String, i64>, sqlx::Error> {
    let queries: Vec<String> = lexemes.iter().map(|lexeme| quote_lexeme(lexeme)).collect();
    let rows = sqlx::query!(
        r#"select lexeme as "lexeme!",
                  (select count(*) from (
                       select from view_passages p
                       where p.knowledge_base_id = any($1) and p.words @@ q::tsquery limit $4) held) as "passages!"
           from unnest($2::text[], $3::text[]) as t(lexeme, q)"#,
        knowledge_bases,
        lexemes,
        &queries,
        limit
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.lexeme, row.passages))
        .collect())
}

/// Finds passages that contain the rarest words and, if these are few, some that contain several common ones.
async fn find_candidates(
    pool: &PgPool,
    knowledge_bases: &[Uuid],
    queries: &[String],
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    if queries.is_empty() {
        return Ok(vec![]);
    }
    sqlx::query_scalar!(
        r#"select c.id as "id!" from unnest($2::text[]) as s(query),
               lateral (select p.id from view_passages p
                        join view_documents d on d.id = p.document_id and p.attempt = d.ready_attempt
                        where p.knowledge_base_id = any($1) and p.words @@ s.query::tsquery limit $3) c
           limit $3"#,
        knowledge_bases,
        queries,
        limit
    )
    .fetch_all(pool)
    .await
}

/// The queries to run in order, and the maximum number of passages. First any of the rarest words; then all of the common
/// words, all but the most common one, and so on, because passages with the most of them weigh most.
fn build_queries(words: &[QuestionTerm], passages: i64) -> (Vec<String>, i64) {
    let mut seen = BTreeSet::new();
    let mut words: Vec<&QuestionTerm> = words
        .iter()
        .filter(|word| word.passages > 0.0 && !is_ubiquitous(word, passages))
        .filter(|word| seen.insert(word.lexeme.as_str()))
        .collect();
    let mut count = 0.0;
    let rare = words.iter().take_while(|word| {
        let has_enough = count >= to_f64(ENOUGH);
        count += word.passages;
        !has_enough && count <= to_f64(MAX_RARE)
    });
    let rare_count = rare.count();
    let common = words.split_off(rare_count);
    let rare: Vec<String> = words
        .iter()
        .map(|word| quote_lexeme(&word.lexeme))
        .collect();
    let count: f64 = words.iter().map(|word| word.passages).sum();
    let mut queries = vec![rare.join(" | ")];
    queries.retain(|query| !query.is_empty());
    if count < to_f64(ENOUGH) {
        let common: Vec<String> = common
            .iter()
            .take(MAX_COMMON_WORDS)
            .map(|word| quote_lexeme(&word.lexeme))
            .collect();
        for end in (1..=common.len()).rev() {
            let included = common[..end].join(" & ");
            let excluded = common.get(end).map(|next| format!(" & !{next}"));
            queries.push(included + &excluded.unwrap_or_default());
        }
    }
    // The passages of rare words were counted, so all of them are candidates.
    let limit = if count < to_f64(ENOUGH) {
        ENOUGH
    } else {
        MAX_RARE
    };
    (queries, limit)
}

/// Whether a word is in so many passages that an index does not help.
fn is_ubiquitous(word: &QuestionTerm, passages: i64) -> bool {
    passages > MAX_COUNTED && word.passages > to_f64(passages) * UBIQUITOUS_SHARE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(counts: &[(&str, f64)]) -> Vec<QuestionTerm> {
        let word = |(lexeme, passages): &(&str, f64)| QuestionTerm {
            language: "en".to_owned(),
            lexeme: (*lexeme).to_owned(),
            weight: 1.0 / passages,
            passages: *passages,
        };
        counts.iter().map(word).collect()
    }

    #[test]
    fn rare_words_are_searched_separately_and_common_ones_together() {
        let build = |counts: &[(&str, f64)]| build_queries(&terms(counts), 100_000);
        let owned = |queries: &[&str]| {
            queries
                .iter()
                .map(|query| (*query).to_owned())
                .collect::<Vec<_>>()
        };
        let rare = build(&[("a", 3.0), ("b", 900.0)]);
        assert_eq!(rare, (owned(&["'a' | 'b'"]), 1_000));
        let mixed = build(&[("a", 3.0), ("b", 6_000.0), ("c", 9_000.0)]);
        assert_eq!(mixed, (owned(&["'a'", "'b' & 'c'", "'b' & !'c'"]), 1_000));
        // The rarest words have enough passages, and all of them are candidates.
        let many = build(&[("a", 400.0), ("b", 2_500.0), ("c", 2_600.0)]);
        assert_eq!(many, (owned(&["'a' | 'b'"]), 5_000));
    }

    #[test]
    fn words_in_no_passage_or_nearly_all_are_not_searched() {
        let counts = terms(&[("a", 0.0), ("b", 40.0), ("c", 99_000.0)]);
        assert_eq!(build_queries(&counts, 100_000).0, ["'b'"]);
        assert!(
            build_queries(&terms(&[("c", 99_000.0)]), 100_000)
                .0
                .is_empty()
        );
        // With few passages the search is cheap anyway.
        assert_eq!(build_queries(&terms(&[("c", 190.0)]), 200).0, ["'c'"]);
    }
}
