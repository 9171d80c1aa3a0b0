//! Shapes and pictures of a page, as far as they determine whether text is visible.

use std::cell::Cell;
use std::collections::HashMap;

use hayro_interpret::FillRule;
use hayro_interpret::kurbo::{Affine, BezPath, PathEl, PathSeg, Point, Rect, Shape};

/// Maximum number of marks of a page: beyond, nothing is known about what they cover.
const MAX_MARKS: usize = 20_000;
/// Maximum number of parts of a path that are examined individually.
const MAX_PARTS: usize = 100;
/// Tolerance between equal coordinates.
const TOLERANCE: f64 = 0.01;
/// The height of the strips by which marks are indexed.
const STRIP_HEIGHT: f64 = 16.0;
/// Maximum number of strips per mark; a taller mark is in every lookup.
const MAX_STRIPS: usize = 24;
/// Maximum number of marks examined for all words of a page; then nothing is known about what they cover.
const MAX_LOOKUPS: usize = 10_000_000;

#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub bounds: Rect,
    pub coverage: Coverage,
}

/// What a mark covers its bounds with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Coverage {
    /// One colour.
    Solid([f32; 3]),
    /// Lines and shapes, or a blended colour.
    Mixed,
    /// A drawing that may show letters.
    Drawing,
    /// A picture that may show letters.
    Picture,
}

/// The marks of a page, in drawing order.
#[derive(Debug, Default)]
pub(super) struct Marks {
    marks: Vec<Mark>,
    is_full: bool,
}

impl Marks {
    pub(super) fn len(&self) -> usize {
        self.marks.len()
    }

    /// Whether there are more than the maximum.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }

    pub(super) fn push(&mut self, mark: Mark) {
        if mark.bounds.width() <= 0.0 || mark.bounds.height() <= 0.0 {
            return;
        }
        if self.marks.len() >= MAX_MARKS {
            self.is_full = true;
            return;
        }
        self.marks.push(mark);
    }

    /// Adds the fill of a path.
    pub(super) fn fill(
        &mut self,
        path: &BezPath,
        transform: Affine,
        rule: FillRule,
        coverage: Coverage,
        clip: Rect,
    ) {
        let path = transform * path;
        let parts = subpaths(&path);
        let rectangles: Option<Vec<Rect>> = parts.iter().map(as_rectangle).collect();
        let shape_coverage = match coverage {
            Coverage::Solid(_) => Coverage::Drawing,
            other => other,
        };
        match rectangles {
            // Overlapping rectangles of one path may leave holes.
            Some(rectangles)
                if are_disjoint(&rectangles)
                    || rule == FillRule::NonZero && rectangles.len() == 1 =>
            {
                for bounds in rectangles {
                    self.push(Mark {
                        bounds: bounds.intersect(clip),
                        coverage,
                    });
                }
            }
            _ if parts.len() <= MAX_PARTS => {
                for part in parts {
                    self.push(Mark {
                        bounds: finite_bounds(part.bounding_box()).intersect(clip),
                        coverage: shape_coverage,
                    });
                }
            }
            _ => self.push(Mark {
                bounds: finite_bounds(path.bounding_box()).intersect(clip),
                coverage: shape_coverage,
            }),
        }
    }

    /// Adds the lines of a path individually: the area that they enclose is not painted.
    pub(super) fn stroke(&mut self, path: &BezPath, transform: Affine, width: f64, clip: Rect) {
        let half = width.abs() * transform.determinant().abs().sqrt() / 2.0;
        let path = transform * path;
        let lines: Vec<PathSeg> = path.segments().take(MAX_PARTS + 1).collect();
        let mut add = |bounds: Rect, coverage| {
            let bounds = finite_bounds(bounds).inflate(half.max(TOLERANCE), half.max(TOLERANCE));
            self.push(Mark {
                bounds: bounds.intersect(clip),
                coverage,
            });
        };
        // Many lines may be letters.
        if lines.len() > MAX_PARTS {
            add(path.bounding_box(), Coverage::Drawing);
            return;
        }
        for line in lines {
            let is_straight = matches!(line, PathSeg::Line(_));
            let coverage = match is_straight {
                true => Coverage::Mixed,
                false => Coverage::Drawing,
            };
            add(line.bounding_box(), coverage);
        }
    }

    /// Indexes marks by position.
    pub(super) fn index_by_position(&self) -> MarkIndex<'_> {
        let mut index = MarkIndex {
            marks: &self.marks,
            strips: HashMap::new(),
            everywhere: Vec::new(),
            lookups: Cell::new(MAX_LOOKUPS),
        };
        for (number, mark) in self.marks.iter().enumerate() {
            let (first, last) = strip_range(mark.bounds);
            if last - first > i64::try_from(MAX_STRIPS).unwrap_or(i64::MAX) {
                index.everywhere.push(number);
                continue;
            }
            for strip in first..=last {
                index.strips.entry(strip).or_default().push(number);
            }
        }
        index
    }
}

/// Indexes marks by position.
pub(super) struct MarkIndex<'m> {
    marks: &'m [Mark],
    strips: HashMap<i64, Vec<usize>>,
    everywhere: Vec<usize>,
    /// The number of marks that may still be examined.
    lookups: Cell<usize>,
}

impl MarkIndex<'_> {
    /// The marks that overlap a rectangle, in drawing order, or nothing if the lookup limit is reached.
    pub(super) fn find_overlapping(&self, bounds: Rect) -> Option<Vec<(usize, Mark)>> {
        let (first, last) = strip_range(bounds);
        let strips = (first..=last.min(first + 1_000)).filter_map(|strip| self.strips.get(&strip));
        let lists: Vec<&Vec<usize>> = std::iter::once(&self.everywhere).chain(strips).collect();
        let length = lists.iter().map(|list| list.len()).sum();
        self.lookups.set(self.lookups.get().checked_sub(length)?);
        let touches = |index: &usize| self.marks[*index].bounds.overlaps(bounds);
        let mut found: Vec<usize> = lists
            .into_iter()
            .flatten()
            .copied()
            .filter(touches)
            .collect();
        found.sort_unstable();
        found.dedup();
        let marks = found.into_iter().map(|index| (index, self.marks[index]));
        Some(marks.collect())
    }
}

fn strip_range(bounds: Rect) -> (i64, i64) {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "places on a page are small"
    )]
    let strip = |y: f64| (y / STRIP_HEIGHT).floor() as i64;
    (strip(bounds.y0), strip(bounds.y1))
}

fn finite_bounds(bounds: Rect) -> Rect {
    match bounds.is_finite() {
        true => bounds,
        false => super::display_list::EVERYWHERE,
    }
}

/// The subpaths of a path.
fn subpaths(path: &BezPath) -> Vec<BezPath> {
    let mut subpaths: Vec<BezPath> = Vec::new();
    for element in path.elements() {
        if matches!(element, PathEl::MoveTo(_)) || subpaths.is_empty() {
            subpaths.push(BezPath::new());
        }
        if let Some(part) = subpaths.last_mut() {
            part.push(*element);
        }
    }
    // A trailing `MoveTo` starts no subpath.
    subpaths.retain(|part| part.elements().len() > 1);
    subpaths
}

fn are_disjoint(rectangles: &[Rect]) -> bool {
    rectangles.len() <= MAX_PARTS
        && rectangles.iter().enumerate().all(|(index, first)| {
            rectangles[index + 1..].iter().all(|second| {
                let shared = first.intersect(*second);
                shared.width() < TOLERANCE || shared.height() < TOLERANCE
            })
        })
}

/// The rectangle of a path, if it is an axis-aligned rectangle.
pub(super) fn as_rectangle(path: &BezPath) -> Option<Rect> {
    let mut points: Vec<Point> = Vec::new();
    for element in path.elements() {
        match element {
            PathEl::MoveTo(point) if points.is_empty() => points.push(*point),
            PathEl::LineTo(point) => points.push(*point),
            PathEl::ClosePath => {}
            _ => return None,
        }
    }
    if points.len() == 5 && points[0].distance(points[4]) < TOLERANCE {
        points.pop();
    }
    if points.len() != 4 {
        return None;
    }
    let bounds = Rect::from_points(points[0], points[2]);
    let is_near = |a: f64, b: f64| (a - b).abs() < TOLERANCE;
    let is_corner = |point: &Point| {
        (is_near(point.x, bounds.x0) || is_near(point.x, bounds.x1))
            && (is_near(point.y, bounds.y0) || is_near(point.y, bounds.y1))
    };
    let turns = is_near(points[0].x, points[1].x) && is_near(points[1].y, points[2].y)
        || is_near(points[0].y, points[1].y) && is_near(points[1].x, points[2].x);
    let closes = is_near(points[2].x, points[3].x) && is_near(points[3].y, points[0].y)
        || is_near(points[2].y, points[3].y) && is_near(points[3].x, points[0].x);
    (turns && closes && points.iter().all(is_corner)).then_some(bounds)
}

#[cfg(test)]
mod tests {
    use hayro_interpret::kurbo::Rect;

    use super::{Coverage, MAX_LOOKUPS, Mark, Marks};

    #[test]
    fn mark_lookups_for_the_words_of_a_page_are_limited() {
        const MARKS: usize = 10_000;
        let page = Rect::new(0.0, 0.0, 600.0, 800.0);
        let mut marks = Marks::default();
        for _ in 0..MARKS {
            marks.push(Mark {
                bounds: page,
                coverage: Coverage::Mixed,
            });
        }
        let index = marks.index_by_position();
        let word = Rect::new(10.0, 10.0, 20.0, 20.0);
        assert_eq!(
            index.find_overlapping(word).map(|found| found.len()),
            Some(MARKS)
        );
        let words =
            (1..2 * MAX_LOOKUPS / MARKS).take_while(|_| index.find_overlapping(word).is_some());
        assert_eq!(words.count(), MAX_LOOKUPS / MARKS - 1);
    }
}
