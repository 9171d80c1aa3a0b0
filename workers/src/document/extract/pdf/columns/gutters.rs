//! Gutters: upright stretches of a page that stay free over several lines with text on both sides.

use super::segments::{GAP, Line, MOVED, Page};

/// How wide a gutter is, as a part of the size of the font, at least.
const NARROWEST: f64 = 0.3;
/// From how wide on two lines are enough, and how many otherwise.
const WIDE: f64 = 2.0;
const LINES: usize = 3;
/// Gaps times lines that are looked at, at most.
const MOST: usize = 4_000_000;
/// A gap between lines that ends whatever is above it, as a part of the size of the font and of the usual distance.
const APART: f64 = 3.0;
const UNUSUAL: f64 = 2.5;
/// Lines on one side alone belong to those above them where they are no further away than this part of the usual distance.
const CLOSE: f64 = 1.4;

#[derive(Debug, Clone, Copy)]
pub struct Gutter {
    pub from: f64,
    pub to: f64,
    /// The lines between which it is free.
    pub free: (usize, usize),
    /// The first and the last line with text on both sides.
    pub both: (usize, usize),
    /// The last line that follows them closely.
    pub until: usize,
    /// How many lines have text on both sides.
    pub lines: usize,
}

impl Gutter {
    pub fn middle(&self) -> f64 {
        f64::midpoint(self.from, self.to)
    }

    pub fn shared_lines(&self, other: &Self) -> usize {
        let (first, last) = (self.both.0.max(other.both.0), self.both.1.min(other.both.1));
        (last + 1).saturating_sub(first)
    }
}

/// The gutters of some lines, those with the most lines first.
pub fn gutters(page: &Page<'_>, lines: &[Line]) -> Vec<Gutter> {
    let usual = usual_distance(lines);
    let mut found: Vec<Gutter> = Vec::new();
    let gaps: Vec<(usize, f64, f64)> = gaps(page, lines);
    if gaps.len().saturating_mul(lines.len()) > MOST {
        return found;
    }
    for (line, from, to) in gaps {
        // What is known already need not be followed again.
        let is_known = found.iter().any(|one| {
            one.from >= from && one.to <= to && (one.free.0..=one.free.1).contains(&line)
        });
        if !is_known {
            found.extend(follow(page, lines, usual, line, (from, to)));
        }
    }
    found.sort_by_key(|one| std::cmp::Reverse((one.lines, one.both.1 - one.both.0)));
    let mut kept: Vec<Gutter> = Vec::new();
    for one in found {
        let meets = |other: &Gutter| {
            one.from < other.to && other.from < one.to && one.shared_lines(other) > 0
        };
        if !kept.iter().any(meets) {
            kept.push(one);
        }
    }
    kept
}

/// The gaps within lines that may part columns, with the lines.
fn gaps(page: &Page<'_>, lines: &[Line]) -> Vec<(usize, f64, f64)> {
    let mut gaps = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let mut end = f64::MIN;
        for segment in &line.segments {
            let segment = &page.segments[*segment];
            let least = if segment.moved { MOVED } else { GAP };
            if end > f64::MIN && segment.start - end >= least * segment.size {
                gaps.push((index, end, segment.start));
            }
            end = end.max(segment.end);
        }
    }
    gaps
}

fn usual_distance(lines: &[Line]) -> f64 {
    let distances = lines.windows(2).map(|pair| pair[1].down - pair[0].down);
    let mut distances: Vec<f64> = distances.collect();
    distances.sort_by(f64::total_cmp);
    distances.get(distances.len() / 2).copied().unwrap_or(0.0)
}

/// How far up and down a gap stays free.
fn follow(
    page: &Page<'_>,
    lines: &[Line],
    usual: f64,
    line: usize,
    gap: (f64, f64),
) -> Option<Gutter> {
    let size = lines[line].size;
    let is_apart = |above: &Line, below: &Line| {
        let distance = below.down - above.down;
        distance > APART * above.size.max(below.size) && distance > UNUSUAL * usual
    };
    let (mut gap, mut free) = (gap, (line, line));
    while free.1 + 1 < lines.len() && !is_apart(&lines[free.1], &lines[free.1 + 1]) {
        match narrowed(page, &lines[free.1 + 1], gap, size) {
            Some(narrower) => gap = narrower,
            None => break,
        }
        free.1 += 1;
    }
    while free.0 > 0 && !is_apart(&lines[free.0 - 1], &lines[free.0]) {
        match narrowed(page, &lines[free.0 - 1], gap, size) {
            Some(narrower) => gap = narrower,
            None => break,
        }
        free.0 -= 1;
    }
    let (from, to) = gap;
    let has_both = |line: &usize| {
        let mut segments = lines[*line].segments.iter().map(|one| &page.segments[*one]);
        let before = segments.clone().any(|one| one.end <= from + NARROWEST);
        before && segments.any(|one| one.start >= to - NARROWEST)
    };
    let both: Vec<usize> = (free.0..=free.1).filter(has_both).collect();
    let (first, last) = (*both.first()?, *both.last()?);
    let least = if to - from >= WIDE * size { 2 } else { LINES };
    let distance = usual_distance(&lines[first..=last]);
    let goes_on = |line: &usize| lines[*line].down - lines[*line - 1].down <= CLOSE * distance;
    let further = (last + 1..=free.1).take_while(goes_on).count();
    (both.len() >= least).then_some(Gutter {
        from,
        to,
        free,
        both: (first, last),
        until: last + further,
        lines: both.len(),
    })
}

/// What a line leaves free of a gap, where that is enough.
fn narrowed(page: &Page<'_>, line: &Line, gap: (f64, f64), size: f64) -> Option<(f64, f64)> {
    let (mut from, mut to) = gap;
    for segment in &line.segments {
        let segment = &page.segments[*segment];
        if segment.end <= from || segment.start >= to {
            continue;
        }
        match segment.start - from > to - segment.end {
            true => to = segment.start,
            false => from = segment.end,
        }
    }
    (to - from >= NARROWEST * size).then_some((from, to))
}
