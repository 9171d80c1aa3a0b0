//! The display list of a page in drawing order: glyphs with their positions, and marks that may be below or above them.

use std::ops::Range;

use hayro_interpret::font::{Glyph, GlyphRun, PositionedGlyph};
use hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro_interpret::hayro_syntax::object::{Dict, String as PdfString};
use hayro_interpret::kurbo::{Affine, BezPath, Rect, Shape};
use hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint, SoftMask,
};

use super::glyph_position::{GlyphPosition, letter_spacing, locate_glyph};
use super::marks::{Coverage, Mark, Marks, as_rectangle};
use super::strings::decode_text;

/// Maximum bytes of text of a page: more than a whole document may have.
const MAX_TEXT: usize = 100_000_000;
/// Maximum offset of text that is drawn twice, to look bold or to have a shadow.
const REDRAW_OFFSET: f64 = 0.2;
/// Text below this opacity counts as transparent.
const MIN_OPACITY: f32 = 0.02;

/// Everything that a page draws.
#[derive(Default)]
pub(super) struct DisplayList {
    pub text: String,
    pub glyphs: Vec<PageGlyph>,
    pub runs: Vec<Run>,
    pub marks: Marks,
    /// Number of glyphs without a known character.
    pub unknown_glyphs: u32,
    /// The start and the text of the previous run.
    previous_run: Option<(GlyphPosition, String)>,
    /// `ActualText` of marked content, the innermost last.
    replacements: Vec<Replacement>,
    pictures: usize,
    clips: Vec<Clip>,
    groups: Vec<Group>,
}

/// A glyph and its text.
#[derive(Debug, Clone)]
pub(super) struct PageGlyph {
    pub position: GlyphPosition,
    /// The letter spacing of its run.
    pub letter_spacing: f64,
    /// Its range in the text of the page.
    pub text: Range<usize>,
    pub run: usize,
    /// Whether it is the first glyph of its run.
    pub starts_run: bool,
}

/// Glyphs that one operator draws.
#[derive(Debug, Clone)]
pub(super) struct Run {
    /// How it was drawn, each time.
    pub renderings: Vec<Rendering>,
}

/// How a run was drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rendering {
    /// Number of marks drawn before it.
    pub marks_before: usize,
    /// None for a pattern.
    pub color: Option<[f32; 3]>,
    pub paint_mode: PaintMode,
    /// Text outside is not visible.
    pub clip: Rect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PaintMode {
    Painted,
    /// Fully transparent, like a pattern that could not be read.
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
    is_unblended: bool,
}

enum Replacement {
    None,
    Pending(String),
    Used,
}

impl Replacement {
    fn is_set(&self) -> bool {
        !matches!(self, Self::None)
    }
}

/// An unbounded clip.
pub(super) const EVERYWHERE: Rect = Rect::new(-1e9, -1e9, 1e9, 1e9);

impl DisplayList {
    pub(super) fn pictures(&self) -> usize {
        self.pictures
    }

    fn clip(&self) -> Clip {
        self.clips.last().copied().unwrap_or(Clip {
            bounds: EVERYWHERE,
            is_rectangle: true,
        })
    }

    fn push_clip(&mut self, path: &BezPath) {
        let outer = self.clip();
        let (bounds, is_rectangle) = match as_rectangle(path) {
            Some(bounds) => (bounds, true),
            None => (path.bounding_box(), false),
        };
        // The intersection of disjoint rectangles is empty, not negative.
        let bounds = match bounds.is_finite() {
            true => outer.bounds.intersect(bounds),
            false => outer.bounds,
        };
        self.clips.push(Clip {
            bounds,
            is_rectangle: is_rectangle && outer.is_rectangle,
        });
    }

    fn rendering(&self, props: &DrawProps<'_>, mode: &DrawMode) -> Rendering {
        let (color, paint_opacity) = match &props.paint {
            Paint::Color(color) => {
                let [red, green, blue, opacity] = color.to_rgba().components();
                (Some([red, green, blue]), opacity)
            }
            Paint::Pattern(_) => (None, 1.0),
        };
        let opacity = self
            .groups
            .iter()
            .fold(paint_opacity, |opacity, group| opacity * group.opacity);
        let paint_mode = match mode {
            DrawMode::Invisible => PaintMode::Unpainted,
            _ if opacity < MIN_OPACITY => PaintMode::Transparent,
            _ => PaintMode::Painted,
        };
        // Blending changes a colour.
        let is_unblended = self.is_unblended(props.blend_mode, props.soft_mask.is_some());
        Rendering {
            marks_before: self.marks.len(),
            color: color.filter(|_| is_unblended),
            paint_mode,
            clip: self.clip().bounds,
        }
    }

    fn is_unblended(&self, blend_mode: BlendMode, is_masked: bool) -> bool {
        !is_masked
            && blend_mode == BlendMode::Normal
            && self.groups.iter().all(|group| group.is_unblended)
    }

    /// The coverage of a fill, which is known if a whole rectangle gets one colour.
    fn coverage(&self, props: &DrawProps<'_>) -> Coverage {
        let Paint::Color(color) = &props.paint else {
            return Coverage::Drawing;
        };
        let [red, green, blue, paint_opacity] = color.to_rgba().components();
        let opacity = self
            .groups
            .iter()
            .fold(paint_opacity, |opacity, group| opacity * group.opacity);
        let is_unblended = self.is_unblended(props.blend_mode, props.soft_mask.is_some());
        match is_unblended && opacity > 0.999 && self.clip().is_rectangle {
            true => Coverage::Solid([red, green, blue]),
            false if self.clip().is_rectangle => Coverage::Mixed,
            false => Coverage::Drawing,
        }
    }

    fn add_run(&mut self, run: &GlyphRun<'_, '_>, transform: Affine, rendering: Rendering) {
        let is_vertical = matches!(run.writing_mode(), WritingMode::Vertical);
        let glyphs: Vec<(GlyphPosition, Option<String>)> = run
            .glyphs()
            .iter()
            .map(|glyph| {
                let position = locate_glyph(glyph, transform * glyph.transform(), is_vertical);
                (position, glyph_text(glyph))
            })
            .collect();
        let text: String = glyphs
            .iter()
            .filter_map(|(_, text)| text.as_deref())
            .collect();
        let Some((first, _)) = glyphs.first() else {
            return;
        };
        if self.is_redrawn(first, &text) {
            if let Some(run) = self.runs.last_mut() {
                run.renderings.push(rendering);
            }
            return;
        }
        self.previous_run = Some((*first, text));
        self.runs.push(Run {
            renderings: vec![rendering],
        });
        let unknown_glyphs = glyphs.iter().filter(|(_, text)| text.is_none()).count();
        let is_replaced = self.replacements.iter().any(Replacement::is_set);
        if !is_replaced {
            self.unknown_glyphs = self
                .unknown_glyphs
                .saturating_add(u32::try_from(unknown_glyphs).unwrap_or(u32::MAX));
        }
        // If many letters are unknown, the others are probably wrong.
        if unknown_glyphs * 3 >= glyphs.len() && !is_replaced {
            self.add_backgrounds(glyphs.iter().map(|(position, _)| position));
            return;
        }
        let letter_spacing = letter_spacing(&glyphs);
        for (index, (position, text)) in glyphs.into_iter().enumerate() {
            if text.as_deref().is_none_or(|text| text.contains(is_block)) {
                self.add_backgrounds([&position]);
            }
            let text = self.replace_text(text);
            self.add_glyph(position, letter_spacing, index == 0, text.as_deref());
        }
    }

    fn add_glyph(
        &mut self,
        position: GlyphPosition,
        letter_spacing: f64,
        starts_run: bool,
        text: Option<&str>,
    ) {
        if self.text.len() > MAX_TEXT {
            return;
        }
        let start = self.text.len();
        self.text.push_str(text.unwrap_or_default());
        self.glyphs.push(PageGlyph {
            position,
            letter_spacing,
            text: start..self.text.len(),
            run: self.runs.len() - 1,
            starts_run,
        });
    }

    /// Adds glyphs that may be the background of other text.
    fn add_backgrounds<'p>(&mut self, positions: impl IntoIterator<Item = &'p GlyphPosition>) {
        for position in positions {
            self.marks.push(Mark {
                bounds: position.bounds(),
                coverage: Coverage::Mixed,
            });
        }
    }

    fn is_redrawn(&self, first: &GlyphPosition, text: &str) -> bool {
        self.previous_run
            .as_ref()
            .is_some_and(|(previous, previous_text)| {
                previous_text == text
                    && (first.start - previous.start).hypot() < REDRAW_OFFSET * first.size
            })
    }

    /// The text of a glyph, or its replacement.
    fn replace_text(&mut self, glyph_text: Option<String>) -> Option<String> {
        let Some(replacement) = self
            .replacements
            .iter_mut()
            .find(|replacement| replacement.is_set())
        else {
            return glyph_text;
        };
        match std::mem::replace(replacement, Replacement::Used) {
            Replacement::Pending(text) => Some(text),
            _ => None,
        }
    }
}

/// Blocks and squares, which some programs draw as a background of text.
fn is_block(c: char) -> bool {
    matches!(c, '\u{2580}'..='\u{25ff}')
}

/// The characters of a glyph, if they are known.
fn glyph_text(glyph: &Glyph<'_>) -> Option<String> {
    let text = match glyph.as_unicode()? {
        BfString::Char(c) => c.to_string(),
        BfString::String(text) => text,
    };
    let is_text = |c: char| !c.is_control() && c != '\u{fffd}';
    match text.chars().all(|c| is_text(c) || c.is_ascii_whitespace()) {
        true => Some(text),
        false => None,
    }
}

impl<'a> Device<'a> for DisplayList {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let mut rendering = self.rendering(&props, mode);
        // Type 3 glyphs are drawings with their own colours.
        let is_drawing = |glyph: &PositionedGlyph<'_>| matches!(**glyph, Glyph::Type3(_));
        if run.glyphs().iter().any(is_drawing) {
            rendering.color = None;
            rendering.paint_mode = PaintMode::Painted;
        }
        self.add_run(run, props.transform, rendering);
    }

    fn begin_marked_content(&mut self, _: &[u8], properties: Option<&Dict<'_>>) {
        let replacement = properties
            .and_then(|properties| properties.get::<PdfString<'_>>("ActualText"))
            .map_or(Replacement::None, |actual| {
                Replacement::Pending(decode_text(actual.as_bytes()))
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
                let coverage = self.coverage(&props);
                self.marks
                    .fill(path, props.transform, *rule, coverage, clip);
            }
            DrawMode::Stroke(stroke) => {
                let width = f64::from(stroke.line_width);
                self.marks.stroke(path, props.transform, width, clip);
            }
            DrawMode::FillAndStroke(rule, _) => {
                self.marks
                    .fill(path, props.transform, *rule, Coverage::Mixed, clip);
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
            is_unblended: mask.is_none() && blend_mode == BlendMode::Normal,
        });
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.pictures += 1;
        let size = Rect::new(0.0, 0.0, image.width().into(), image.height().into());
        let bounds = props.transform.transform_rect_bbox(size);
        self.marks.push(Mark {
            bounds: bounds.intersect(self.clip().bounds),
            coverage: Coverage::Picture,
        });
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn pop_transparency_group(&mut self) {
        self.groups.pop();
    }
}
