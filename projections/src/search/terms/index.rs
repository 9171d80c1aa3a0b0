//! A text as vectors of terms with their places, in the form in which `PostgreSQL` reads a `tsvector`.

use std::collections::HashMap;
use std::fmt::Write;
use std::ops::Range;

use super::fold::{folded, transcribed, without_article};
use super::split::{Atom, Kind, atoms};

/// Places that are told apart; behind the last they are counted from 1 again. `PostgreSQL` tells 16,383 apart.
const PLACES: usize = 16_000;
/// Places of a term that are kept where no phrase needs them: how often it stands there, and phrases across blanks.
const KEPT: usize = 64;
/// Places of a term in one vector, at most: `PostgreSQL` keeps 255 of them.
const MOST: usize = 255;
/// Bytes of one vector, about; `PostgreSQL` takes less than a MiB.
const BYTES: usize = 600_000;

/// The terms of a text, or of a part of one that has too many for one vector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermVector {
    /// As `PostgreSQL` reads it: what was written so is labelled A, what was derived from it D.
    pub words: String,
    /// Bytes of the text.
    pub range: Range<usize>,
}

/// The vectors of a text: one, but for the longest texts.
pub fn vectors(text: &str) -> Vec<TermVector> {
    let mut vectors = Vec::new();
    let mut terms = Terms::default();
    let (mut start, mut joined) = (0, false);
    let mut glue = Glue::default();
    for atom in atoms(text) {
        if terms.is_full() && !joined {
            let at = atom.range.start;
            vectors.push(terms.vector(start..at));
            (terms, start) = (Terms::default(), at);
        }
        joined = atom.joined;
        terms.add(&atom);
        if let Some((place, glued)) = glue.add(&atom) {
            terms.push(glued, place, false, false);
        }
    }
    vectors.push(terms.vector(start..text.len()));
    vectors
}

/// A lexeme as `PostgreSQL` reads one.
pub(crate) fn quoted(lexeme: &str) -> String {
    format!("'{}'", lexeme.replace('\\', "\\\\").replace('\'', "''"))
}

/// Whether people leave a sign between two words out and write one word, as in `e-mail` or `don't`.
pub(super) fn is_left_out(signs: &str) -> bool {
    matches!(signs, "-" | "'" | "’" | "‐" | "‑" | "\"" | "״" | "׳")
}

/// Words that are also written as one.
#[derive(Debug, Default)]
pub(super) struct Glue {
    whole: String,
    place: usize,
    words: usize,
}

impl Glue {
    /// Takes the next atom; the place and the whole where it ends several words that are also written as one.
    pub fn add(&mut self, atom: &Atom) -> Option<(usize, String)> {
        if atom.kind != Kind::Word {
            *self = Self::default();
            return None;
        }
        if self.words == 0 {
            self.place = atom.place;
        }
        self.whole.push_str(&folded(&atom.exact));
        self.words += 1;
        if atom.joined && is_left_out(&atom.after) {
            return None;
        }
        let Self {
            whole,
            place,
            words,
        } = std::mem::take(self);
        (words > 1 && whole.len() <= 128).then_some((place, whole))
    }
}

#[derive(Debug, Default)]
struct Terms {
    /// Places with whether the term was written so.
    places: HashMap<String, Vec<(usize, bool)>>,
    bytes: usize,
    is_full: bool,
}

impl Terms {
    fn is_full(&self) -> bool {
        self.is_full || self.bytes > BYTES
    }

    fn add(&mut self, atom: &Atom) {
        let in_phrase = atom.joined || atom.places() > 1;
        match atom.kind {
            Kind::Word => self.add_word(atom, in_phrase),
            Kind::Picture => self.push(atom.exact.clone(), atom.place, true, in_phrase),
            Kind::Run | Kind::Hangul => {
                for (number, unit) in atom.units.iter().enumerate() {
                    let next = atom.units.get(number + 1);
                    let next = next.map_or("", |unit| unit.exact.as_str());
                    let term = format!("{}{next}", unit.exact);
                    self.push(term, atom.place + number, true, in_phrase);
                }
            }
        }
    }

    fn add_word(&mut self, atom: &Atom, in_phrase: bool) {
        let (exact, place) = (&atom.exact, atom.place);
        let signs = atom.after.char_indices();
        for (at, sign) in signs {
            let with = format!("{exact}{}", &atom.after[..at + sign.len_utf8()]);
            self.push(with, place, true, in_phrase);
        }
        for (at, _) in atom.before.char_indices() {
            self.push(
                format!("{}{exact}", &atom.before[at..]),
                place,
                true,
                in_phrase,
            );
        }
        let plain = folded(exact);
        if let Some(bare) = without_article(&plain) {
            self.push(bare.to_owned(), place, false, in_phrase);
        }
        if let Some(written) = transcribed(exact) {
            self.push(written, place, false, in_phrase);
        }
        if plain != *exact {
            self.push(plain, place, false, in_phrase);
        }
        self.push(exact.clone(), place, true, in_phrase);
    }

    fn push(&mut self, term: String, place: usize, is_exact: bool, in_phrase: bool) {
        let length = term.len();
        let places = self.places.entry(term).or_default();
        if places.is_empty() {
            self.bytes += length + 8;
        }
        let most = if in_phrase { MOST } else { KEPT };
        if places.len() < most {
            places.push((place % PLACES + 1, is_exact));
            self.bytes += 2;
        }
        // The next phrase with this term would be lost.
        self.is_full |= in_phrase && places.len() >= MOST;
    }

    fn vector(&self, range: Range<usize>) -> TermVector {
        let mut words = String::with_capacity(self.bytes * 2);
        for (term, places) in &self.places {
            words.push_str(&quoted(term));
            for (number, (place, is_exact)) in places.iter().enumerate() {
                let before = if number == 0 { ':' } else { ',' };
                let label = if *is_exact { "A" } else { "" };
                let _ = write!(words, "{before}{place}{label}");
            }
            words.push(' ');
        }
        TermVector { words, range }
    }
}
