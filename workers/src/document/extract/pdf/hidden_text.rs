//! Detects hidden text. A document may use it to instruct a model without its readers noticing, so it is left out and
//! counted.
//!
//! A word is hidden if each time it is drawn
//! 1. it is outside the page, or outside its clip path;
//! 2. or it is not painted, fully transparent, or too small to be seen, and no picture or drawing is at its position: the
//!    invisible text of a scanned page is the text of the scan;
//! 3. or its colour is that of its background, which is the page or one rectangle below all of it, and no picture or
//!    drawing is at its position;
//! 4. or one rectangle of one colour was drawn over all of it, and no picture or drawing is at its position.
//!
//! Anything else at its position makes the background unknown. A word that may be partly visible is read completely.

use std::ops::Range;

use hayro_interpret::kurbo::Rect;

use super::display_list::{DisplayList, EVERYWHERE, PageGlyph, PaintMode, Rendering};
use super::marks::{Coverage, Mark, MarkIndex};

/// Colours that differ by less than this look the same.
const COLOR_TOLERANCE: f32 = 0.02;
/// The share of a word that may be covered without being its background, such as by a line.
const MAX_PARTIAL_COVERAGE: f64 = 0.2;
/// Margin added to each side of a word, and the part of its background that may be missing, as fractions of its size.
const MARGIN: f64 = 0.02;
const MAX_MISSING: f64 = 0.12;
/// Text is too small to see if the longer side of its page is this many times its size.
const MIN_SIZE_RATIO: f64 = 2_500.0;
/// The gap that separates words, as a fraction of the font size.
const WORD_GAP: f64 = 0.12;
const WHITE: [f32; 3] = [1.0, 1.0, 1.0];

/// Properties of a page besides its display list.
#[derive(Debug, Clone, Copy)]
pub(super) struct PageContext {
    /// The visible area of the page.
    pub bounds: Rect,
    /// Whether text may be transparent: otherwise a pattern could not be read.
    pub may_be_transparent: bool,
    /// Whether a colour could not be read.
    pub has_lost_color: bool,
    /// Whether a picture could not be read.
    pub has_lost_picture: bool,
}

/// Returns for each glyph whether it is visible, and the number of hidden passages.
pub(super) fn find_visible(
    display_list: &DisplayList,
    page_context: &PageContext,
) -> (Vec<bool>, usize) {
    let mut visible = vec![true; display_list.glyphs.len()];
    let mut hidden_passages = 0;
    let mut was_visible = true;
    let check = VisibilityCheck {
        display_list,
        page_context,
        mark_index: display_list.marks.index_by_position(),
    };
    for word in split_words(display_list) {
        let is_blank = display_list.glyphs[word.clone()]
            .iter()
            .all(|glyph| display_list.text[glyph.text.clone()].trim().is_empty());
        if !is_blank {
            let is_visible = check.is_word_visible(&display_list.glyphs[word.clone()]);
            hidden_passages += usize::from(was_visible && !is_visible);
            was_visible = is_visible;
        }
        // Spaces have the visibility of the word before them.
        visible[word].fill(was_visible);
    }
    (visible, hidden_passages)
}

/// Splits the glyphs into words and the spaces between them.
fn split_words(display_list: &DisplayList) -> Vec<Range<usize>> {
    let is_blank = |glyph: &PageGlyph| display_list.text[glyph.text.clone()].trim().is_empty();
    let mut words: Vec<Range<usize>> = Vec::new();
    for (index, glyph) in display_list.glyphs.iter().enumerate() {
        let continues = words.last().is_some_and(|word| {
            let last = &display_list.glyphs[word.end - 1];
            is_blank(last) == is_blank(glyph) && (is_blank(glyph) || is_adjacent(last, glyph))
        });
        match words.last_mut() {
            Some(word) if continues => word.end = index + 1,
            _ => words.push(index..index + 1),
        }
    }
    words
}

fn is_adjacent(last: &PageGlyph, glyph: &PageGlyph) -> bool {
    let offset = glyph.position.start - last.position.end;
    let size = last.position.size.min(glyph.position.size);
    let gap = offset.dot(last.position.direction) - glyph.letter_spacing;
    gap.abs() < WORD_GAP * size && offset.cross(last.position.direction).abs() < size
}

struct VisibilityCheck<'i> {
    display_list: &'i DisplayList,
    page_context: &'i PageContext,
    mark_index: MarkIndex<'i>,
}

impl VisibilityCheck<'_> {
    fn is_word_visible(&self, word: &[PageGlyph]) -> bool {
        let bounds = word.iter().map(|glyph| glyph.position.bounds());
        let Some(bounds) = bounds.reduce(|all, next| all.union(next)) else {
            return true;
        };
        let size = word
            .iter()
            .fold(0.0, |size, glyph| glyph.position.size.max(size));
        // Letters may have no width or no size.
        let margin = (MARGIN * size).max(MARGIN);
        let bounds = bounds.inflate(margin, margin);
        let overlapping = self.mark_index.find_overlapping(bounds);
        let overlapping = overlapping.as_deref();
        let mut run_starts = word.iter().enumerate().filter(|(index, glyph)| {
            index
                .checked_sub(1)
                .is_none_or(|previous| word[previous].run != glyph.run)
        });
        run_starts.any(|(_, glyph)| {
            let renderings = &self.display_list.runs[glyph.run].renderings;
            renderings
                .iter()
                .any(|rendering| self.is_rendering_visible(rendering, bounds, size, overlapping))
        })
    }

    /// Whether a rendering of a word may be visible.
    fn is_rendering_visible(
        &self,
        rendering: &Rendering,
        bounds: Rect,
        size: f64,
        overlapping: Option<&[(usize, Mark)]>,
    ) -> bool {
        if !overlaps(bounds, self.page_context.bounds) || !overlaps(bounds, rendering.clip) {
            return false;
        }
        let Some(overlapping) = overlapping.filter(|_| !self.display_list.marks.is_full()) else {
            return true;
        };
        let has_picture = || {
            let pictures = overlapping
                .iter()
                .filter(|(_, mark)| mark.may_show_letters());
            covered_share(pictures.map(|(_, mark)| mark.bounds), bounds) > MAX_PARTIAL_COVERAGE
        };
        let longer_side = self
            .page_context
            .bounds
            .width()
            .max(self.page_context.bounds.height());
        let is_known = self.page_context.bounds != EVERYWHERE;
        let is_painted = match rendering.paint_mode {
            PaintMode::Painted => !is_known || size * MIN_SIZE_RATIO > longer_side,
            PaintMode::Transparent => !self.page_context.may_be_transparent,
            PaintMode::Unpainted => false,
        };
        if !is_painted {
            return self.page_context.has_lost_picture || has_picture();
        }
        let (below, above): (Vec<(usize, Mark)>, Vec<_>) = overlapping
            .iter()
            .partition(|(index, _)| *index < rendering.marks_before);
        let is_covered = above.iter().any(|(_, mark)| {
            matches!(mark.coverage, Coverage::Solid(_)) && covers(mark.bounds, bounds, size)
        });
        if is_covered && !has_picture() {
            return false;
        }
        let color = rendering
            .color
            .filter(|_| !self.page_context.has_lost_color);
        match (color, background_color(&below, bounds, size)) {
            (Some(text_color), Some(background)) => {
                !is_same_color(text_color, background) || has_picture()
            }
            _ => true,
        }
    }
}

impl Mark {
    fn may_show_letters(&self) -> bool {
        matches!(self.coverage, Coverage::Picture | Coverage::Drawing)
    }
}

/// The background colour of a word, if it is certain.
fn background_color(below: &[(usize, Mark)], bounds: Rect, size: f64) -> Option<[f32; 3]> {
    let mut covered = 0.0;
    for (_, mark) in below.iter().rev() {
        if let Coverage::Solid(color) = mark.coverage
            && covers(mark.bounds, bounds, size)
        {
            return Some(color);
        }
        covered += covered_share([mark.bounds].into_iter(), bounds);
        if covered > MAX_PARTIAL_COVERAGE {
            return None;
        }
    }
    Some(WHITE)
}

/// The share of a word that marks cover, overlaps counted repeatedly.
fn covered_share(marks: impl Iterator<Item = Rect>, bounds: Rect) -> f64 {
    let area = (bounds.width() * bounds.height()).max(f64::MIN_POSITIVE);
    marks.fold(0.0, |sum, mark| {
        let shared = mark.intersect(bounds);
        sum + shared.width().max(0.0) * shared.height().max(0.0) / area
    })
}

fn overlaps(bounds: Rect, other: Rect) -> bool {
    let shared = bounds.intersect(other);
    shared.width() > 0.0 && shared.height() > 0.0
}

fn covers(mark: Rect, bounds: Rect, size: f64) -> bool {
    let shared = mark.intersect(bounds);
    let missing = MAX_MISSING * size;
    shared.width() >= bounds.width() - missing && shared.height() >= bounds.height() - missing
}

fn is_same_color(first: [f32; 3], second: [f32; 3]) -> bool {
    let pairs = first.iter().zip(second);
    pairs
        .into_iter()
        .all(|(first, second)| (first - second).abs() < COLOR_TOLERANCE)
}
