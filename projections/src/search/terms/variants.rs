//! The terms of an atom: the same for the vectors of PostgreSQL and for an engine that splits at spaces.

use super::fold::{fold_accents, is_korean_ending, strip_article, strip_korean_ending, transcribe};
use super::split::{Atom, AtomKind, Unit};

/// Each unit of a run with the one after it, and the last one alone.
pub(super) fn pairs(units: &[Unit]) -> impl Iterator<Item = String> {
    let next = units.iter().skip(1).map(|unit| unit.exact.as_str());
    let seconds = next.chain([""]);
    let pairs = units.iter().zip(seconds);
    pairs.map(|(first, second)| format!("{}{second}", first.exact))
}

/// A word with the signs after it, the longest form last.
pub(super) fn with_signs_after(atom: &Atom) -> impl Iterator<Item = String> {
    let (exact, signs) = (&atom.exact, &atom.after);
    let ends = signs.char_indices().map(|(at, sign)| at + sign.len_utf8());
    let words = ends.map(move |end| format!("{exact}{}", &signs[..end]));
    words.filter(|_| atom.kind == AtomKind::Word)
}

/// A word with the signs before it, the longest form last.
pub(super) fn with_signs_before(atom: &Atom) -> impl Iterator<Item = String> {
    let (exact, signs) = (&atom.exact, &atom.before);
    let starts = signs.char_indices().rev().map(|(at, _)| at);
    let words = starts.map(move |start| format!("{}{exact}", &signs[start..]));
    words.filter(|_| atom.kind == AtomKind::Word)
}

/// Other forms of a word: without its article, transcribed, without accents.
pub(super) fn derived_forms(atom: &Atom) -> impl Iterator<Item = String> {
    let folded = fold_accents(&atom.exact);
    let forms = [
        strip_article(&folded).map(str::to_owned),
        transcribe(&atom.exact),
        (folded != atom.exact).then_some(folded),
    ];
    forms.into_iter().flatten()
}

/// What is written with a Korean ending is also written without it.
pub(super) fn without_korean_ending(chain: &[Atom]) -> Vec<Atom> {
    let mut chain = chain.to_vec();
    let is_compound = chain.len() > 1;
    if let Some(last) = { chain.last_mut() }.filter(|last| last.kind == AtomKind::Hangul) {
        if is_compound && is_korean_ending(&last.exact) {
            chain.pop();
        } else if let Some(rest) = strip_korean_ending(&last.exact) {
            let units = rest.chars().count();
            last.units.truncate(units);
        }
    }
    chain
}
