//! Texts and queries as words with spaces between them, for an engine that splits texts itself. Each term becomes one
//! word of letters and digits, so what is found does not depend on the languages that the engine was built for.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde::Serialize;

use super::fold::{fold_accents, is_korean_ending, strip_article, strip_korean_ending, transcribe};
use super::index::WordJoiner;
use super::query::{chains, forms, joined_word};
use super::split::{Atom, AtomKind, Unit, atoms};

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
            signs.extend(words_with_signs_after(&atom));
            signs.extend(words_with_signs_before(&atom));
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
    let before = chain.first().map(words_with_signs_before);
    let after = chain.last().map(words_with_signs_after);
    for words in before.into_iter().chain(after) {
        // The longest form has all of the signs.
        if let Some(word) = words.last() {
            let _ = write!(query, " \"{word}\"");
        }
    }
    query
}

fn plain_query(chain: &[Atom]) -> String {
    match chain {
        // The only place where words that begin so, and similar ones, are wanted.
        [atom] if atom.kind == AtomKind::Word && atom.after.is_empty() => {
            spell(&fold_accents(&atom.exact))
        }
        _ => phrase(&without_korean_ending(chain), |atom| {
            spell(&fold_accents(&atom.exact))
        }),
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
                let plain = |atom: &Atom| spell(&fold_accents(&atom.exact));
                format!("{} {}", phrase(begin, plain), plain(last))
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
                words.extend(pairs(units));
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

/// What is written with a Korean ending is also written without it.
fn without_korean_ending(chain: &[Atom]) -> Vec<Atom> {
    let mut chain = chain.to_vec();
    let is_compound = chain.len() > 1;
    if let Some(last) = chain
        .last_mut()
        .filter(|last| last.kind == AtomKind::Hangul)
    {
        if is_compound && is_korean_ending(&last.exact) {
            chain.pop();
        } else if let Some(rest) = strip_korean_ending(&last.exact) {
            let units = rest.chars().count();
            last.units.truncate(units);
        }
    }
    chain
}

/// The words of an atom, one for each place.
fn written_words(atom: &Atom, word: impl Fn(&Atom) -> String) -> Vec<String> {
    match atom.kind {
        AtomKind::Word | AtomKind::Picture => vec![word(atom)],
        AtomKind::Run | AtomKind::Hangul => pairs(&atom.units),
    }
}

/// Each unit with the one after it, and the last one alone.
fn pairs(units: &[Unit]) -> Vec<String> {
    let next = units.iter().skip(1).map(|unit| unit.exact.as_str());
    let seconds = next.chain([""]);
    let pairs = units.iter().zip(seconds);
    pairs
        .map(|(first, second)| encode(&format!("{}{second}", first.exact)))
        .collect()
}

/// A word with the signs behind it, the longest form last.
fn words_with_signs_after(atom: &Atom) -> Vec<String> {
    let (exact, signs) = (&atom.exact, &atom.after);
    let ends = signs.char_indices().map(|(at, sign)| at + sign.len_utf8());
    let words = ends.map(|end| encode(&format!("{exact}{}", &signs[..end])));
    words.filter(|_| atom.kind == AtomKind::Word).collect()
}

/// A word with the signs before it, the longest form last.
fn words_with_signs_before(atom: &Atom) -> Vec<String> {
    let (exact, signs) = (&atom.exact, &atom.before);
    let starts = signs.char_indices().rev().map(|(at, _)| at);
    let words = starts.map(|start| encode(&format!("{}{exact}", &signs[start..])));
    words.filter(|_| atom.kind == AtomKind::Word).collect()
}

fn derived_words(atom: &Atom) -> Vec<String> {
    if atom.kind == AtomKind::Word {
        let plain = fold_accents(&atom.exact);
        let others = [
            strip_article(&plain).map(str::to_owned),
            transcribe(&atom.exact),
            (plain != atom.exact).then_some(plain.clone()),
        ];
        return others
            .into_iter()
            .flatten()
            .map(|word| spell(&word))
            .collect();
    }
    atom.units.iter().map(|unit| encode(&unit.exact)).collect()
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
