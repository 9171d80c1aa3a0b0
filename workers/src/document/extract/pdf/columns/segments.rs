//! Segments of adjacent glyphs, and the lines that they form.

use std::ops::Range;

use crate::document::extract::pdf::bidi::is_rtl;
use crate::document::extract::pdf::display_list::{DisplayList, PageGlyph};
use crate::document::extract::pdf::layout::{LINE, WORD};

/// Gaps that may separate columns, as fractions of the font size: in general, and if the program repositioned without a
/// space.
pub(super) const GAP: f64 = 0.8;
pub(super) const MOVED_GAP: f64 = 0.4;
/// Maximum difference between the baselines of adjacent segments on one line.
const SAME_LINE: f64 = 0.9;

/// Adjacent glyphs on one line.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    /// Its range among the visible glyphs.
    pub glyphs: Range<usize>,
    /// Offsets along the line, in its direction.
    pub start: f64,
    pub end: f64,
    /// Offset down the page, perpendicular to the line.
    pub baseline: f64,
    pub size: f64,
    /// Whether the program repositioned to its start without drawing a space.
    pub is_repositioned: bool,
    /// The width of spaces drawn after it.
    pub trailing_space: f64,
    /// Whether the program repositioned over a gap within it without a space: it may be several cells.
    pub may_hold_several_cells: bool,
}

/// The visible glyphs of a page, in segments.
pub(super) struct PageSegments<'i> {
    pub display_list: &'i DisplayList,
    /// The visible glyphs.
    pub visible: &'i [usize],
    pub segments: Vec<Segment>,
}

impl<'i> PageSegments<'i> {
    pub(super) fn new(display_list: &'i DisplayList, visible: &'i [usize]) -> Self {
        Self {
            display_list,
            visible,
            segments: split_segments(display_list, visible),
        }
    }

    pub(super) fn text(&self, segment: usize) -> String {
        let glyphs = self.visible[self.segments[segment].glyphs.clone()].iter();
        let texts = glyphs
            .map(|glyph| &self.display_list.text[self.display_list.glyphs[*glyph].text.clone()]);
        texts.collect::<String>().trim().to_owned()
    }

    /// The direction of the lines of a segment, in steps of 3 degrees.
    pub(super) fn direction(&self, segment: usize) -> i64 {
        let glyph = self.visible[self.segments[segment].glyphs.start];
        let direction = self.display_list.glyphs[glyph].position.direction;
        #[expect(clippy::cast_possible_truncation, reason = "an angle is small")]
        let direction = (direction.y.atan2(direction.x).to_degrees() / 3.0).round() as i64;
        direction
    }
}

fn split_segments(display_list: &DisplayList, visible: &[usize]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    let mut last: Option<&PageGlyph> = None;
    let (mut trailing_space, mut leading_space) = (0.0, None);
    for (index, glyph) in visible.iter().enumerate() {
        let glyph = &display_list.glyphs[*glyph];
        let text = &display_list.text[glyph.text.clone()];
        if !text.is_empty() && text.trim().is_empty() {
            trailing_space += glyph.position.line_end() - glyph.position.line_start();
            match segments.last_mut() {
                Some(segment) => {
                    segment.glyphs.end = index + 1;
                    segment.trailing_space = trailing_space;
                }
                None => leading_space = leading_space.or(Some(index)),
            }
            continue;
        }
        let is_repositioned = glyph.starts_run && trailing_space == 0.0;
        let continues = last.is_some_and(|last| is_adjacent(last, glyph, text, is_repositioned));
        match segments.last_mut() {
            Some(segment) if continues => {
                let gap = glyph.position.line_start() - segment.end - glyph.letter_spacing;
                segment.may_hold_several_cells |=
                    is_repositioned && gap > WORD * glyph.position.size;
                segment.glyphs.end = index + 1;
                segment.start = segment.start.min(glyph.position.line_start());
                segment.end = segment.end.max(glyph.position.line_end());
                segment.trailing_space = 0.0;
                // Small superscripts belong to the text before them.
                if glyph.position.size > segment.size {
                    segment.size = glyph.position.size;
                    segment.baseline = glyph.position.baseline();
                }
            }
            _ => segments.push(Segment {
                glyphs: leading_space.take().unwrap_or(index)..index + 1,
                start: glyph.position.line_start(),
                end: glyph.position.line_end(),
                baseline: glyph.position.baseline(),
                size: glyph.position.size,
                is_repositioned,
                trailing_space: 0.0,
                may_hold_several_cells: false,
            }),
        }
        (last, trailing_space) = (Some(glyph), 0.0);
    }
    segments
}

fn is_adjacent(
    last_glyph: &PageGlyph,
    glyph: &PageGlyph,
    text: &str,
    is_repositioned: bool,
) -> bool {
    let (previous, next) = (&last_glyph.position, &glyph.position);
    let size = previous.size.max(next.size);
    let across = (next.start - previous.end).cross(previous.direction);
    if previous.direction.dot(next.direction) < 0.9 || across.abs() > LINE * size {
        return false;
    }
    let offset = (next.start - previous.end).dot(previous.direction);
    let gap = offset - glyph.letter_spacing;
    let rtl_gap = previous.line_start() - next.line_end();
    let is_close = |gap: f64| gap < if is_repositioned { MOVED_GAP } else { GAP } * size;
    is_close(gap) && gap > -size || text.starts_with(is_rtl) && is_close(rtl_gap) && rtl_gap > -size
}

/// Segments on one line, from its start to its end.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    pub segments: Vec<usize>,
    pub baseline: f64,
    pub size: f64,
}

/// Groups segments into lines, from top to bottom.
pub(super) fn group_lines(page: &PageSegments<'_>, segments: &[usize]) -> Vec<Line> {
    let mut sorted = segments.to_vec();
    let baseline = |segment: &usize| page.segments[*segment].baseline;
    sorted.sort_by(|first, second| baseline(first).total_cmp(&baseline(second)));
    let mut lines: Vec<Line> = Vec::new();
    for segment in sorted {
        let current = &page.segments[segment];
        let is_same_line = |line: &&mut Line| {
            let (offset, size) = (
                current.baseline - line.baseline,
                current.size.min(line.size),
            );
            let overlaps = line.segments.iter().any(|other| {
                let other = &page.segments[*other];
                current.start < other.end - 0.1 * size && other.start < current.end - 0.1 * size
            });
            offset < LINE * size || offset < SAME_LINE * size && !overlaps
        };
        match lines.last_mut().filter(is_same_line) {
            Some(line) => line.segments.push(segment),
            None => lines.push(Line {
                segments: vec![segment],
                baseline: current.baseline,
                size: current.size,
            }),
        }
    }
    let start = |segment: &usize| page.segments[*segment].start;
    for line in &mut lines {
        let order = |first: &usize, second: &usize| start(first).total_cmp(&start(second));
        line.segments.sort_by(order);
    }
    lines
}
