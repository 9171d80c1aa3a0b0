//! A text as words, runs and pictures, with their places and what joins them.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::fold::exact;
use super::letters::{Class, class, follows, joins, precedes};

/// Characters of a word that are compared; what follows is not looked at.
const LONGEST_WORD: usize = 64;
/// Clusters of a run; a longer one goes on as another, so that what is kept of one stays small.
const LONGEST_RUN: usize = 256;
/// Signs between two words that join them, at most.
const SIGNS: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Run,
    Hangul,
    Picture,
}

/// A cluster of a run: where it stands, and how it compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    pub range: Range<usize>,
    pub exact: String,
}

/// What stands between blanks and signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Atom {
    pub kind: Kind,
    /// Bytes of the text.
    pub range: Range<usize>,
    /// The place of its first unit: a word takes one place, a run one for each unit.
    pub place: usize,
    /// How the whole compares.
    pub exact: String,
    /// Of a run alone.
    pub units: Vec<Unit>,
    /// Signs directly before it that belong to it, where no other atom stands before them.
    pub before: String,
    /// Signs directly behind it that belong to it or join it to the next.
    pub after: String,
    /// Whether it goes on with the next atom, without a blank.
    pub joined: bool,
}

impl Atom {
    pub fn places(&self) -> usize {
        match self.kind {
            Kind::Word | Kind::Picture => 1,
            Kind::Run | Kind::Hangul => self.units.len(),
        }
    }
}

/// The atoms of a text, in order.
pub(super) fn atoms(text: &str) -> Atoms<'_> {
    Atoms {
        text,
        clusters: clusters(text),
        place: 0,
        joined: false,
    }
}

pub(super) struct Atoms<'a> {
    text: &'a str,
    clusters: Clusters<'a>,
    place: usize,
    /// Whether the last atom goes on with the next.
    joined: bool,
}

impl Iterator for Atoms<'_> {
    type Item = Atom;

    fn next(&mut self) -> Option<Atom> {
        let mut signs = 0..0;
        let kind = loop {
            let (at, cluster) = self.clusters.peek()?;
            match class(cluster) {
                Class::Letter => break Kind::Word,
                Class::Unspaced => break Kind::Run,
                Class::Hangul => break Kind::Hangul,
                Class::Picture => break Kind::Picture,
                Class::Sign if signs.end == at => signs.end = at + cluster.len(),
                Class::Sign => signs = at..at + cluster.len(),
                Class::Blank | Class::Nothing => signs = 0..0,
            }
            self.clusters.next();
        };
        let before = match self.joined {
            true => String::new(),
            false => leading(&self.text[signs]),
        };
        let (range, units) = self.units(kind);
        let exact = match kind {
            Kind::Word | Kind::Picture => exact(shortened(&self.text[range.clone()])),
            Kind::Run | Kind::Hangul => units.iter().map(|unit| unit.exact.as_str()).collect(),
        };
        let mut atom = Atom {
            kind,
            range,
            place: self.place,
            exact,
            units,
            before,
            after: String::new(),
            joined: false,
        };
        (atom.after, atom.joined) = self.behind(atom.range.end);
        self.joined = atom.joined;
        self.place += atom.places();
        Some(atom)
    }
}

impl Atoms<'_> {
    /// All clusters of the kind that comes now.
    fn units(&mut self, kind: Kind) -> (Range<usize>, Vec<Unit>) {
        let (wanted, longest) = match kind {
            Kind::Word => (Class::Letter, usize::MAX),
            Kind::Run => (Class::Unspaced, LONGEST_RUN),
            Kind::Hangul => (Class::Hangul, LONGEST_RUN),
            Kind::Picture => (Class::Picture, 1),
        };
        let mut range: Option<Range<usize>> = None;
        let mut units = Vec::new();
        let mut count = 0;
        loop {
            let letters = match kind {
                Kind::Word => self.clusters.skip_ascii_letters(),
                _ => 0..0,
            };
            if !letters.is_empty() {
                range = Some(range.map_or(letters.start, |range| range.start)..letters.end);
            }
            let Some((at, cluster)) = self.clusters.peek() else {
                break;
            };
            match class(cluster) {
                Class::Nothing => {}
                class if class == wanted && count < longest => {
                    count += 1;
                    let end = at + cluster.len();
                    range = Some(range.map_or(at, |range| range.start)..end);
                    if matches!(kind, Kind::Run | Kind::Hangul) {
                        units.push(Unit {
                            range: at..end,
                            exact: exact(cluster),
                        });
                    }
                }
                _ => break,
            }
            self.clusters.next();
        }
        (range.unwrap_or(0..0), units)
    }

    /// The signs behind an atom that count, and whether they join it to another.
    fn behind(&self, end: usize) -> (String, bool) {
        let mut signs = String::new();
        for (_, cluster) in clusters(&self.text[end..]) {
            match class(cluster) {
                Class::Sign => signs.push_str(cluster),
                Class::Nothing => {}
                Class::Blank => break,
                _ if signs.chars().all(joins) && signs.chars().count() <= SIGNS => {
                    return (signs, true);
                }
                _ => break,
            }
            if signs.chars().count() > SIGNS {
                break;
            }
        }
        (
            signs.chars().take_while(|sign| follows(*sign)).collect(),
            false,
        )
    }
}

/// Grapheme clusters with their places.
struct Clusters<'a> {
    text: &'a str,
    at: usize,
}

fn clusters(text: &str) -> Clusters<'_> {
    Clusters { text, at: 0 }
}

impl<'a> Clusters<'a> {
    fn peek(&self) -> Option<(usize, &'a str)> {
        let rest = &self.text[self.at..];
        let length = match rest.as_bytes() {
            // Nothing of ASCII joins what is before it, and most texts are such: looking up where a cluster ends takes
            // ten times as long.
            [one] | [one, 0..=127, ..] if one.is_ascii() => 1,
            _ => rest.graphemes(true).next()?.len(),
        };
        Some((self.at, &rest[..length]))
    }

    /// Skips the letters and digits of ASCII that come next.
    fn skip_ascii_letters(&mut self) -> Range<usize> {
        let start = self.at;
        let rest = &self.text.as_bytes()[start..];
        let letters = rest.iter().take_while(|one| one.is_ascii_alphanumeric());
        let count = letters.count();
        // What is not ASCII may belong to the letter before it.
        let is_joined = rest.get(count).is_some_and(|next| !next.is_ascii());
        self.at += count.saturating_sub(usize::from(is_joined));
        start..self.at
    }
}

impl<'a> Iterator for Clusters<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let (at, cluster) = self.peek()?;
        self.at += cluster.len();
        Some((at, cluster))
    }
}

/// The part of a word that is compared.
fn shortened(word: &str) -> &str {
    let end = word.char_indices().nth(LONGEST_WORD).map(|(at, _)| at);
    &word[..end.unwrap_or(word.len())]
}

/// Of signs before an atom those that belong to it.
fn leading(signs: &str) -> String {
    let from = signs
        .char_indices()
        .rev()
        .take(2)
        .take_while(|(_, sign)| precedes(*sign))
        .last();
    from.map_or_else(String::new, |(at, _)| signs[at..].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_are_those_of_unicode() {
        for text in [
            "plain words, 12.5 %",
            "e\u{301}té a\u{308}\u{304}b",
            "1\u{fe0f}\u{20e3} #\u{20e3} 🇩🇪🇫🇷x 👩\u{200d}👩\u{200d}👧 ok",
            "\u{600}12 x\u{600}y",
            "\u{1112}\u{1161}\u{11ab}글 a가",
            "ภาษาไทยabc กำ",
            "क्षि a\u{200d}b\u{200c}c",
            "a\u{ad}b\tc\nd\u{7f}e",
            "",
        ] {
            let ours: Vec<(usize, &str)> = clusters(text).collect();
            let theirs: Vec<(usize, &str)> = text.grapheme_indices(true).collect();
            assert_eq!(ours, theirs);
        }
    }
}
