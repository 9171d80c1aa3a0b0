//! Texts and queries as words with spaces between them, for an engine that splits texts itself. Each term becomes one
//! word of letters and digits, so what is found does not depend on the languages that the engine was built for.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde::Serialize;

use super::fold::fold_accents;
use super::index::WordJoiner;
use super::query::{chains, forms, joined_word};
use super::split::{Atom, AtomKind, atoms};
use super::variants::{
    derived_forms, pairs, with_signs_after, with_signs_before, without_korean_ending,
};

/// The terms of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct IndexedWords {
    /// The words as they were written, in order; scripts without spaces as overlapping pairs.
    pub written: String,
    /// Words together with their signs, such as `C++`; those that signs join, such as `1.2.3`, in order.
    pub signs: String,
    /// Other forms of the words: without accents or articles, transcribed, or joined.
    pub derived: String,
}

impl IndexedWords {
    pub fn from_text(text: &str) -> Self {
        let (mut written, mut joined) = (String::new(), String::new());
        let (mut signs, mut derived) = (BTreeSet::new(), BTreeSet::new());
        let mut joiner = WordJoiner::default();
        let mut is_joined = false;
        for atom in atoms(text) {
            for word in written_words(&atom, |atom| spell(&atom.exact)) {
                push_word(&mut written, &word);
            }
            if is_joined || atom.is_joined {
                for word in written_words(&atom, spell_with_sign) {
                    push_word(&mut joined, &word);
                }
            }
            is_joined = atom.is_joined;
            let with_signs = with_signs_after(&atom).chain(with_signs_before(&atom));
            signs.extend(with_signs.map(|word| encode(&word)));
            derived.extend(derived_words(&atom));
            derived.extend(joiner.add(&atom).map(|(_, joined)| spell(&joined)));
        }
        Self {
            written,
            signs: join(std::iter::once(joined).chain(signs)),
            derived: join(derived),
        }
    }
}

/// What somebody types as queries for such an engine, in which quoted words must stand one behind the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordQueries {
    /// Looks for the words as they were typed; for `written` and `signs` only.
    pub exact: String,
    /// Looks for the words without accents and signs, then for their other forms. For all fields.
    pub loose: Vec<String>,
}

impl WordQueries {
    /// None where there is no word.
    pub fn from_text(text: &str) -> Option<Self> {
        let chains: Vec<Vec<Atom>> = chains(text).collect();
        if chains.is_empty() {
            return None;
        }
        let all = |query: fn(&[Atom]) -> String| {
            let each: Vec<String> = chains.iter().map(|chain| query(chain)).collect();
            each.join(" ")
        };
        let mut loose = vec![all(plain_query), all(alternative_query)];
        loose.dedup();
        Some(Self {
            exact: all(exact_query),
            loose,
        })
    }
}

fn exact_query(chain: &[Atom]) -> String {
    let mut query = phrase(chain, spell_with_sign);
    // The longest form has all of the signs.
    let before = chain
        .first()
        .and_then(|first| with_signs_before(first).last());
    let after = chain.last().and_then(|last| with_signs_after(last).last());
    for word in before.into_iter().chain(after) {
        let _ = write!(query, " \"{}\"", encode(&word));
    }
    query
}

fn plain_query(chain: &[Atom]) -> String {
    match chain {
        // The only place where words that begin so, and similar ones, are wanted.
        [atom] if atom.kind == AtomKind::Word && atom.after.is_empty() => plain_word(atom),
        _ => phrase(&without_korean_ending(chain), plain_word),
    }
}

fn alternative_query(chain: &[Atom]) -> String {
    match chain {
        [atom] if atom.kind == AtomKind::Word => match forms(atom).as_slice() {
            [other, _, ..] => spell(other),
            _ => plain_query(chain),
        },
        _ => match (joined_word(chain), chain) {
            (Some(joined), _) => spell(&joined),
            // A phrase has no beginnings of words, so the last word stands alone.
            (None, [begin @ .., last]) if last.kind == AtomKind::Word && last.after.is_empty() => {
                format!("{} {}", phrase(begin, plain_word), plain_word(last))
            }
            _ => plain_query(chain),
        },
    }
}

/// The words of a chain in quotes.
fn phrase(chain: &[Atom], word: impl Fn(&Atom) -> String) -> String {
    let mut words = Vec::new();
    for (number, atom) in chain.iter().enumerate() {
        let is_last = number + 1 == chain.len();
        match (atom.kind, atom.units.as_slice()) {
            (AtomKind::Word | AtomKind::Picture, _) => words.push(word(atom)),
            // Whatever follows it in the text.
            (_, [unit]) if is_last && chain.len() == 1 => words.push(encode(&unit.exact)),
            (_, units) => {
                words.extend(pairs(units).map(|pair| encode(&pair)));
                if is_last {
                    // In the text, the run may go on.
                    words.pop();
                }
            }
        }
    }
    match words.is_empty() {
        true => String::new(),
        false => format!("\"{}\"", words.join(" ")),
    }
}

/// The words of an atom, one for each place.
fn written_words(atom: &Atom, word: impl Fn(&Atom) -> String) -> Vec<String> {
    match atom.kind {
        AtomKind::Word | AtomKind::Picture => vec![word(atom)],
        AtomKind::Run | AtomKind::Hangul => pairs(&atom.units).map(|pair| encode(&pair)).collect(),
    }
}

/// Other forms of a word, and the single units of a run.
fn derived_words(atom: &Atom) -> Vec<String> {
    match atom.kind {
        AtomKind::Word => derived_forms(atom).map(|word| spell(&word)).collect(),
        _ => atom.units.iter().map(|unit| encode(&unit.exact)).collect(),
    }
}

/// The word that is found whatever accents it is written with.
fn plain_word(atom: &Atom) -> String {
    spell(&fold_accents(&atom.exact))
}

fn push_word(words: &mut String, word: &str) {
    if !words.is_empty() {
        words.push(' ');
    }
    words.push_str(word);
}

fn join(words: impl IntoIterator<Item = String>) -> String {
    let mut text = String::new();
    for word in words.into_iter().filter(|word| !word.is_empty()) {
        push_word(&mut text, &word);
    }
    text
}

/// A word as the engine reads one. Words without accents stay as they are, so that the engine forgives typing errors.
fn spell(word: &str) -> String {
    match word.chars().all(char::is_alphanumeric) && fold_accents(word) == word {
        true => word.to_owned(),
        false => encode(word),
    }
}

/// A word with the sign that joins it to the next.
fn spell_with_sign(atom: &Atom) -> String {
    match atom.is_joined && !atom.after.is_empty() {
        true => encode(&format!("{}{}", atom.exact, atom.after)),
        false => spell(&atom.exact),
    }
}

/// A word with a number in place of every character that an engine might drop, change or split at. Beginnings stay
/// beginnings.
fn encode(word: &str) -> String {
    let mut encoded = String::with_capacity(word.len() * 2);
    for letter in word.chars() {
        match letter.is_ascii_alphanumeric() {
            true => encoded.push(letter),
            false => drop(write!(encoded, "x{:x}x", u32::from(letter))),
        }
    }
    encoded
}
