//! The passages that hold the words of a question: BM25 over stems, with names of documents and headings counted more.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sqlx::PgPool;
use uuid::Uuid;

use super::sample;
use crate::search::bm25::{rarity, saturation};
use crate::search::terms::{quoted, stems};

/// How often a word of a heading counts.
const HEADING: f64 = 1.0;
/// Passages that are weighed word by word, at most: those whose words of the question weigh most together.
const WEIGHED: i64 = 200;
/// Passages that hold the rarest words, at least, before more common words are sought; and as many are looked at, at
/// most, where only some of those that hold a word are.
const SOUGHT: i64 = 1_000;
/// Passages that hold a word, at most, for all of them to be looked at.
const LOOKED: i64 = 5_000;
/// Common words that are sought together, at most.
const TOGETHER: usize = 8;
/// Passages among which it is counted how many hold a word, at most: among more, a sample tells it of common words.
const COUNTED: i64 = 2_000;
/// Passages from which on the sample is asked first, since looking up a common word in the index takes longer.
const SAMPLED: i64 = 20_000;
/// The part of passages from which on what holds a word is estimated: whatever it is exactly, the word weighs little.
const COMMON: f64 = 0.05;
/// The part from which on an index helps no more to find who holds a word.
const EVERYWHERE: f64 = 0.25;
/// Words of a question that are looked for at most, the rarest first.
const WORDS: usize = 40;

/// A passage with its weight and the part of the question's weight that stands in it.
pub(super) type Scored = (Uuid, f64, f64);

/// A term of the question in texts of one language, and what it weighs.
struct Word {
    language: String,
    lexeme: String,
    weight: f64,
    /// Passages that hold it, about.
    holding: f64,
}

/// Passage, score and coverage, the best first.
pub(super) async fn find(
    pool: &PgPool,
    knowledge_bases: &[Uuid],
    question: &str,
) -> Result<Vec<Scored>, sqlx::Error> {
    let total = sqlx::query!(
        r#"select coalesce(sum(passages), 0)::bigint as "passages!",
                  array_agg(distinct dictionary) filter (where dictionary is not null) as languages
           from view_documents where knowledge_base_id = any($1) and ready_attempt is not null"#,
        knowledge_bases
    )
    .fetch_one(pool)
    .await?;
    let languages = total.languages.unwrap_or_default();
    let words = weigh(pool, knowledge_bases, question, &languages, total.passages).await?;
    if words.is_empty() {
        return Ok(vec![]);
    }
    let candidates = candidates(pool, knowledge_bases, &words, total.passages).await?;
    score(pool, &candidates, &words).await
}

/// The terms of the question in each of the languages; those that are nowhere weigh most, and make the coverage small.
async fn weigh(
    pool: &PgPool,
    knowledge_bases: &[Uuid],
    question: &str,
    languages: &[String],
    passages: i64,
) -> Result<Vec<Word>, sqlx::Error> {
    let asked: Vec<(&String, Vec<String>)> = languages
        .iter()
        .map(|language| (language, stems::question_terms(question, language)))
        .collect();
    let lexemes: BTreeSet<&String> = asked.iter().flat_map(|(_, terms)| terms).collect();
    let lexemes: Vec<String> = lexemes.into_iter().cloned().collect();
    let held = holding(pool, knowledge_bases, &lexemes, passages).await?;
    let mut words: Vec<Word> = Vec::new();
    for (language, terms) in asked {
        words.extend(terms.into_iter().map(|lexeme| {
            let holding = held.get(&lexeme).copied().unwrap_or(0.0);
            Word {
                language: language.clone(),
                weight: rarity(holding, as_f64(passages)),
                lexeme,
                holding,
            }
        }));
    }
    words.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    words.truncate(WORDS * languages.len());
    Ok(words)
}

/// How many passages hold each of some terms: of what many hold, as many as a sample says; counting them would take long
/// and change little.
async fn holding(
    pool: &PgPool,
    knowledge_bases: &[Uuid],
    lexemes: &[String],
    passages: i64,
) -> Result<HashMap<String, f64>, sqlx::Error> {
    let estimate = async |lexemes: &[String]| {
        let shares = sample::shares(pool, knowledge_bases, lexemes, passages).await?;
        let common = shares.into_iter().filter(|(_, share)| *share >= COMMON);
        let held = common.map(|(lexeme, share)| (lexeme, share * as_f64(passages)));
        Ok::<_, sqlx::Error>(held.collect::<HashMap<_, _>>())
    };
    let mut held = HashMap::new();
    if passages > SAMPLED {
        held = estimate(lexemes).await?;
    }
    let rare: Vec<String> = { lexemes.iter() }
        .filter(|lexeme| !held.contains_key(*lexeme))
        .cloned()
        .collect();
    let most = if passages > COUNTED {
        common(passages)
    } else {
        passages
    };
    let counts = count(pool, knowledge_bases, &rare, most).await?;
    let common: Vec<String> = { counts.iter() }
        .filter(|(_, count)| **count == most && most < passages)
        .map(|(lexeme, _)| lexeme.clone())
        .collect();
    held.extend(
        counts
            .into_iter()
            .map(|(lexeme, count)| (lexeme, as_f64(count))),
    );
    if !common.is_empty() {
        held.extend(estimate(&common).await?);
    }
    Ok(held)
}

/// Passages that hold a common word, at least.
#[expect(clippy::cast_possible_truncation, reason = "a part of an integer")]
fn common(passages: i64) -> i64 {
    (as_f64(passages) * COMMON) as i64
}

/// How many passages hold each of some terms, no further than to a limit.
async fn count(
    pool: &PgPool,
    knowledge_bases: &[Uuid],
    lexemes: &[String],
    limit: i64,
) -> Result<HashMap<String, i64>, sqlx::Error> {
    let queries: Vec<String> = lexemes.iter().map(|lexeme| quoted(lexeme)).collect();
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

/// Passages that hold the rarest words; where these are few, some that hold the more common ones together.
async fn candidates(
    pool: &PgPool,
    knowledge_bases: &[Uuid],
    words: &[Word],
    passages: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    let (queries, most) = queries(words, passages);
    let mut found = sqlx::query_scalar!(
        r#"select c.id as "id!" from unnest($2::text[]) as s(query),
               lateral (select p.id from view_passages p
                        join view_documents d on d.id = p.document_id and p.attempt = d.ready_attempt
                        where p.knowledge_base_id = any($1) and p.words @@ s.query::tsquery limit $3) c
           limit $3"#,
        knowledge_bases,
        &queries,
        most
    )
    .fetch_all(pool)
    .await?;
    // What is left stands nearly everywhere, so a sample holds it too.
    let held = words.iter().any(|word| is_everywhere(word, passages));
    if held && i64::try_from(found.len()).is_ok_and(|found| found < SOUGHT) {
        found.extend(sample::passages(pool, knowledge_bases, passages).await?);
    }
    Ok(found)
}

/// What is sought, one after the other, and how many passages at most. First whoever holds one of the rarest words; then,
/// of the words that more hold, whoever holds all, all but the most common, and so on: those who hold the most of them
/// weigh most.
fn queries(words: &[Word], passages: i64) -> (Vec<String>, i64) {
    let mut known = BTreeSet::new();
    let mut words: Vec<&Word> = words
        .iter()
        .filter(|word| word.holding > 0.0 && !is_everywhere(word, passages))
        .filter(|word| known.insert(word.lexeme.as_str()))
        .collect();
    let mut holding = 0.0;
    let rare = words.iter().take_while(|word| {
        let enough = holding >= as_f64(SOUGHT);
        holding += word.holding;
        !enough && holding <= as_f64(LOOKED)
    });
    let rare = rare.count();
    let common = words.split_off(rare);
    let rare: Vec<String> = words.iter().map(|word| quoted(&word.lexeme)).collect();
    let holding: f64 = words.iter().map(|word| word.holding).sum();
    let mut queries = vec![rare.join(" | ")];
    queries.retain(|query| !query.is_empty());
    if holding < as_f64(SOUGHT) {
        let common: Vec<String> = common
            .iter()
            .take(TOGETHER)
            .map(|word| quoted(&word.lexeme))
            .collect();
        for end in (1..=common.len()).rev() {
            let together = common[..end].join(" & ");
            let without = common.get(end).map(|next| format!(" & !{next}"));
            queries.push(together + &without.unwrap_or_default());
        }
    }
    // Of the rarest words all, which were counted.
    let most = if holding < as_f64(SOUGHT) {
        SOUGHT
    } else {
        LOOKED
    };
    (queries, most)
}

/// Whether so many hold a word that an index helps no more to find them.
fn is_everywhere(word: &Word, passages: i64) -> bool {
    passages > COUNTED && word.holding > as_f64(passages) * EVERYWHERE
}

/// Passage, score and coverage, the best first.
async fn score(
    pool: &PgPool,
    candidates: &[Uuid],
    words: &[Word],
) -> Result<Vec<Scored>, sqlx::Error> {
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
    let any = queries.join(" | ");
    let rows = sqlx::query!(
        r#"with word as materialized (
               select q::tsquery as query, weight from unnest($5::text[], $6::float8[]) as w (q, weight))
           select c.id as "id!", c.length as "length!", c.dictionary as "language!", w.lexeme as "lexeme!",
                  avg(c.length) over ()::float8 as "mean!",
                  cardinality(array_positions(w.weights, 'A')) as "headings!",
                  cardinality(array_positions(w.weights, 'D')) as "body!"
           from (select p.id, p.length, p.dictionary, p.words from view_passages p
                 where p.id = any($1)
                 order by (select sum(w.weight) from word w where p.words @@ w.query) desc nulls last,
                          ts_rank(p.words, $2::text::tsquery) desc, p.id limit $4) c,
                unnest(c.words) as w(lexeme, positions, weights)
           where w.lexeme = any($3)"#,
        candidates,
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
    let mut scores: Vec<Scored> = scores
        .into_iter()
        .map(|(id, (score, coverage))| (id, score, coverage))
        .collect();
    scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    Ok(scores)
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
pub(super) fn as_f64(count: i64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(held: &[(&str, f64)]) -> Vec<Word> {
        let word = |(lexeme, holding): &(&str, f64)| Word {
            language: "en".to_owned(),
            lexeme: (*lexeme).to_owned(),
            weight: 1.0 / holding,
            holding: *holding,
        };
        held.iter().map(word).collect()
    }

    #[test]
    fn rare_words_are_sought_alone_and_common_ones_together() {
        let sought = |held: &[(&str, f64)]| queries(&words(held), 100_000);
        let some = |queries: &[&str]| {
            queries
                .iter()
                .map(|one| (*one).to_owned())
                .collect::<Vec<_>>()
        };
        let rare = sought(&[("a", 3.0), ("b", 900.0)]);
        assert_eq!(rare, (some(&["'a' | 'b'"]), 1_000));
        let mixed = sought(&[("a", 3.0), ("b", 6_000.0), ("c", 9_000.0)]);
        assert_eq!(mixed, (some(&["'a'", "'b' & 'c'", "'b' & !'c'"]), 1_000));
        // Enough hold the rarest, and all of them are looked at.
        let many = sought(&[("a", 400.0), ("b", 2_500.0), ("c", 2_600.0)]);
        assert_eq!(many, (some(&["'a' | 'b'"]), 5_000));
    }

    #[test]
    fn words_that_nobody_holds_or_nearly_everybody_are_not_sought() {
        let held = words(&[("a", 0.0), ("b", 40.0), ("c", 99_000.0)]);
        assert_eq!(queries(&held, 100_000).0, ["'b'"]);
        assert!(queries(&words(&[("c", 99_000.0)]), 100_000).0.is_empty());
        // Among few passages it costs nothing.
        assert_eq!(queries(&words(&[("c", 190.0)]), 200).0, ["'c'"]);
    }
}
