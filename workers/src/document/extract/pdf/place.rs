//! Where a glyph stands on a page.

use hayro_interpret::font::Glyph;
use hayro_interpret::kurbo::{Affine, Point, Rect, Vec2};

/// Units of a glyph's own space in the size of its font.
const UNITS: f64 = 1000.0;
/// How far letters reach below and above their line, as parts of the size of the font.
const BELOW: f64 = 0.15;
const ABOVE: f64 = 0.7;

/// A glyph and its place on the page.
#[derive(Debug, Clone, Copy)]
pub struct Placed {
    pub start: Point,
    /// Where the next glyph begins, if it follows closely.
    pub end: Point,
    /// In which direction the line runs, with length 1.
    pub direction: Vec2,
    pub size: f64,
    /// From the line to the top of the letters, with the length of the size.
    up: Vec2,
}

impl Placed {
    /// What its letter may cover.
    pub fn bounds(&self) -> Rect {
        let below = self.up * -BELOW;
        let above = self.up * ABOVE;
        Rect::from_points(self.start + below, self.end + above)
            .union(Rect::from_points(self.end + below, self.start + above))
    }

    /// How far along its line it begins.
    pub fn along(&self) -> f64 {
        self.start.to_vec2().dot(self.direction)
    }

    /// How far along its line it ends.
    pub fn along_end(&self) -> f64 {
        self.end.to_vec2().dot(self.direction)
    }

    /// How far down the page its line is.
    pub fn down(&self) -> f64 {
        self.start.to_vec2().cross(self.direction)
    }
}

pub fn place(glyph: &Glyph<'_>, transform: Affine, is_vertical: bool) -> Placed {
    let [along_x, along_y, up_x, up_y, x, y] = transform.as_coeffs();
    let (along, up) = (Vec2::new(along_x, along_y), Vec2::new(up_x, up_y));
    let size = up.hypot() * UNITS;
    let width = match glyph {
        Glyph::Outline(glyph) => glyph.advance_width(),
        Glyph::Type3(glyph) => glyph.advance_width(),
    };
    let (direction, advance) = match is_vertical {
        true => (-unit(up), size),
        false => (unit(along), f64::from(width.unwrap_or(0.0)) * along.hypot()),
    };
    let start = Point::new(x, y);
    Placed {
        start,
        end: start + direction * advance,
        direction,
        size,
        up: match is_vertical {
            true => unit(along) * size,
            false => up * UNITS,
        },
    }
}

fn unit(vector: Vec2) -> Vec2 {
    let length = vector.hypot();
    match length > 0.0 {
        true => vector / length,
        false => Vec2::new(1.0, 0.0),
    }
}

/// By how much all glyphs of a run are set apart, which parts no words.
pub fn spread(run: &[(Placed, Option<String>)]) -> f64 {
    if run.len() < 4 {
        return 0.0;
    }
    let gaps = run.windows(2).map(|pair| {
        let ([(one, _), (next, _)] | [(one, _), (next, _), ..]) = pair else {
            return 0.0;
        };
        (next.start - one.end).dot(one.direction)
    });
    gaps.fold(f64::MAX, f64::min).max(0.0)
}
