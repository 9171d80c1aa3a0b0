//! Which text of a page nobody sees who looks at it. Hidden text is how a document tells a model what it does not tell its
//! readers, so it is left out and counted.
//!
//! The rule, word by word: a word is hidden if each time that it is drawn
//! 1. it is outside the page, or outside the path to which it is clipped;
//! 2. or it is not painted, or fully transparent, or too small to be seen, and no picture or drawing is at its place: what
//!    lies below or above a scanned page is the text of the scan;
//! 3. or its colour is that of its ground, which is the page, or one rectangle that is below all of it, and no picture or
//!    drawing is at its place;
//! 4. or one rectangle of one colour was drawn over all of it, and no picture or drawing is at its place.
//!
//! Whatever else is at its place makes its ground unknown. A word of which something may be seen is read whole.

use std::ops::Range;

use hayro_interpret::kurbo::Rect;

use super::ink::{EVERYWHERE, Ink, Look, Manner, Piece};
use super::marks::{Mark, Places, Surface};

/// Colours that differ by less, of 1, look the same.
const SAME: f32 = 0.02;
/// The part of a word on which something may be drawn without being its ground, such as a line.
const LITTLE: f64 = 0.2;
/// What is added to each side of a word, and what may be missing of its ground, as parts of its size.
const MARGIN: f64 = 0.02;
const MISSING: f64 = 0.12;
/// A text is too small if the longer side of its page is so many times its size.
const SMALLEST: f64 = 2_500.0;
/// What parts words, as a part of the size of the font.
const WORD: f64 = 0.12;
const WHITE: [f32; 3] = [1.0, 1.0, 1.0];

/// What is known of a page besides what it draws.
#[derive(Debug, Clone, Copy)]
pub struct Paper {
    /// What is shown of the page.
    pub bounds: Rect,
    /// Whether text may be transparent: else what seems so has a pattern that could not be read.
    pub may_be_transparent: bool,
    /// Whether a colour of it could not be read.
    pub has_lost_color: bool,
    /// Whether a picture of it could not be read.
    pub has_lost_picture: bool,
}

/// For each piece whether it is seen, and how many stretches are not.
pub fn seen(ink: &Ink, paper: &Paper) -> (Vec<bool>, usize) {
    let mut seen = vec![true; ink.pieces.len()];
    let mut stretches = 0;
    let mut was_seen = true;
    let eye = Eye {
        ink,
        paper,
        places: ink.marks.by_place(),
    };
    for word in words(ink) {
        let is_blank = ink.pieces[word.clone()]
            .iter()
            .all(|piece| ink.text[piece.text.clone()].trim().is_empty());
        if !is_blank {
            let is_seen = eye.sees(&ink.pieces[word.clone()]);
            stretches += usize::from(was_seen && !is_seen);
            was_seen = is_seen;
        }
        // Blanks go with the word before them.
        seen[word].fill(was_seen);
    }
    (seen, stretches)
}

/// Pieces that belong together: words, and the blanks between them.
fn words(ink: &Ink) -> Vec<Range<usize>> {
    let is_blank = |piece: &Piece| ink.text[piece.text.clone()].trim().is_empty();
    let mut words: Vec<Range<usize>> = Vec::new();
    for (index, piece) in ink.pieces.iter().enumerate() {
        let goes_on = words.last().is_some_and(|word| {
            let last = &ink.pieces[word.end - 1];
            is_blank(last) == is_blank(piece) && (is_blank(piece) || follows(last, piece))
        });
        match words.last_mut() {
            Some(word) if goes_on => word.end = index + 1,
            _ => words.push(index..index + 1),
        }
    }
    words
}

fn follows(last: &Piece, piece: &Piece) -> bool {
    let offset = piece.place.start - last.place.end;
    let size = last.place.size.min(piece.place.size);
    let gap = offset.dot(last.place.direction) - piece.spread;
    gap.abs() < WORD * size && offset.cross(last.place.direction).abs() < size
}

struct Eye<'i> {
    ink: &'i Ink,
    paper: &'i Paper,
    places: Places<'i>,
}

impl Eye<'_> {
    fn sees(&self, word: &[Piece]) -> bool {
        let bounds = word.iter().map(|piece| piece.place.bounds());
        let Some(bounds) = bounds.reduce(|all, one| all.union(one)) else {
            return true;
        };
        let size = word
            .iter()
            .fold(0.0, |size, piece| piece.place.size.max(size));
        // Letters may have no width, or no size.
        let margin = (MARGIN * size).max(MARGIN);
        let bounds = bounds.inflate(margin, margin);
        let around = self.places.at(bounds);
        let around = around.as_deref();
        let mut shown = word.iter().enumerate().filter(|(index, piece)| {
            index
                .checked_sub(1)
                .is_none_or(|before| word[before].run != piece.run)
        });
        shown.any(|(_, piece)| {
            let looks = &self.ink.runs[piece.run].looks;
            looks
                .iter()
                .any(|look| self.shows(look, bounds, size, around))
        })
    }

    /// Whether a word may be seen by how it was drawn once.
    fn shows(
        &self,
        look: &Look,
        bounds: Rect,
        size: f64,
        around: Option<&[(usize, Mark)]>,
    ) -> bool {
        if !touches(bounds, self.paper.bounds) || !touches(bounds, look.clip) {
            return false;
        }
        let Some(around) = around.filter(|_| !self.ink.marks.is_full()) else {
            return true;
        };
        let is_scan = || {
            let pictures = around.iter().filter(|(_, mark)| mark.may_show_letters());
            part(pictures.map(|(_, mark)| mark.bounds), bounds) > LITTLE
        };
        let longest = self.paper.bounds.width().max(self.paper.bounds.height());
        let is_known = self.paper.bounds != EVERYWHERE;
        let is_painted = match look.manner {
            Manner::Painted => !is_known || size * SMALLEST > longest,
            Manner::Transparent => !self.paper.may_be_transparent,
            Manner::Unpainted => false,
        };
        if !is_painted {
            return self.paper.has_lost_picture || is_scan();
        }
        let (below, above): (Vec<(usize, Mark)>, Vec<_>) =
            around.iter().partition(|(index, _)| *index < look.after);
        let is_covered = above.iter().any(|(_, mark)| {
            matches!(mark.surface, Surface::Plain(_)) && covers(mark.bounds, bounds, size)
        });
        if is_covered && !is_scan() {
            return false;
        }
        let color = look.color.filter(|_| !self.paper.has_lost_color);
        match (color, ground(&below, bounds, size)) {
            (Some(own), Some(ground)) => !is_same(own, ground) || is_scan(),
            _ => true,
        }
    }
}

impl Mark {
    fn may_show_letters(&self) -> bool {
        matches!(self.surface, Surface::Picture | Surface::Drawing)
    }
}

/// The colour on which a word stands, where that is certain.
fn ground(below: &[(usize, Mark)], bounds: Rect, size: f64) -> Option<[f32; 3]> {
    let mut drawn = 0.0;
    for (_, mark) in below.iter().rev() {
        if let Surface::Plain(color) = mark.surface
            && covers(mark.bounds, bounds, size)
        {
            return Some(color);
        }
        drawn += part([mark.bounds].into_iter(), bounds);
        if drawn > LITTLE {
            return None;
        }
    }
    Some(WHITE)
}

/// The part of a word on which something is drawn; more than once counts as often.
fn part(marks: impl Iterator<Item = Rect>, bounds: Rect) -> f64 {
    let area = (bounds.width() * bounds.height()).max(f64::MIN_POSITIVE);
    marks.fold(0.0, |sum, mark| {
        let shared = mark.intersect(bounds);
        sum + shared.width().max(0.0) * shared.height().max(0.0) / area
    })
}

fn touches(bounds: Rect, other: Rect) -> bool {
    let shared = bounds.intersect(other);
    shared.width() > 0.0 && shared.height() > 0.0
}

fn covers(mark: Rect, bounds: Rect, size: f64) -> bool {
    let shared = mark.intersect(bounds);
    let missing = MISSING * size;
    shared.width() >= bounds.width() - missing && shared.height() >= bounds.height() - missing
}

fn is_same(one: [f32; 3], other: [f32; 3]) -> bool {
    let pairs = one.iter().zip(other);
    pairs
        .into_iter()
        .all(|(one, other)| (one - other).abs() < SAME)
}
