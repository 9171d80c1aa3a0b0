//! What a page draws, in the order in which it draws it: glyphs with their places, and marks that may lie below or above
//! them.

use std::ops::Range;

use hayro_interpret::font::{Glyph, GlyphRun, PositionedGlyph};
use hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro_interpret::hayro_syntax::object::{Dict, String as PdfString};
use hayro_interpret::kurbo::{Affine, BezPath, Rect, Shape};
use hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint, SoftMask,
};

use super::marks::{Mark, Marks, Surface, rectangle};
use super::place::{Placed, place, spread};
use super::strings::text;

/// Bytes of text of one page, at most: more than a whole document may have.
const MOST: usize = 100_000_000;
/// How far a text is from itself that is drawn twice, to look bold or to have a shadow.
const TWICE: f64 = 0.2;
/// Below this a text is as good as transparent.
const FAINTEST: f32 = 0.02;

/// Everything that a page draws.
#[derive(Default)]
pub struct Ink {
    pub text: String,
    pub pieces: Vec<Piece>,
    pub runs: Vec<Run>,
    pub marks: Marks,
    /// Glyphs that stand for no known character.
    pub unknown: u32,
    /// Where the run before began, and what it said.
    before: Option<(Placed, String)>,
    /// Texts that stand for what is shown in marked content, the innermost last.
    replacements: Vec<Replacement>,
    pictures: usize,
    clips: Vec<Clip>,
    groups: Vec<Group>,
}

/// A glyph with what is read for it.
#[derive(Debug, Clone)]
pub struct Piece {
    pub place: Placed,
    /// By how much all glyphs of its run are set apart.
    pub spread: f64,
    /// Its place in the text of the page.
    pub text: Range<usize>,
    pub run: usize,
    /// Whether it is the first of its run.
    pub begins: bool,
}

/// Glyphs that one operator shows.
#[derive(Debug, Clone)]
pub struct Run {
    /// How it was drawn, each time.
    pub looks: Vec<Look>,
}

/// How a run was drawn.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// How many marks were drawn before.
    pub after: usize,
    /// Absent where it is a pattern.
    pub color: Option<[f32; 3]>,
    pub manner: Manner,
    /// What is outside is not seen.
    pub clip: Rect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Painted,
    /// Fully transparent, which a pattern that cannot be read seems to be as well.
    Transparent,
    /// Neither filled nor stroked.
    Unpainted,
}

#[derive(Debug, Clone, Copy)]
struct Clip {
    bounds: Rect,
    is_rectangle: bool,
}

#[derive(Debug, Clone, Copy)]
struct Group {
    opacity: f32,
    is_plain: bool,
}

enum Replacement {
    None,
    Waiting(String),
    Shown,
}

impl Replacement {
    fn is_set(&self) -> bool {
        !matches!(self, Self::None)
    }
}

/// Where everything is seen.
pub const EVERYWHERE: Rect = Rect::new(-1e9, -1e9, 1e9, 1e9);

impl Ink {
    pub fn pictures(&self) -> usize {
        self.pictures
    }

    fn clip(&self) -> Clip {
        self.clips.last().copied().unwrap_or(Clip {
            bounds: EVERYWHERE,
            is_rectangle: true,
        })
    }

    fn push_clip(&mut self, path: &BezPath) {
        let before = self.clip();
        let (bounds, is_rectangle) = match rectangle(path) {
            Some(bounds) => (bounds, true),
            None => (path.bounding_box(), false),
        };
        // Rectangles without an overlap have none of a negative size.
        let bounds = match bounds.is_finite() {
            true => before.bounds.intersect(bounds),
            false => before.bounds,
        };
        self.clips.push(Clip {
            bounds,
            is_rectangle: is_rectangle && before.is_rectangle,
        });
    }

    fn look(&self, props: &DrawProps<'_>, mode: &DrawMode) -> Look {
        let (color, own) = match &props.paint {
            Paint::Color(color) => {
                let [red, green, blue, opacity] = color.to_rgba().components();
                (Some([red, green, blue]), opacity)
            }
            Paint::Pattern(_) => (None, 1.0),
        };
        let opacity = self.groups.iter().fold(own, |all, one| all * one.opacity);
        let manner = match mode {
            DrawMode::Invisible => Manner::Unpainted,
            _ if opacity < FAINTEST => Manner::Transparent,
            _ => Manner::Painted,
        };
        // Blended with what lies below, a colour becomes another one.
        let is_plain = self.is_plain(props.blend_mode, props.soft_mask.is_some());
        Look {
            after: self.marks.len(),
            color: color.filter(|_| is_plain),
            manner,
            clip: self.clip().bounds,
        }
    }

    fn is_plain(&self, blend_mode: BlendMode, is_masked: bool) -> bool {
        !is_masked
            && blend_mode == BlendMode::Normal
            && self.groups.iter().all(|group| group.is_plain)
    }

    /// What a fill leaves, which is known where all of a rectangle gets one colour.
    fn surface(&self, props: &DrawProps<'_>) -> Surface {
        let Paint::Color(color) = &props.paint else {
            return Surface::Drawing;
        };
        let [red, green, blue, own] = color.to_rgba().components();
        let opacity = self.groups.iter().fold(own, |all, one| all * one.opacity);
        let is_plain = self.is_plain(props.blend_mode, props.soft_mask.is_some());
        match is_plain && opacity > 0.999 && self.clip().is_rectangle {
            true => Surface::Plain([red, green, blue]),
            false if self.clip().is_rectangle => Surface::Blend,
            false => Surface::Drawing,
        }
    }

    fn add_run(&mut self, run: &GlyphRun<'_, '_>, transform: Affine, look: Look) {
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
            if let Some(run) = self.runs.last_mut() {
                run.looks.push(look);
            }
            return;
        }
        self.before = Some((*first, known));
        self.runs.push(Run { looks: vec![look] });
        let unknown = placed.iter().filter(|(_, text)| text.is_none()).count();
        let is_replaced = self.replacements.iter().any(Replacement::is_set);
        if !is_replaced {
            self.unknown = self
                .unknown
                .saturating_add(u32::try_from(unknown).unwrap_or(u32::MAX));
        }
        // Where many letters are not known, the others are hardly what they seem to be.
        if unknown * 3 >= placed.len() && !is_replaced {
            self.add_shapes(placed.iter().map(|(place, _)| place));
            return;
        }
        let spread = spread(&placed);
        for (index, (place, text)) in placed.into_iter().enumerate() {
            if text.as_deref().is_none_or(|text| text.contains(is_shape)) {
                self.add_shapes([&place]);
            }
            let text = self.replaced(text);
            self.add_piece(place, spread, index == 0, text.as_deref());
        }
    }

    fn add_piece(&mut self, place: Placed, spread: f64, begins: bool, text: Option<&str>) {
        if self.text.len() > MOST {
            return;
        }
        let start = self.text.len();
        self.text.push_str(text.unwrap_or_default());
        self.pieces.push(Piece {
            place,
            spread,
            text: start..self.text.len(),
            run: self.runs.len() - 1,
            begins,
        });
    }

    /// Glyphs on which another text may stand.
    fn add_shapes<'p>(&mut self, places: impl IntoIterator<Item = &'p Placed>) {
        for place in places {
            self.marks.push(Mark {
                bounds: place.bounds(),
                surface: Surface::Blend,
            });
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
}

/// Blocks and squares, which some programs draw as a ground for text.
fn is_shape(one: char) -> bool {
    matches!(one, '\u{2580}'..='\u{25ff}')
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

impl<'a> Device<'a> for Ink {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let mut look = self.look(&props, mode);
        // Such glyphs are drawings of their own, with colours of their own.
        let is_drawing = |glyph: &PositionedGlyph<'_>| matches!(**glyph, Glyph::Type3(_));
        if run.glyphs().iter().any(is_drawing) {
            look.color = None;
            look.manner = Manner::Painted;
        }
        self.add_run(run, props.transform, look);
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

    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        let clip = self.clip().bounds;
        match mode {
            DrawMode::Fill(rule) => {
                let surface = self.surface(&props);
                self.marks.fill(path, props.transform, *rule, surface, clip);
            }
            DrawMode::Stroke(stroke) => {
                let width = f64::from(stroke.line_width);
                self.marks.stroke(path, props.transform, width, clip);
            }
            DrawMode::FillAndStroke(rule, _) => {
                self.marks
                    .fill(path, props.transform, *rule, Surface::Blend, clip);
            }
            DrawMode::Invisible => {}
        }
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.push_clip(&clip.path);
    }

    fn push_transparency_group(
        &mut self,
        opacity: f32,
        mask: Option<SoftMask<'a>>,
        blend_mode: BlendMode,
    ) {
        self.groups.push(Group {
            opacity,
            is_plain: mask.is_none() && blend_mode == BlendMode::Normal,
        });
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.pictures += 1;
        let size = Rect::new(0.0, 0.0, image.width().into(), image.height().into());
        let bounds = props.transform.transform_rect_bbox(size);
        self.marks.push(Mark {
            bounds: bounds.intersect(self.clip().bounds),
            surface: Surface::Picture,
        });
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn pop_transparency_group(&mut self) {
        self.groups.pop();
    }
}
