//! Finding the sections that a question is about: BM25 over stemmed words, with headings counted more.

use std::collections::{HashMap, HashSet};

use domain::manual::{Section, sections};

const K1: f64 = 1.2;
const B: f64 = 0.75;
/// How often a word of the heading counts.
const HEADING_WEIGHT: usize = 3;
/// The part of the question's weight that a section must hold, so that one chance word is no answer.
const COVERAGE: f64 = 0.5;
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
    sections: Vec<Entry>,
    /// In how many sections a word stands.
    documents: HashMap<String, usize>,
    mean_length: f64,
}

#[derive(Debug)]
struct Entry {
    section: Section,
    counts: HashMap<String, usize>,
    length: usize,
}

impl Index {
    pub fn of_the_manual() -> Self {
        let sections: Vec<Entry> = sections().into_iter().map(Entry::new).collect();
        let mut documents: HashMap<String, usize> = HashMap::new();
        for entry in &sections {
            for word in entry.counts.keys() {
                *documents.entry(word.clone()).or_default() += 1;
            }
        }
        let total: usize = sections.iter().map(|entry| entry.length).sum();
        Self {
            mean_length: as_f64(total) / as_f64(sections.len()),
            sections,
            documents,
        }
    }

    /// The best sections for a question, best first; none where nothing fits.
    pub fn search(&self, question: &str, limit: usize) -> Vec<Section> {
        let asked: HashSet<String> = words(question).collect();
        let weight: f64 = asked.iter().map(|word| self.rarity(word)).sum();
        let mut found: Vec<(f64, &Entry)> = self
            .sections
            .iter()
            .filter(|entry| {
                let known = asked.iter().filter(|word| entry.counts.contains_key(*word));
                let covered: f64 = known.map(|word| self.rarity(word)).sum();
                weight > 0.0 && covered >= COVERAGE * weight
            })
            .map(|entry| (self.score(entry, &asked), entry))
            .collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0));
        let best = found.first().map_or(0.0, |(score, _)| *score);
        found
            .into_iter()
            .take(limit)
            .filter(|(score, _)| *score >= best * CLOSE)
            .map(|(_, entry)| entry.section.clone())
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

    /// A word that stands nowhere in the manual weighs as much as the rarest.
    fn rarity(&self, word: &str) -> f64 {
        let with = as_f64(self.documents.get(word).copied().unwrap_or(0));
        let all = as_f64(self.sections.len());
        (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
    }
}

impl Entry {
    fn new(section: Section) -> Self {
        let mut counts: HashMap<String, usize> = HashMap::new();
        let mut length = 0;
        for word in words(section.text) {
            *counts.entry(word).or_default() += 1;
            length += 1;
        }
        for word in words(section.title) {
            *counts.entry(word).or_default() += HEADING_WEIGHT;
            length += 1;
        }
        Self {
            section,
            counts,
            length,
        }
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

#[expect(clippy::cast_precision_loss, reason = "counts of words in one manual")]
fn as_f64(count: usize) -> f64 {
    count as f64
}
