//! The position of a glyph on a page.

use hayro_interpret::font::Glyph;
use hayro_interpret::kurbo::{Affine, Point, Rect, Vec2};

/// Units of glyph space per font size.
const UNITS_PER_EM: f64 = 1000.0;
/// Descent and ascent of letters, as fractions of the font size.
const DESCENT: f64 = 0.15;
const ASCENT: f64 = 0.7;

/// The position of a glyph on the page.
#[derive(Debug, Clone, Copy)]
pub(super) struct GlyphPosition {
    pub start: Point,
    /// The start of the next glyph, if it is adjacent.
    pub end: Point,
    /// The direction of the line, with length 1.
    pub direction: Vec2,
    pub size: f64,
    /// From the baseline upwards, with the length of the font size.
    up: Vec2,
}

impl GlyphPosition {
    /// The area that its letter may cover.
    pub(super) fn bounds(&self) -> Rect {
        let below = self.up * -DESCENT;
        let above = self.up * ASCENT;
        Rect::from_points(self.start + below, self.end + above)
            .union(Rect::from_points(self.end + below, self.start + above))
    }

    /// The offset of its start along the line.
    pub(super) fn line_start(&self) -> f64 {
        self.start.to_vec2().dot(self.direction)
    }

    /// The offset of its end along the line.
    pub(super) fn line_end(&self) -> f64 {
        self.end.to_vec2().dot(self.direction)
    }

    /// The offset of its baseline down the page.
    pub(super) fn baseline(&self) -> f64 {
        self.start.to_vec2().cross(self.direction)
    }
}

pub(super) fn locate_glyph(
    glyph: &Glyph<'_>,
    transform: Affine,
    is_vertical: bool,
) -> GlyphPosition {
    let [along_x, along_y, up_x, up_y, x, y] = transform.as_coeffs();
    let (along, up) = (Vec2::new(along_x, along_y), Vec2::new(up_x, up_y));
    let size = up.hypot() * UNITS_PER_EM;
    let width = match glyph {
        Glyph::Outline(glyph) => glyph.advance_width(),
        Glyph::Type3(glyph) => glyph.advance_width(),
    };
    let (direction, advance) = match is_vertical {
        true => (-normalize(up), size),
        false => (
            normalize(along),
            f64::from(width.unwrap_or(0.0)) * along.hypot(),
        ),
    };
    let start = Point::new(x, y);
    GlyphPosition {
        start,
        end: start + direction * advance,
        direction,
        size,
        up: match is_vertical {
            true => normalize(along) * size,
            false => up * UNITS_PER_EM,
        },
    }
}

fn normalize(vector: Vec2) -> Vec2 {
    let length = vector.hypot();
    match length > 0.0 {
        true => vector / length,
        false => Vec2::new(1.0, 0.0),
    }
}

/// The letter spacing of a run, which does not separate words.
pub(super) fn letter_spacing(run: &[(GlyphPosition, Option<String>)]) -> f64 {
    if run.len() < 4 {
        return 0.0;
    }
    let gaps = run.windows(2).map(|pair| {
        let ([(glyph, _), (next, _)] | [(glyph, _), (next, _), ..]) = pair else {
            return 0.0;
        };
        (next.start - glyph.end).dot(glyph.direction)
    });
    gaps.fold(f64::MAX, f64::min).max(0.0)
}
