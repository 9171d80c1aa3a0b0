//! Stretches of text that follow each other on a line, and the lines that they stand on.

use std::ops::Range;

use crate::document::extract::pdf::direction::is_leftward;
use crate::document::extract::pdf::ink::{Ink, Piece};
use crate::document::extract::pdf::layout::{LINE, WORD};

/// Gaps that may part columns, as parts of the size of the font: any, and one to which the program moved without a blank.
pub const GAP: f64 = 0.8;
pub const MOVED: f64 = 0.4;
/// How far stretches beside each other may be from the same height to be on one line.
const BESIDE: f64 = 0.9;

/// Glyphs that follow each other closely on one line.
#[derive(Debug, Clone)]
pub struct Segment {
    /// Its places among the pieces that are shown.
    pub pieces: Range<usize>,
    /// Along the line, in the direction of the line.
    pub start: f64,
    pub end: f64,
    /// Down the page, at a right angle to the line.
    pub down: f64,
    pub size: f64,
    /// Whether the program moved to its start, and drew no blank before it.
    pub moved: bool,
    /// How wide the blanks are that were drawn behind it.
    pub blanks: f64,
    /// Whether the program moved over a gap within it without a blank: what stands there may be several cells.
    pub may_be_several: bool,
}

/// What is read of pieces, as they follow.
pub struct Page<'i> {
    pub ink: &'i Ink,
    /// The pieces that are shown.
    pub shown: &'i [usize],
    pub segments: Vec<Segment>,
}

impl<'i> Page<'i> {
    pub fn new(ink: &'i Ink, shown: &'i [usize]) -> Self {
        Self {
            ink,
            shown,
            segments: segments(ink, shown),
        }
    }

    pub fn text(&self, segment: usize) -> String {
        let pieces = self.shown[self.segments[segment].pieces.clone()].iter();
        let texts = pieces.map(|piece| &self.ink.text[self.ink.pieces[*piece].text.clone()]);
        texts.collect::<String>().trim().to_owned()
    }

    /// In which direction the lines of a segment run, in parts of a turn.
    pub fn direction(&self, segment: usize) -> i64 {
        let piece = self.shown[self.segments[segment].pieces.start];
        let direction = self.ink.pieces[piece].place.direction;
        #[expect(clippy::cast_possible_truncation, reason = "an angle is small")]
        let direction = (direction.y.atan2(direction.x).to_degrees() / 3.0).round() as i64;
        direction
    }
}

fn segments(ink: &Ink, shown: &[usize]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    let mut last: Option<&Piece> = None;
    let (mut blanks, mut waiting) = (0.0, None);
    for (at, index) in shown.iter().enumerate() {
        let piece = &ink.pieces[*index];
        let text = &ink.text[piece.text.clone()];
        if !text.is_empty() && text.trim().is_empty() {
            blanks += piece.place.along_end() - piece.place.along();
            match segments.last_mut() {
                Some(segment) => {
                    segment.pieces.end = at + 1;
                    segment.blanks = blanks;
                }
                None => waiting = waiting.or(Some(at)),
            }
            continue;
        }
        let moved = piece.begins && blanks == 0.0;
        let goes_on = last.is_some_and(|last| follows(last, piece, text, moved));
        match segments.last_mut() {
            Some(segment) if goes_on => {
                let gap = piece.place.along() - segment.end - piece.spread;
                segment.may_be_several |= moved && gap > WORD * piece.place.size;
                segment.pieces.end = at + 1;
                segment.start = segment.start.min(piece.place.along());
                segment.end = segment.end.max(piece.place.along_end());
                segment.blanks = 0.0;
                // Marks that are set small belong to what they mark.
                if piece.place.size > segment.size {
                    segment.size = piece.place.size;
                    segment.down = piece.place.down();
                }
            }
            _ => segments.push(Segment {
                pieces: waiting.take().unwrap_or(at)..at + 1,
                start: piece.place.along(),
                end: piece.place.along_end(),
                down: piece.place.down(),
                size: piece.place.size,
                moved,
                blanks: 0.0,
                may_be_several: false,
            }),
        }
        (last, blanks) = (Some(piece), 0.0);
    }
    segments
}

fn follows(last: &Piece, piece: &Piece, text: &str, moved: bool) -> bool {
    let (before, place) = (&last.place, &piece.place);
    let size = before.size.max(place.size);
    let across = (place.start - before.end).cross(before.direction);
    if before.direction.dot(place.direction) < 0.9 || across.abs() > LINE * size {
        return false;
    }
    let offset = (place.start - before.end).dot(before.direction);
    let gap = offset - piece.spread;
    let leftward = before.along() - place.along_end();
    let is_close = |gap: f64| gap < if moved { MOVED } else { GAP } * size;
    is_close(gap) && gap > -size
        || text.starts_with(is_leftward) && is_close(leftward) && leftward > -size
}

/// Segments at one height, from the start of the line to its end.
#[derive(Debug, Clone, Default)]
pub struct Line {
    pub segments: Vec<usize>,
    pub down: f64,
    pub size: f64,
}

/// The lines on which segments stand, from the top down.
pub fn lines(page: &Page<'_>, of: &[usize]) -> Vec<Line> {
    let mut sorted = of.to_vec();
    let down = |segment: &usize| page.segments[*segment].down;
    sorted.sort_by(|one, other| down(one).total_cmp(&down(other)));
    let mut lines: Vec<Line> = Vec::new();
    for segment in sorted {
        let own = &page.segments[segment];
        let is_beside = |line: &&mut Line| {
            let (offset, size) = (own.down - line.down, own.size.min(line.size));
            let overlaps = line.segments.iter().any(|other| {
                let other = &page.segments[*other];
                own.start < other.end - 0.1 * size && other.start < own.end - 0.1 * size
            });
            offset < LINE * size || offset < BESIDE * size && !overlaps
        };
        match lines.last_mut().filter(is_beside) {
            Some(line) => line.segments.push(segment),
            None => lines.push(Line {
                segments: vec![segment],
                down: own.down,
                size: own.size,
            }),
        }
    }
    let start = |segment: &usize| page.segments[*segment].start;
    for line in &mut lines {
        let order = |one: &usize, other: &usize| start(one).total_cmp(&start(other));
        line.segments.sort_by(order);
    }
    lines
}
