//! Splits a text into words, runs and pictographs, with their positions and the signs that join them.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::fold::exact_form;
use super::letters::{Class, classify, is_joining, is_prefix, is_suffix};

/// Characters of a word that are compared; the rest is ignored.
const MAX_WORD_LENGTH: usize = 64;
/// Clusters of a run. A longer run is split, so that an atom stays small.
const MAX_RUN_LENGTH: usize = 256;
/// The maximum number of signs that join two words.
const MAX_JOINING_SIGNS: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AtomKind {
    Word,
    Run,
    Hangul,
    Picture,
}

/// A cluster of a run: its byte range and its exact form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    pub range: Range<usize>,
    pub exact: String,
}

/// A piece of text between blanks and signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Atom {
    pub kind: AtomKind,
    /// The byte range in the text.
    pub range: Range<usize>,
    /// The position of its first unit. A word takes one position, a run one per unit.
    pub position: usize,
    /// The exact form of the whole atom.
    pub exact: String,
    /// The clusters of a run; empty for words.
    pub units: Vec<Unit>,
    /// Signs directly before it that belong to it, unless another atom precedes them.
    pub before: String,
    /// Signs directly after it that belong to it or join it to the next atom.
    pub after: String,
    /// Whether it is joined to the next atom, without a blank.
    pub is_joined: bool,
}

impl Atom {
    pub(super) fn positions(&self) -> usize {
        match self.kind {
            AtomKind::Word | AtomKind::Picture => 1,
            AtomKind::Run | AtomKind::Hangul => self.units.len(),
        }
    }
}

/// Iterates over the atoms of a text.
pub(super) fn atoms(text: &str) -> Atoms<'_> {
    Atoms {
        text,
        clusters: clusters(text),
        position: 0,
        is_joined: false,
    }
}

pub(super) struct Atoms<'a> {
    text: &'a str,
    clusters: Clusters<'a>,
    position: usize,
    /// Whether the last atom is joined to the next.
    is_joined: bool,
}

impl Iterator for Atoms<'_> {
    type Item = Atom;

    fn next(&mut self) -> Option<Atom> {
        let mut signs = 0..0;
        let kind = loop {
            let (offset, cluster) = self.clusters.peek()?;
            match classify(cluster) {
                Class::Letter => break AtomKind::Word,
                Class::Unspaced => break AtomKind::Run,
                Class::Hangul => break AtomKind::Hangul,
                Class::Picture => break AtomKind::Picture,
                Class::Sign if signs.end == offset => signs.end = offset + cluster.len(),
                Class::Sign => signs = offset..offset + cluster.len(),
                Class::Blank | Class::Ignored => signs = 0..0,
            }
            self.clusters.next();
        };
        let before = match self.is_joined {
            true => String::new(),
            false => prefix_signs(&self.text[signs]),
        };
        let (range, units) = self.take_units(kind);
        let exact = match kind {
            AtomKind::Word | AtomKind::Picture => exact_form(truncate(&self.text[range.clone()])),
            AtomKind::Run | AtomKind::Hangul => {
                units.iter().map(|unit| unit.exact.as_str()).collect()
            }
        };
        let mut atom = Atom {
            kind,
            range,
            position: self.position,
            exact,
            units,
            before,
            after: String::new(),
            is_joined: false,
        };
        (atom.after, atom.is_joined) = self.signs_after(atom.range.end);
        self.is_joined = atom.is_joined;
        self.position += atom.positions();
        Some(atom)
    }
}

impl Atoms<'_> {
    /// Takes all clusters of the current kind.
    fn take_units(&mut self, kind: AtomKind) -> (Range<usize>, Vec<Unit>) {
        let (expected, limit) = match kind {
            AtomKind::Word => (Class::Letter, usize::MAX),
            AtomKind::Run => (Class::Unspaced, MAX_RUN_LENGTH),
            AtomKind::Hangul => (Class::Hangul, MAX_RUN_LENGTH),
            AtomKind::Picture => (Class::Picture, 1),
        };
        let mut range: Option<Range<usize>> = None;
        let mut units = Vec::new();
        let mut count = 0;
        loop {
            let letters = match kind {
                AtomKind::Word => self.clusters.skip_ascii_letters(),
                _ => 0..0,
            };
            if !letters.is_empty() {
                range = Some(range.map_or(letters.start, |range| range.start)..letters.end);
            }
            let Some((offset, cluster)) = self.clusters.peek() else {
                break;
            };
            match classify(cluster) {
                Class::Ignored => {}
                class if class == expected && count < limit => {
                    count += 1;
                    let end = offset + cluster.len();
                    range = Some(range.map_or(offset, |range| range.start)..end);
                    if matches!(kind, AtomKind::Run | AtomKind::Hangul) {
                        units.push(Unit {
                            range: offset..end,
                            exact: exact_form(cluster),
                        });
                    }
                }
                _ => break,
            }
            self.clusters.next();
        }
        (range.unwrap_or(0..0), units)
    }

    /// The relevant signs after an atom, and whether they join it to another.
    fn signs_after(&self, end: usize) -> (String, bool) {
        let mut signs = String::new();
        for (_, cluster) in clusters(&self.text[end..]) {
            match classify(cluster) {
                Class::Sign => signs.push_str(cluster),
                Class::Ignored => {}
                Class::Blank => break,
                _ if signs.chars().all(is_joining)
                    && signs.chars().count() <= MAX_JOINING_SIGNS =>
                {
                    return (signs, true);
                }
                _ => break,
            }
            if signs.chars().count() > MAX_JOINING_SIGNS {
                break;
            }
        }
        (
            signs.chars().take_while(|sign| is_suffix(*sign)).collect(),
            false,
        )
    }
}

/// Grapheme clusters with their byte offsets.
struct Clusters<'a> {
    text: &'a str,
    offset: usize,
}

fn clusters(text: &str) -> Clusters<'_> {
    Clusters { text, offset: 0 }
}

impl<'a> Clusters<'a> {
    fn peek(&self) -> Option<(usize, &'a str)> {
        let rest = &self.text[self.offset..];
        let length = match rest.as_bytes() {
            // ASCII characters never extend a cluster. Finding its end by the rules of Unicode takes ten times as long,
            // and most text is ASCII.
            [byte] | [byte, 0..=127, ..] if byte.is_ascii() => 1,
            _ => rest.graphemes(true).next()?.len(),
        };
        Some((self.offset, &rest[..length]))
    }

    /// Skips the next ASCII letters and digits.
    fn skip_ascii_letters(&mut self) -> Range<usize> {
        let start = self.offset;
        let rest = &self.text.as_bytes()[start..];
        let letters = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric());
        let count = letters.count();
        // A character beyond ASCII may extend the letter before it.
        let is_extended = rest.get(count).is_some_and(|next| !next.is_ascii());
        self.offset += count.saturating_sub(usize::from(is_extended));
        start..self.offset
    }
}

impl<'a> Iterator for Clusters<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let (offset, cluster) = self.peek()?;
        self.offset += cluster.len();
        Some((offset, cluster))
    }
}

/// The part of a word that is compared.
fn truncate(word: &str) -> &str {
    let end = word
        .char_indices()
        .nth(MAX_WORD_LENGTH)
        .map(|(offset, _)| offset);
    &word[..end.unwrap_or(word.len())]
}

/// The signs before an atom that belong to it.
fn prefix_signs(signs: &str) -> String {
    let start = signs
        .char_indices()
        .rev()
        .take(2)
        .take_while(|(_, sign)| is_prefix(*sign))
        .last();
    start.map_or_else(String::new, |(offset, _)| signs[offset..].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_equal_those_of_unicode_segmentation() {
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
