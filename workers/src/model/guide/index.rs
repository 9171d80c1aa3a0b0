//! Finds the passages about a question, with the same terms and weights as passages of documents.

use std::collections::{HashMap, HashSet};

use projections::search::bm25::{rarity, saturation};
use projections::search::terms::stems;

/// The weight of a word in the heading.
const HEADING_WEIGHT: f64 = 3.0;
/// Another passage is only quoted if its score is at least this fraction of the best one.
const MIN_SCORE_RATIO: f64 = 0.75;

/// The minimum number of common words in a question without other words; all but one must be in the heading.
const MIN_COMMON_WORDS: usize = 3;

#[derive(Debug)]
pub(super) struct Index {
    /// The language of all passages.
    language: &'static str,
    entries: Vec<Entry>,
    /// The number of passages that contain a term.
    passage_counts: HashMap<String, f64>,
    mean_length: f64,
}

#[derive(Debug)]
struct Entry {
    counts: HashMap<String, f64>,
    heading: HashSet<String>,
    length: f64,
}

impl Index {
    /// Indexes passages with their titles.
    pub(super) fn new(passages: &[(&str, &str)]) -> Self {
        let texts: Vec<&str> = passages.iter().map(|(_, text)| *text).collect();
        let language = stems::detect_language("", &texts.join("\n"));
        let titled = passages.iter();
        let entries: Vec<Entry> = titled
            .map(|(title, text)| Entry::new(title, text, language))
            .collect();
        let mut passage_counts: HashMap<String, f64> = HashMap::new();
        for term in entries.iter().flat_map(|entry| entry.counts.keys()) {
            *passage_counts.entry(term.clone()).or_default() += 1.0;
        }
        let total: f64 = entries.iter().map(|entry| entry.length).sum();
        Self {
            language,
            mean_length: total / as_f64(entries.len().max(1)),
            entries,
            passage_counts,
        }
    }

    /// The indexes of the best passages for a question, best first. A passage must cover this fraction of the
    /// question's weight, so that a single matching word is no answer.
    pub(super) fn search(&self, question: &str, coverage: f64, limit: usize) -> Vec<usize> {
        let mut query: HashSet<String> = stems::question_terms(question, self.language)
            .into_iter()
            .collect();
        // A question of common words, such as "What can you do?", asks for what a heading says.
        let is_common = query.is_empty();
        if is_common {
            query = stems::extract_terms(question, self.language)
                .0
                .into_iter()
                .collect();
        }
        let weight: f64 = query.iter().map(|term| self.rarity(term)).sum();
        let mut ranked: Vec<(f64, usize)> = self
            .entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| {
                if is_common {
                    let matches = query.intersection(&entry.heading).count();
                    return matches >= MIN_COMMON_WORDS && matches + 1 >= query.len();
                }
                let covered_terms = query.iter().filter(|term| entry.counts.contains_key(*term));
                let covered: f64 = covered_terms.map(|term| self.rarity(term)).sum();
                weight > 0.0 && covered >= coverage * weight
            })
            .map(|(index, entry)| (self.score(entry, &query), index))
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let best = ranked.first().map_or(0.0, |(score, _)| *score);
        ranked
            .into_iter()
            .take(limit)
            .filter(|(score, _)| *score >= best * MIN_SCORE_RATIO)
            .map(|(_, index)| index)
            .collect()
    }

    fn score(&self, entry: &Entry, query: &HashSet<String>) -> f64 {
        query
            .iter()
            .filter_map(|term| Some((term, *entry.counts.get(term)?)))
            .map(|(term, count)| {
                self.rarity(term) * saturation(count, entry.length, self.mean_length)
            })
            .sum()
    }

    fn rarity(&self, term: &str) -> f64 {
        let count = self.passage_counts.get(term).copied().unwrap_or(0.0);
        rarity(count, as_f64(self.entries.len()))
    }
}

impl Entry {
    fn new(title: &str, text: &str, language: &str) -> Self {
        let mut counts: HashMap<String, f64> = HashMap::new();
        let (body, in_body) = stems::extract_terms(text, language);
        let (heading, in_heading) = stems::extract_terms(title, language);
        for term in body {
            *counts.entry(term).or_default() += 1.0;
        }
        for term in &heading {
            *counts.entry(term.clone()).or_default() += HEADING_WEIGHT;
        }
        Self {
            counts,
            heading: heading.into_iter().collect(),
            length: as_f64(in_body + in_heading),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of words")]
fn as_f64(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Language, question, passage.
    const QUESTIONS: &str = include_str!("../../../../testing/languages/questions.tsv");

    #[test]
    fn questions_in_every_language_find_their_passage() {
        let lines: Vec<Vec<&str>> = QUESTIONS
            .lines()
            .skip(1)
            .map(|line| line.split('\t').collect())
            .collect();
        let languages: HashSet<&str> = lines.iter().map(|line| line[0]).collect();
        assert!(languages.len() >= 10);
        let mut failed = Vec::new();
        for language in languages {
            let own: Vec<&Vec<&str>> = lines.iter().filter(|line| line[0] == language).collect();
            let passages: Vec<(&str, &str)> = own.iter().map(|line| ("", line[2])).collect();
            let index = Index::new(&passages);
            for (position, line) in own.iter().enumerate() {
                let found = index.search(line[1], 0.5, 1);
                if found != [position] {
                    failed.push(format!(
                        "{language} ({}): {} {found:?}",
                        index.language, line[1]
                    ));
                }
            }
        }
        assert!(failed.is_empty(), "{}", failed.join("\n"));
    }
}
