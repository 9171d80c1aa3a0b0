//! A text as vectors of terms with their positions, in the format of a `tsvector`.

use std::collections::HashMap;
use std::fmt::Write;
use std::ops::Range;

use super::fold::fold_accents;
use super::split::{Atom, AtomKind, atoms};
use super::variants::{derived_forms, pairs, with_signs_after, with_signs_before};

/// The highest position; after it, positions start again at 1. `PostgreSQL` supports 16,383.
const MAX_POSITION: usize = 16_000;
/// Positions of a term that are stored if no phrase needs them all, for its frequency and for phrases across blanks.
const MAX_PER_TERM: usize = 64;
/// Positions of a term in one vector, at most. `PostgreSQL` stores 255.
const MAX_IN_PHRASE: usize = 255;
/// The approximate size limit of a vector in bytes. `PostgreSQL` accepts less than a MiB.
const MAX_BYTES: usize = 600_000;

/// The terms of a text, or of a part of one that has too many for one vector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermVector {
    /// In the format of a `tsvector`: terms as written are labelled A, derived ones D.
    pub words: String,
    /// The byte range of the text.
    pub range: Range<usize>,
}

/// The vectors of a text: one, except for very long texts.
pub fn vectors(text: &str) -> Vec<TermVector> {
    let mut vectors = Vec::new();
    let mut terms = Terms::default();
    let (mut start, mut is_joined) = (0, false);
    let mut joiner = WordJoiner::default();
    for atom in atoms(text) {
        if terms.is_full() && !is_joined {
            let end = atom.range.start;
            vectors.push(terms.vector(start..end));
            (terms, start) = (Terms::default(), end);
        }
        is_joined = atom.is_joined;
        terms.add(&atom);
        if let Some((position, joined_word)) = joiner.add(&atom) {
            terms.push(joined_word, position, false, false);
        }
    }
    vectors.push(terms.vector(start..text.len()));
    vectors
}

/// Quotes a lexeme for a `tsvector` or `tsquery`.
pub(crate) fn quote_lexeme(lexeme: &str) -> String {
    format!("'{}'", lexeme.replace('\\', "\\\\").replace('\'', "''"))
}

/// Whether a sign between two words is often omitted, as in `e-mail` or `don't`.
pub(super) fn is_often_omitted(signs: &str) -> bool {
    matches!(signs, "-" | "'" | "’" | "‐" | "‑" | "\"" | "״" | "׳")
}

/// Joins words that are also written as one.
#[derive(Debug, Default)]
pub(super) struct WordJoiner {
    whole: String,
    position: usize,
    words: usize,
}

impl WordJoiner {
    /// Adds the next atom. Returns the position and the joined word if the atom ends several words.
    pub(super) fn add(&mut self, atom: &Atom) -> Option<(usize, String)> {
        if atom.kind != AtomKind::Word {
            *self = Self::default();
            return None;
        }
        if self.words == 0 {
            self.position = atom.position;
        }
        self.whole.push_str(&fold_accents(&atom.exact));
        self.words += 1;
        if atom.is_joined && is_often_omitted(&atom.after) {
            return None;
        }
        let Self {
            whole,
            position,
            words,
        } = std::mem::take(self);
        (words > 1 && whole.len() <= 128).then_some((position, whole))
    }
}

#[derive(Debug, Default)]
struct Terms {
    /// Each position with whether the term was written like this.
    positions: HashMap<String, Vec<(usize, bool)>>,
    bytes: usize,
    is_full: bool,
}

impl Terms {
    fn is_full(&self) -> bool {
        self.is_full || self.bytes > MAX_BYTES
    }

    fn add(&mut self, atom: &Atom) {
        let in_phrase = atom.is_joined || atom.positions() > 1;
        match atom.kind {
            AtomKind::Word => self.add_word(atom, in_phrase),
            AtomKind::Picture => self.push(atom.exact.clone(), atom.position, true, in_phrase),
            AtomKind::Run | AtomKind::Hangul => {
                for (number, term) in pairs(&atom.units).enumerate() {
                    self.push(term, atom.position + number, true, in_phrase);
                }
            }
        }
    }

    fn add_word(&mut self, atom: &Atom, in_phrase: bool) {
        let position = atom.position;
        for term in with_signs_after(atom).chain(with_signs_before(atom)) {
            self.push(term, position, true, in_phrase);
        }
        for term in derived_forms(atom) {
            self.push(term, position, false, in_phrase);
        }
        self.push(atom.exact.clone(), position, true, in_phrase);
    }

    fn push(&mut self, term: String, position: usize, is_exact: bool, in_phrase: bool) {
        let length = term.len();
        let positions = self.positions.entry(term).or_default();
        if positions.is_empty() {
            self.bytes += length + 8;
        }
        let limit = if in_phrase {
            MAX_IN_PHRASE
        } else {
            MAX_PER_TERM
        };
        if positions.len() < limit {
            positions.push((position % MAX_POSITION + 1, is_exact));
            self.bytes += 2;
        }
        // The next phrase with this term would not be found.
        self.is_full |= in_phrase && positions.len() >= MAX_IN_PHRASE;
    }

    fn vector(&self, range: Range<usize>) -> TermVector {
        let mut words = String::with_capacity(self.bytes * 2);
        for (term, positions) in &self.positions {
            words.push_str(&quote_lexeme(term));
            for (number, (position, is_exact)) in positions.iter().enumerate() {
                let separator = if number == 0 { ':' } else { ',' };
                let label = if *is_exact { "A" } else { "" };
                let _ = write!(words, "{separator}{position}{label}");
            }
            words.push(' ');
        }
        TermVector { words, range }
    }
}
