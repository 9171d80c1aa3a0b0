//! Glyphs as lines of text, in the order in which the page shows them.

use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro_interpret::hayro_syntax::object::{Dict, String as PdfString};
use hayro_interpret::kurbo::{Affine, BezPath, Point, Vec2};
use hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask,
};

use super::direction::{as_read, is_leftward};
use super::strings::text;

/// Bytes of text of one page, at most: more than a whole document may have.
const MOST: usize = 100_000_000;
/// Units of a glyph's own space in the size of its font.
const UNITS: f64 = 1000.0;

/// Gaps and offsets, as parts of the size of the font: what parts words, lines and paragraphs.
const WORD: f64 = 0.12;
const LINE: f64 = 0.5;
const PARAGRAPH: f64 = 2.0;
/// From where on a glyph is set higher than those before it, as marks of footnotes are.
const RAISED: f64 = 0.15;
/// How far a text is from itself that is drawn twice, to look bold or to have a shadow.
const TWICE: f64 = 0.2;

/// Collects the text of a page.
#[derive(Default)]
pub struct Layout {
    text: String,
    /// Glyphs that stand for no known character.
    unknown: u32,
    last: Option<Placed>,
    /// Letters written from right to left that were drawn to the right of the one before, less those drawn to the left.
    turned: i64,
    /// Where the run before began, and what it said.
    before: Option<(Placed, String)>,
    /// Texts that stand for what is shown in marked content, the innermost last.
    replacements: Vec<Replacement>,
}

enum Replacement {
    None,
    Waiting(String),
    Shown,
}

/// A glyph and its place on the page.
#[derive(Debug, Clone, Copy)]
struct Placed {
    start: Point,
    /// Where the next glyph begins, if it follows closely.
    end: Point,
    /// In which direction the line runs, with length 1.
    direction: Vec2,
    size: f64,
}

impl Layout {
    /// The text, and how many of its characters are not known.
    pub fn finish(self) -> (String, u32) {
        match self.turned > 0 {
            true => (as_read(&self.text), self.unknown),
            false => (self.text, self.unknown),
        }
    }

    fn add_run(&mut self, run: &GlyphRun<'_, '_>, transform: Affine) {
        let is_vertical = matches!(run.writing_mode(), WritingMode::Vertical);
        let placed: Vec<(Placed, Option<String>)> = run
            .glyphs()
            .iter()
            .map(|glyph| {
                let place = place(glyph, transform * glyph.transform(), is_vertical);
                (place, characters(glyph))
            })
            .collect();
        let known: String = placed
            .iter()
            .filter_map(|(_, text)| text.as_deref())
            .collect();
        let Some((first, _)) = placed.first() else {
            return;
        };
        if self.is_drawn_again(first, &known) {
            return;
        }
        self.before = Some((*first, known));
        let unknown = placed.iter().filter(|(_, text)| text.is_none()).count();
        let is_replaced = self.replacements.iter().any(Replacement::is_set);
        if !is_replaced {
            self.unknown = self
                .unknown
                .saturating_add(u32::try_from(unknown).unwrap_or(u32::MAX));
        }
        // Where many letters are not known, the others are hardly what they seem to be.
        if unknown * 3 >= placed.len() && !is_replaced {
            return;
        }
        let spread = spread(&placed);
        for (place, text) in placed {
            let text = self.replaced(text);
            self.add_glyph(place, spread, text.as_deref().unwrap_or_default());
        }
    }

    fn is_drawn_again(&self, first: &Placed, text: &str) -> bool {
        self.before.as_ref().is_some_and(|(before, said)| {
            said == text && (first.start - before.start).hypot() < TWICE * first.size
        })
    }

    /// What is read in place of a glyph.
    fn replaced(&mut self, own: Option<String>) -> Option<String> {
        let Some(set) = self.replacements.iter_mut().find(|one| one.is_set()) else {
            return own;
        };
        match std::mem::replace(set, Replacement::Shown) {
            Replacement::Waiting(text) => Some(text),
            _ => None,
        }
    }

    fn add_glyph(&mut self, place: Placed, spread: f64, text: &str) {
        if self.text.len() > MOST {
            return;
        }
        if let Some(last) = self.last {
            if self.text.ends_with(is_leftward) && text.starts_with(is_leftward) {
                let is_right = (place.start - last.start).dot(last.direction) > 0.0;
                self.turned += if is_right { 1 } else { -1 };
            }
            self.part(&last, &place, spread, text);
        }
        self.text.push_str(text);
        self.last = Some(place);
    }

    /// Parts a glyph from the one before it as their places tell.
    fn part(&mut self, last: &Placed, place: &Placed, spread: f64, text: &str) {
        // Marks that are set small and high belong to the line of what they mark.
        let size = last.size.max(place.size);
        let offset = place.start - last.end;
        let gap = offset.dot(last.direction) - spread;
        // Downwards is positive: the next line lies below.
        let across = offset.cross(last.direction);
        let has_turned = last.direction.dot(place.direction) < 0.9;
        if has_turned || across < -LINE * size || across > PARAGRAPH * size {
            self.text.push_str("\n\n");
        } else if across > LINE * size || gap < -(last.end - last.start).hypot() - size {
            self.text.push('\n');
        } else if gap > WORD * last.size.min(place.size)
            || is_mark(&self.text, text, -across, last, place)
        {
            self.text.push(' ');
        }
    }
}

/// Whether a glyph is a raised number behind a word, or a word behind such a number: they would change each other.
fn is_mark(before: &str, text: &str, raised: f64, last: &Placed, place: &Placed) -> bool {
    let starts_with_digit = text.starts_with(|first: char| first.is_ascii_digit());
    let ends_with_digit = before.ends_with(|last: char| last.is_ascii_digit());
    let begins = raised > RAISED * last.size
        && place.size < last.size
        && before.ends_with(char::is_alphanumeric)
        && starts_with_digit;
    let ends = -raised > RAISED * place.size
        && last.size < place.size
        && ends_with_digit
        && text.starts_with(char::is_alphanumeric);
    begins || ends
}

impl Replacement {
    fn is_set(&self) -> bool {
        !matches!(self, Self::None)
    }
}

fn place(glyph: &Glyph<'_>, transform: Affine, is_vertical: bool) -> Placed {
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
fn spread(run: &[(Placed, Option<String>)]) -> f64 {
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

/// The characters that a glyph stands for, where they are known.
fn characters(glyph: &Glyph<'_>) -> Option<String> {
    let known = match glyph.as_unicode()? {
        BfString::Char(one) => one.to_string(),
        BfString::String(some) => some,
    };
    let is_text = |one: char| !one.is_control() && one != '\u{fffd}';
    match known
        .chars()
        .all(|one| is_text(one) || one.is_ascii_whitespace())
    {
        true => Some(known),
        false => None,
    }
}

impl<'a> Device<'a> for Layout {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        self.add_run(run, props.transform);
    }

    fn begin_marked_content(&mut self, _: &[u8], properties: Option<&Dict<'_>>) {
        let replacement = properties
            .and_then(|properties| properties.get::<PdfString<'_>>("ActualText"))
            .map_or(Replacement::None, |actual| {
                Replacement::Waiting(text(actual.as_bytes()))
            });
        self.replacements.push(replacement);
    }

    fn end_marked_content(&mut self) {
        self.replacements.pop();
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}
