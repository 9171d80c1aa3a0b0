//! Glyphs as lines of text: what parts words, lines and paragraphs.

use std::ops::Range;

use super::columns::{self, Item};
use super::direction::{as_read, is_leftward};
use super::ink::{Ink, Piece};
use super::place::Placed;
use super::seen::{Paper, seen};

/// Gaps and offsets, as parts of the size of the font: what parts words, lines and paragraphs.
pub const WORD: f64 = 0.12;
pub const LINE: f64 = 0.5;
const PARAGRAPH: f64 = 2.0;
/// From where on a glyph is set higher than those before it, as marks of footnotes are.
const RAISED: f64 = 0.15;

/// The text of a page.
#[derive(Debug, Default)]
pub struct Read {
    pub text: String,
    /// Characters that are not known.
    pub unknown: u32,
    /// Stretches that nobody sees.
    pub hidden: usize,
}

/// The text of what was drawn, without what is not seen where the page is known.
pub fn read(ink: &Ink, paper: Option<&Paper>) -> Read {
    let (seen, hidden) = match paper {
        Some(paper) => seen(ink, paper),
        None => (vec![true; ink.pieces.len()], 0),
    };
    let shown: Vec<usize> = (0..ink.pieces.len()).filter(|index| seen[*index]).collect();
    let mut lines = Lines::new(ink);
    write(&mut lines, &columns::arranged(ink, &shown));
    Read {
        text: lines.finish(),
        unknown: ink.unknown,
        hidden,
    }
}

fn write(lines: &mut Lines<'_>, items: &[Item]) {
    for item in items {
        match item {
            Item::Pieces(pieces) => pieces.iter().for_each(|piece| lines.add(*piece)),
            Item::Columns(columns) => columns.iter().for_each(|column| {
                lines.end_paragraph();
                write(lines, column);
                lines.end_paragraph();
            }),
            Item::Table(text) => lines.add_table(text),
        }
    }
}

/// Text that is put together of pieces, each parted from the one before it as their places tell.
pub struct Lines<'i> {
    ink: &'i Ink,
    text: String,
    last: Option<Placed>,
    /// Letters written from right to left that were drawn to the right of the one before, less those drawn to the left.
    turned: i64,
    /// Where letters are that one glyph stands for.
    joined: Vec<Range<usize>>,
}

impl<'i> Lines<'i> {
    pub fn new(ink: &'i Ink) -> Self {
        Self {
            ink,
            text: String::new(),
            last: None,
            turned: 0,
            joined: Vec::new(),
        }
    }

    pub fn finish(self) -> String {
        match self.turned > 0 {
            true => as_read(&with_reversed(&self.text, &self.joined)),
            false => self.text,
        }
    }

    pub fn add(&mut self, piece: usize) {
        let Piece {
            place,
            spread,
            text,
            ..
        } = &self.ink.pieces[piece];
        let text = &self.ink.text[text.clone()];
        if let Some(last) = self.last {
            if self.text.ends_with(is_leftward) && text.starts_with(is_leftward) {
                let is_right = (place.start - last.start).dot(last.direction) > 0.0;
                self.turned += if is_right { 1 } else { -1 };
            }
            self.part(&last, place, *spread, text);
        }
        let start = self.text.len();
        self.text.push_str(text);
        if text.chars().filter(|one| is_leftward(*one)).count() > 1 {
            self.joined.push(start..self.text.len());
        }
        self.last = Some(*place);
    }

    fn end_paragraph(&mut self) {
        if self.last.take().is_some() {
            self.text.push_str("\n\n");
        }
    }

    fn add_table(&mut self, text: &str) {
        self.end_paragraph();
        self.text.push_str(text);
        self.text.push_str("\n\n");
    }

    /// Parts a glyph from the one before it as their places tell.
    fn part(&mut self, last: &Placed, place: &Placed, spread: f64, text: &str) {
        // Marks that are set small and high belong to the line of what they mark.
        let size = last.size.max(place.size);
        let offset = place.start - last.end;
        let gap = offset.dot(last.direction) - spread;
        // Downwards is positive: the next line lies below.
        let across = offset.cross(last.direction);
        let has_turned = last.direction.dot(place.direction) < 0.9;
        if has_turned || across < -LINE * size || across > PARAGRAPH * size {
            self.text.push_str("\n\n");
        } else if across > LINE * size || gap < -(last.end - last.start).hypot() - size {
            self.text.push('\n');
        } else if gap > WORD * last.size.min(place.size)
            || is_mark(&self.text, text, -across, last, place)
        {
            self.text.push(' ');
        }
    }
}

/// A text of which parts run backwards.
fn with_reversed(text: &str, parts: &[Range<usize>]) -> String {
    let mut read = String::with_capacity(text.len());
    let mut end = 0;
    for part in parts {
        read.push_str(&text[end..part.start]);
        read.extend(text[part.clone()].chars().rev());
        end = part.end;
    }
    read.push_str(&text[end..]);
    read
}

/// Whether a glyph is a raised number behind a word, or a word behind such a number: they would change each other.
fn is_mark(before: &str, text: &str, raised: f64, last: &Placed, place: &Placed) -> bool {
    let starts_with_digit = text.starts_with(|first: char| first.is_ascii_digit());
    let ends_with_digit = before.ends_with(|last: char| last.is_ascii_digit());
    let begins = raised > RAISED * last.size
        && place.size < last.size
        && before.ends_with(char::is_alphanumeric)
        && starts_with_digit;
    let ends = -raised > RAISED * place.size
        && last.size < place.size
        && ends_with_digit
        && text.starts_with(char::is_alphanumeric);
    begins || ends
}
