//! Gutters: vertical gaps that stay free over several lines with text on both sides.

use super::segments::{GAP, Line, MOVED_GAP, PageSegments};

/// Minimum width of a gutter, as a fraction of the font size.
const MIN_WIDTH: f64 = 0.3;
/// Width from which two lines are enough, and the number of lines required otherwise.
const WIDE_GUTTER: f64 = 2.0;
const MIN_LINES: usize = 3;
/// Maximum number of gaps times lines.
const MAX_STEPS: usize = 4_000_000;
/// Line distance that ends a gutter, as a factor of the font size and of the typical distance.
const BREAK_BY_SIZE: f64 = 3.0;
const BREAK_BY_DISTANCE: f64 = 2.5;
/// Lines on one side only belong to those above if they are no further away than this factor of the typical distance.
const CLOSE_LINE: f64 = 1.4;

#[derive(Debug, Clone, Copy)]
pub(super) struct Gutter {
    pub start: f64,
    pub end: f64,
    /// The first and the last line on which it is free.
    pub free_lines: (usize, usize),
    /// The first and the last line with text on both sides.
    pub text_lines: (usize, usize),
    /// The last line that follows closely.
    pub last_line: usize,
    /// The number of lines with text on both sides.
    pub line_count: usize,
}

impl Gutter {
    pub(super) fn middle(&self) -> f64 {
        f64::midpoint(self.start, self.end)
    }

    pub(super) fn shared_lines(&self, other: &Self) -> usize {
        let (first, last) = (
            self.text_lines.0.max(other.text_lines.0),
            self.text_lines.1.min(other.text_lines.1),
        );
        (last + 1).saturating_sub(first)
    }
}

/// Finds the gutters of these lines, those with the most lines first.
pub(super) fn find_gutters(page: &PageSegments<'_>, lines: &[Line]) -> Vec<Gutter> {
    let typical = typical_distance(lines);
    let mut found: Vec<Gutter> = Vec::new();
    let gaps: Vec<(usize, f64, f64)> = find_gaps(page, lines);
    if gaps.len().saturating_mul(lines.len()) > MAX_STEPS {
        return found;
    }
    for (line, start, end) in gaps {
        // A known gutter need not be traced again.
        let is_known = found.iter().any(|gutter| {
            gutter.start >= start
                && gutter.end <= end
                && (gutter.free_lines.0..=gutter.free_lines.1).contains(&line)
        });
        if !is_known {
            found.extend(trace_gutter(page, lines, typical, line, (start, end)));
        }
    }
    found.sort_by_key(|gutter| {
        std::cmp::Reverse((gutter.line_count, gutter.text_lines.1 - gutter.text_lines.0))
    });
    let mut selected: Vec<Gutter> = Vec::new();
    for gutter in found {
        let overlaps = |other: &Gutter| {
            gutter.start < other.end && other.start < gutter.end && gutter.shared_lines(other) > 0
        };
        if !selected.iter().any(overlaps) {
            selected.push(gutter);
        }
    }
    selected
}

/// The gaps within lines that may separate columns.
fn find_gaps(page: &PageSegments<'_>, lines: &[Line]) -> Vec<(usize, f64, f64)> {
    let mut gaps = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let mut end = f64::MIN;
        for segment in &line.segments {
            let segment = &page.segments[*segment];
            let min_gap = if segment.is_repositioned {
                MOVED_GAP
            } else {
                GAP
            };
            if end > f64::MIN && segment.start - end >= min_gap * segment.size {
                gaps.push((index, end, segment.start));
            }
            end = end.max(segment.end);
        }
    }
    gaps
}

fn typical_distance(lines: &[Line]) -> f64 {
    let distances = lines
        .windows(2)
        .map(|pair| pair[1].baseline - pair[0].baseline);
    let mut distances: Vec<f64> = distances.collect();
    distances.sort_by(f64::total_cmp);
    distances.get(distances.len() / 2).copied().unwrap_or(0.0)
}

/// Traces how far up and down a gap stays free.
fn trace_gutter(
    page: &PageSegments<'_>,
    lines: &[Line],
    typical: f64,
    line: usize,
    gap: (f64, f64),
) -> Option<Gutter> {
    let size = lines[line].size;
    let ((start, end), free_lines) = extend_gap(page, lines, typical, line, gap);
    let has_text_on_both_sides = |line: &usize| {
        let mut segments = lines[*line]
            .segments
            .iter()
            .map(|segment| &page.segments[*segment]);
        let has_left = segments
            .clone()
            .any(|segment| segment.end <= start + MIN_WIDTH);
        has_left && segments.any(|segment| segment.start >= end - MIN_WIDTH)
    };
    let text_lines: Vec<usize> = (free_lines.0..=free_lines.1)
        .filter(has_text_on_both_sides)
        .collect();
    let (first, last) = (*text_lines.first()?, *text_lines.last()?);
    let required = if end - start >= WIDE_GUTTER * size {
        2
    } else {
        MIN_LINES
    };
    let distance = typical_distance(&lines[first..=last]);
    let is_close =
        |line: &usize| lines[*line].baseline - lines[*line - 1].baseline <= CLOSE_LINE * distance;
    let following = (last + 1..=free_lines.1).take_while(is_close).count();
    (text_lines.len() >= required).then_some(Gutter {
        start,
        end,
        free_lines,
        text_lines: (first, last),
        last_line: last + following,
        line_count: text_lines.len(),
    })
}

/// Extends a gap to the lines below and above that leave a part of it free; a larger distance between two lines ends it.
/// Returns the part that is free in all of them, and the first and the last line.
fn extend_gap(
    page: &PageSegments<'_>,
    lines: &[Line],
    typical: f64,
    line: usize,
    mut gap: (f64, f64),
) -> ((f64, f64), (usize, usize)) {
    let size = lines[line].size;
    let is_break = |above: &Line, below: &Line| {
        let distance = below.baseline - above.baseline;
        distance > BREAK_BY_SIZE * above.size.max(below.size)
            && distance > BREAK_BY_DISTANCE * typical
    };
    let (mut first, mut last) = (line, line);
    while last + 1 < lines.len() && !is_break(&lines[last], &lines[last + 1]) {
        match narrow_gap(page, &lines[last + 1], gap, size) {
            Some(narrower) => gap = narrower,
            None => break,
        }
        last += 1;
    }
    while first > 0 && !is_break(&lines[first - 1], &lines[first]) {
        match narrow_gap(page, &lines[first - 1], gap, size) {
            Some(narrower) => gap = narrower,
            None => break,
        }
        first -= 1;
    }
    (gap, (first, last))
}

/// The part of a gap that a line leaves free, if it is wide enough.
fn narrow_gap(
    page: &PageSegments<'_>,
    line: &Line,
    gap: (f64, f64),
    size: f64,
) -> Option<(f64, f64)> {
    let (mut start, mut end) = gap;
    for segment in &line.segments {
        let segment = &page.segments[*segment];
        if segment.end <= start || segment.start >= end {
            continue;
        }
        match segment.start - start > end - segment.end {
            true => end = segment.start,
            false => start = segment.end,
        }
    }
    (end - start >= MIN_WIDTH * size).then_some((start, end))
}
