//! Finding the passages that a question is about: BM25 over stemmed words, with headings counted more.

use std::collections::{HashMap, HashSet};

const K1: f64 = 1.2;
const B: f64 = 0.75;
/// How often a word of the heading counts.
const HEADING_WEIGHT: usize = 3;
/// A further passage is quoted only when it is nearly as good as the first.
const CLOSE: f64 = 0.75;

const STOP_WORDS: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "by", "can", "could", "do", "does", "for", "from",
    "get", "has", "have", "how", "i", "if", "in", "is", "it", "its", "me", "my", "of", "on", "or",
    "please", "should", "so", "tell", "that", "the", "their", "there", "this", "to", "was", "we",
    "what", "when", "where", "which", "who", "why", "will", "with", "would", "write", "you",
    "your", "about", "happen", "own",
];

#[derive(Debug)]
pub(super) struct Index {
    entries: Vec<Entry>,
    /// In how many passages a word stands.
    documents: HashMap<String, usize>,
    mean_length: f64,
}

#[derive(Debug)]
struct Entry {
    counts: HashMap<String, usize>,
    length: usize,
}

impl Index {
    /// Of passages with their titles.
    pub fn new<'a>(passages: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let entries: Vec<Entry> = passages
            .map(|(title, text)| Entry::new(title, text))
            .collect();
        let mut documents: HashMap<String, usize> = HashMap::new();
        for entry in &entries {
            for word in entry.counts.keys() {
                *documents.entry(word.clone()).or_default() += 1;
            }
        }
        let total: usize = entries.iter().map(|entry| entry.length).sum();
        Self {
            mean_length: as_f64(total) / as_f64(entries.len()),
            entries,
            documents,
        }
    }

    /// The places of the best passages for a question, best first. A passage must hold that part of the question's
    /// weight, so that one chance word is no answer.
    pub fn search(&self, question: &str, coverage: f64, limit: usize) -> Vec<usize> {
        let asked: HashSet<String> = words(question).collect();
        let weight: f64 = asked.iter().map(|word| self.rarity(word)).sum();
        let mut found: Vec<(f64, usize)> = self
            .entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| {
                let known = asked.iter().filter(|word| entry.counts.contains_key(*word));
                let covered: f64 = known.map(|word| self.rarity(word)).sum();
                weight > 0.0 && covered >= coverage * weight
            })
            .map(|(place, entry)| (self.score(entry, &asked), place))
            .collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0));
        let best = found.first().map_or(0.0, |(score, _)| *score);
        found
            .into_iter()
            .take(limit)
            .filter(|(score, _)| *score >= best * CLOSE)
            .map(|(_, place)| place)
            .collect()
    }

    fn score(&self, entry: &Entry, asked: &HashSet<String>) -> f64 {
        let norm = K1 * (1.0 - B + B * as_f64(entry.length) / self.mean_length);
        asked
            .iter()
            .filter_map(|word| Some((word, *entry.counts.get(word)?)))
            .map(|(word, count)| {
                let count = as_f64(count);
                self.rarity(word) * count * (K1 + 1.0) / (count + norm)
            })
            .sum()
    }

    /// A word that stands nowhere weighs as much as the rarest.
    fn rarity(&self, word: &str) -> f64 {
        let with = as_f64(self.documents.get(word).copied().unwrap_or(0));
        let all = as_f64(self.entries.len());
        (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
    }
}

impl Entry {
    fn new(title: &str, text: &str) -> Self {
        let mut counts: HashMap<String, usize> = HashMap::new();
        let mut length = 0;
        for word in words(text) {
            *counts.entry(word).or_default() += 1;
            length += 1;
        }
        for word in words(title) {
            *counts.entry(word).or_default() += HEADING_WEIGHT;
            length += 1;
        }
        Self { counts, length }
    }
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| !word.is_empty() && !STOP_WORDS.contains(&word.as_str()))
        .map(|word| stem(&word))
}

/// Common endings of English words removed: enough for one manual.
fn stem(word: &str) -> String {
    let word = match word {
        "stored" | "store" | "storage" | "located" | "saved" => "lie",
        "postgres" => "postgresql",
        word => word,
    };
    for ending in ["ies", "ied", "ing", "ed", "es", "s"] {
        if let Some(stem) = word.strip_suffix(ending)
            && stem.chars().count() >= 3
        {
            let ied = ending.starts_with('i') && ending != "ing";
            return if ied {
                format!("{stem}y")
            } else {
                stem.trim_end_matches('e').to_owned()
            };
        }
    }
    word.trim_end_matches('e').to_owned()
}

#[expect(clippy::cast_precision_loss, reason = "counts of words")]
fn as_f64(count: usize) -> f64 {
    count as f64
}
