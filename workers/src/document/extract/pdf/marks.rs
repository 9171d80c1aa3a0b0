//! Shapes and pictures of a page, as far as they tell whether a text on them is seen.

use std::cell::Cell;
use std::collections::HashMap;

use hayro_interpret::FillRule;
use hayro_interpret::kurbo::{Affine, BezPath, PathEl, PathSeg, Point, Rect, Shape};

/// Marks of one page that are looked at, at most: where there are more, nothing is known of what they cover.
const MOST: usize = 20_000;
/// Parts of one path that are looked at one by one, at most.
const PARTS: usize = 100;
/// Places that are as good as the same.
const NEAR: f64 = 0.01;
/// The height of the strips in which marks are looked up.
const STRIP: f64 = 16.0;
/// Strips of one mark, at most; a taller one is looked up everywhere.
const TALL: usize = 24;
/// How many marks of one page are looked at for all of its words, at most; then nothing is known of what they cover.
const LOOKS: usize = 10_000_000;

#[derive(Debug, Clone, Copy)]
pub struct Mark {
    pub bounds: Rect,
    pub surface: Surface,
}

/// What a mark leaves within its bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Surface {
    /// All of them in one colour.
    Plain([f32; 3]),
    /// Lines and shapes, or a colour that is mixed.
    Blend,
    /// A drawing that may show letters.
    Drawing,
    /// A picture that may show letters.
    Picture,
}

/// The marks of a page, in the order in which they were drawn.
#[derive(Debug, Default)]
pub struct Marks {
    all: Vec<Mark>,
    is_full: bool,
}

impl Marks {
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are more than are looked at.
    pub fn is_full(&self) -> bool {
        self.is_full
    }

    pub fn push(&mut self, mark: Mark) {
        if mark.bounds.width() <= 0.0 || mark.bounds.height() <= 0.0 {
            return;
        }
        if self.all.len() >= MOST {
            self.is_full = true;
            return;
        }
        self.all.push(mark);
    }

    /// Adds what the fill of a path leaves.
    pub fn fill(
        &mut self,
        path: &BezPath,
        transform: Affine,
        rule: FillRule,
        surface: Surface,
        clip: Rect,
    ) {
        let path = transform * path;
        let parts = parts(&path);
        let rectangles: Option<Vec<Rect>> = parts.iter().map(rectangle).collect();
        let is_letters = match surface {
            Surface::Plain(_) => Surface::Drawing,
            other => other,
        };
        match rectangles {
            // Where rectangles of one path overlap, they may leave holes.
            Some(rectangles)
                if are_apart(&rectangles) || rule == FillRule::NonZero && rectangles.len() == 1 =>
            {
                for bounds in rectangles {
                    self.push(Mark {
                        bounds: bounds.intersect(clip),
                        surface,
                    });
                }
            }
            _ if parts.len() <= PARTS => {
                for part in parts {
                    self.push(Mark {
                        bounds: finite(part.bounding_box()).intersect(clip),
                        surface: is_letters,
                    });
                }
            }
            _ => self.push(Mark {
                bounds: finite(path.bounding_box()).intersect(clip),
                surface: is_letters,
            }),
        }
    }

    /// Adds the lines of a path, each by itself: what they enclose is not painted.
    pub fn stroke(&mut self, path: &BezPath, transform: Affine, width: f64, clip: Rect) {
        let half = width.abs() * transform.determinant().abs().sqrt() / 2.0;
        let path = transform * path;
        let lines: Vec<PathSeg> = path.segments().take(PARTS + 1).collect();
        let mut push = |bounds: Rect, surface| {
            let bounds = finite(bounds).inflate(half.max(NEAR), half.max(NEAR));
            self.push(Mark {
                bounds: bounds.intersect(clip),
                surface,
            });
        };
        // Many lines may be letters.
        if lines.len() > PARTS {
            push(path.bounding_box(), Surface::Drawing);
            return;
        }
        for line in lines {
            let is_straight = matches!(line, PathSeg::Line(_));
            let surface = match is_straight {
                true => Surface::Blend,
                false => Surface::Drawing,
            };
            push(line.bounding_box(), surface);
        }
    }

    /// Marks by where they are.
    pub fn by_place(&self) -> Places<'_> {
        let mut places = Places {
            marks: &self.all,
            strips: HashMap::new(),
            everywhere: Vec::new(),
            looks: Cell::new(LOOKS),
        };
        for (index, mark) in self.all.iter().enumerate() {
            let (first, last) = strips(mark.bounds);
            if last - first > i64::try_from(TALL).unwrap_or(i64::MAX) {
                places.everywhere.push(index);
                continue;
            }
            for strip in first..=last {
                places.strips.entry(strip).or_default().push(index);
            }
        }
        places
    }
}

/// Marks by where they are.
pub struct Places<'m> {
    marks: &'m [Mark],
    strips: HashMap<i64, Vec<usize>>,
    everywhere: Vec<usize>,
    /// How many marks may still be looked at.
    looks: Cell<usize>,
}

impl Places<'_> {
    /// The marks that touch a rectangle, in the order in which they were drawn, or nothing where too many have been looked
    /// at.
    pub fn at(&self, bounds: Rect) -> Option<Vec<(usize, Mark)>> {
        let (first, last) = strips(bounds);
        let strips = (first..=last.min(first + 1_000)).filter_map(|strip| self.strips.get(&strip));
        let lists: Vec<&Vec<usize>> = std::iter::once(&self.everywhere).chain(strips).collect();
        let length = lists.iter().map(|list| list.len()).sum();
        self.looks.set(self.looks.get().checked_sub(length)?);
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

fn strips(bounds: Rect) -> (i64, i64) {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "places on a page are small"
    )]
    let strip = |y: f64| (y / STRIP).floor() as i64;
    (strip(bounds.y0), strip(bounds.y1))
}

fn finite(bounds: Rect) -> Rect {
    match bounds.is_finite() {
        true => bounds,
        false => super::ink::EVERYWHERE,
    }
}

/// The closed parts of a path.
fn parts(path: &BezPath) -> Vec<BezPath> {
    let mut parts: Vec<BezPath> = Vec::new();
    for element in path.elements() {
        if matches!(element, PathEl::MoveTo(_)) || parts.is_empty() {
            parts.push(BezPath::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push(*element);
        }
    }
    // A path ends where the next one would begin.
    parts.retain(|part| part.elements().len() > 1);
    parts
}

fn are_apart(rectangles: &[Rect]) -> bool {
    rectangles.len() <= PARTS
        && rectangles.iter().enumerate().all(|(index, one)| {
            rectangles[index + 1..].iter().all(|other| {
                let shared = one.intersect(*other);
                shared.width() < NEAR || shared.height() < NEAR
            })
        })
}

/// The rectangle that a path is, if it is one and stands upright.
pub fn rectangle(path: &BezPath) -> Option<Rect> {
    let mut points: Vec<Point> = Vec::new();
    for element in path.elements() {
        match element {
            PathEl::MoveTo(point) if points.is_empty() => points.push(*point),
            PathEl::LineTo(point) => points.push(*point),
            PathEl::ClosePath => {}
            _ => return None,
        }
    }
    if points.len() == 5 && points[0].distance(points[4]) < NEAR {
        points.pop();
    }
    if points.len() != 4 {
        return None;
    }
    let bounds = Rect::from_points(points[0], points[2]);
    let is_near = |one: f64, other: f64| (one - other).abs() < NEAR;
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

    use super::{LOOKS, Mark, Marks, Surface};

    #[test]
    fn the_marks_that_are_looked_at_for_all_words_of_a_page_are_limited() {
        const MARKS: usize = 10_000;
        let page = Rect::new(0.0, 0.0, 600.0, 800.0);
        let mut marks = Marks::default();
        for _ in 0..MARKS {
            marks.push(Mark {
                bounds: page,
                surface: Surface::Blend,
            });
        }
        let places = marks.by_place();
        let word = Rect::new(10.0, 10.0, 20.0, 20.0);
        assert_eq!(places.at(word).map(|found| found.len()), Some(MARKS));
        let words = (1..2 * LOOKS / MARKS).take_while(|_| places.at(word).is_some());
        assert_eq!(words.count(), LOOKS / MARKS - 1);
    }
}
