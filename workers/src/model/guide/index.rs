//! Finding the passages that a question is about: by the same terms and weights as passages of documents.

use std::collections::{HashMap, HashSet};

use projections::search::bm25::{rarity, saturation};
use projections::search::terms::stems;

/// How often a word of the heading counts.
const HEADING: f64 = 3.0;
/// A further passage is quoted only when it is nearly as good as the first.
const CLOSE: f64 = 0.75;

/// How many common words make a question that has no others; all but one are in the heading that asks it.
const COMMON: usize = 3;

#[derive(Debug)]
pub(super) struct Index {
    /// Of all passages.
    language: &'static str,
    entries: Vec<Entry>,
    /// In how many passages a term is.
    holding: HashMap<String, f64>,
    mean_length: f64,
}

#[derive(Debug)]
struct Entry {
    counts: HashMap<String, f64>,
    heading: HashSet<String>,
    length: f64,
}

impl Index {
    /// Of passages with their titles.
    pub fn new(passages: &[(&str, &str)]) -> Self {
        let texts: Vec<&str> = passages.iter().map(|(_, text)| *text).collect();
        let language = stems::detect_language("", &texts.join("\n"));
        let each = passages.iter();
        let entries: Vec<Entry> = each
            .map(|(title, text)| Entry::new(title, text, language))
            .collect();
        let mut holding: HashMap<String, f64> = HashMap::new();
        for term in entries.iter().flat_map(|entry| entry.counts.keys()) {
            *holding.entry(term.clone()).or_default() += 1.0;
        }
        let total: f64 = entries.iter().map(|entry| entry.length).sum();
        Self {
            language,
            mean_length: total / as_f64(entries.len().max(1)),
            entries,
            holding,
        }
    }

    /// The places of the best passages for a question, best first. A passage must hold that part of the question's
    /// weight, so that one chance word is no answer.
    pub fn search(&self, question: &str, coverage: f64, limit: usize) -> Vec<usize> {
        let mut asked: HashSet<String> = stems::question_terms(question, self.language)
            .into_iter()
            .collect();
        // Common words alone, as in "What can you do?", ask for what a heading says.
        let is_common = asked.is_empty();
        if is_common {
            asked = stems::extract_terms(question, self.language)
                .0
                .into_iter()
                .collect();
        }
        let weight: f64 = asked.iter().map(|term| self.rarity(term)).sum();
        let mut found: Vec<(f64, usize)> = self
            .entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| {
                if is_common {
                    let asks = asked.intersection(&entry.heading).count();
                    return asks >= COMMON && asks + 1 >= asked.len();
                }
                let known = asked.iter().filter(|term| entry.counts.contains_key(*term));
                let covered: f64 = known.map(|term| self.rarity(term)).sum();
                weight > 0.0 && covered >= coverage * weight
            })
            .map(|(place, entry)| (self.score(entry, &asked), place))
            .collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let best = found.first().map_or(0.0, |(score, _)| *score);
        found
            .into_iter()
            .take(limit)
            .filter(|(score, _)| *score >= best * CLOSE)
            .map(|(_, place)| place)
            .collect()
    }

    fn score(&self, entry: &Entry, asked: &HashSet<String>) -> f64 {
        asked
            .iter()
            .filter_map(|term| Some((term, *entry.counts.get(term)?)))
            .map(|(term, count)| {
                self.rarity(term) * saturation(count, entry.length, self.mean_length)
            })
            .sum()
    }

    fn rarity(&self, term: &str) -> f64 {
        let holding = self.holding.get(term).copied().unwrap_or(0.0);
        rarity(holding, as_f64(self.entries.len()))
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
            *counts.entry(term.clone()).or_default() += HEADING;
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
            for (place, line) in own.iter().enumerate() {
                let found = index.search(line[1], 0.5, 1);
                if found != [place] {
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
