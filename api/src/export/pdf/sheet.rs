//! A4 pages: lays out paragraphs line by line and starts a new page when one is full.

use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;

use krilla::Document;
use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::text::{GlyphId, KrillaGlyph};
use parley::layout::{Layout, Line};
use parley::style::{FontStyle, FontWeight, LineHeight, OverflowWrap, StyleProperty};
use parley::{Alignment, AlignmentOptions, FontFamily, FontFamilyName};

use super::fonts::{EmbeddedFonts, Fonts, MONO, SANS};
use super::missing;
use super::paragraphs::{Ink, Paragraph, Style, Tone};

/// A4, in points.
const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const MARGIN: f32 = 64.0;
/// Padding around code.
const PADDING: f32 = 4.0;
/// Space that must remain below a paragraph that is kept with the next one.
const KEEP_WITH_NEXT: f32 = 28.0;

/// Something to draw once its page is complete.
enum PageItem {
    Background(Rect),
    Line {
        paragraph: Rc<LaidOutParagraph>,
        line: usize,
        left: f32,
        top: f32,
    },
}

/// A paragraph that is broken into lines.
struct LaidOutParagraph {
    text: String,
    layout: Layout<Ink>,
}

pub(super) struct Sheet<'a> {
    fonts: &'a mut Fonts,
    embedded: EmbeddedFonts,
    document: Document,
    placed: Vec<PageItem>,
    top: f32,
    number: usize,
    /// Scripts without a font.
    missing: BTreeSet<&'static str>,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(title: &str, fonts: &'a mut Fonts) -> Self {
        let mut document = Document::new();
        let metadata = Metadata::new().title(title.to_owned());
        document.set_metadata(metadata.creator("ConvoSphere".to_owned()));
        Self {
            fonts,
            embedded: EmbeddedFonts::default(),
            document,
            placed: vec![],
            top: MARGIN,
            number: 0,
            missing: BTreeSet::new(),
        }
    }

    /// Adds a paragraph below the previous ones.
    pub(super) fn add(&mut self, paragraph: &Paragraph) {
        let inset = if paragraph.is_code { PADDING } else { 0.0 };
        let left = MARGIN + paragraph.indent + inset;
        let width = WIDTH - MARGIN - left - inset;
        let layout = self.layout(paragraph, width);
        self.missing
            .extend(missing::find_scripts(&paragraph.text, &layout));
        if self.top > MARGIN {
            self.top += paragraph.space + inset;
        }
        let lines: Vec<f32> = layout
            .lines()
            .map(|line| line.metrics().line_height)
            .collect();
        let set = Rc::new(LaidOutParagraph {
            text: paragraph.text.clone(),
            layout,
        });
        let needed_below = if paragraph.keep_with_next {
            KEEP_WITH_NEXT
        } else {
            0.0
        };
        for (line, height) in lines.into_iter().enumerate() {
            if self.top + height + needed_below > HEIGHT - MARGIN && self.top > MARGIN {
                self.finish_page();
            }
            if paragraph.is_code {
                let background =
                    Rect::from_ltrb(left - PADDING, self.top, WIDTH - MARGIN, self.top + height);
                self.placed.extend(background.map(PageItem::Background));
            }
            self.placed.push(PageItem::Line {
                paragraph: set.clone(),
                line,
                left,
                top: self.top,
            });
            self.top += height;
        }
        self.top += inset;
    }

    /// Returns the file, and the scripts without a font.
    pub(super) fn finish(mut self) -> Result<(Vec<u8>, BTreeSet<&'static str>), String> {
        self.finish_page();
        let finished = self.document.finish();
        let bytes = finished.map_err(|error| format!("{error:?}"))?;
        Ok((bytes, self.missing))
    }

    fn layout(&mut self, paragraph: &Paragraph, width: f32) -> Layout<Ink> {
        let Fonts { context, scratch } = &mut *self.fonts;
        let mut builder = scratch.ranged_builder(context, &paragraph.text, 1.0, false);
        let family = if paragraph.is_code { MONO } else { SANS };
        builder.push_default(StyleProperty::FontFamily(font_family(family)));
        builder.push_default(StyleProperty::FontSize(paragraph.size));
        builder.push_default(StyleProperty::LineHeight(LineHeight::FontSizeRelative(1.4)));
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::Anywhere));
        for (range, style) in &paragraph.styles {
            let ink = |tone, link| StyleProperty::Brush(Ink { tone, link });
            let property = match style {
                Style::Bold => StyleProperty::FontWeight(FontWeight::BOLD),
                Style::Italic => StyleProperty::FontStyle(FontStyle::Italic),
                Style::Code => StyleProperty::FontFamily(font_family(MONO)),
                // Struck-out text is marked by its colour.
                Style::Struck | Style::Faint => ink(Tone::Faint, None),
                Style::Link(address) => ink(Tone::Link, Some(address.clone())),
            };
            builder.push(property, range.clone());
        }
        let mut layout = builder.build(&paragraph.text);
        layout.break_all_lines(Some(width));
        layout.align(Alignment::Start, AlignmentOptions::default());
        layout
    }

    /// Draws the current page and starts a new one.
    fn finish_page(&mut self) {
        self.number += 1;
        let foot = Paragraph {
            text: self.number.to_string(),
            styles: vec![(0..self.number.to_string().len(), Style::Faint)],
            size: 8.0,
            ..Paragraph::default()
        };
        let layout = self.layout(&foot, 60.0);
        self.placed.push(PageItem::Line {
            paragraph: Rc::new(LaidOutParagraph {
                text: foot.text,
                layout,
            }),
            line: 0,
            left: WIDTH - MARGIN - 20.0,
            top: HEIGHT - MARGIN / 2.0 - 8.0,
        });
        let Some(settings) = PageSettings::from_wh(WIDTH, HEIGHT) else {
            return;
        };
        let mut page = self.document.start_page_with(settings);
        let mut surface = page.surface();
        let mut links = Vec::new();
        for placed in self.placed.drain(..) {
            match placed {
                PageItem::Background(rect) => draw_background(&mut surface, rect),
                PageItem::Line {
                    paragraph,
                    line,
                    left,
                    top,
                } => {
                    let LaidOutParagraph { text, layout } = &*paragraph;
                    if let Some(line) = layout.get(line) {
                        let at = Point::from_xy(left, top);
                        let mut pen = Pen {
                            surface: &mut surface,
                            embedded: &mut self.embedded,
                            links: &mut links,
                            text,
                        };
                        pen.draw(layout, &line, at);
                    }
                }
            }
        }
        surface.finish();
        for (rect, address) in links {
            let target = Target::Action(Action::from(LinkAction::new(address)));
            page.add_annotation(Annotation::new_link(
                LinkAnnotation::new(rect, target),
                None,
            ));
        }
        page.finish();
        self.top = MARGIN;
    }
}

fn font_family(family: &'static str) -> FontFamily<'static> {
    FontFamily::Single(FontFamilyName::Named(family.into()))
}

fn draw_background(surface: &mut Surface<'_>, rect: Rect) {
    let mut path = PathBuilder::new();
    path.push_rect(rect);
    surface.set_fill(Some(Fill {
        paint: rgb::Color::new(243, 243, 245).into(),
        ..Fill::default()
    }));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

fn colour(tone: Tone) -> rgb::Color {
    match tone {
        Tone::Text => rgb::Color::new(20, 20, 24),
        Tone::Faint => rgb::Color::new(105, 105, 115),
        Tone::Link => rgb::Color::new(20, 80, 190),
    }
}

/// Draws the lines of a page.
struct Pen<'a, 'b> {
    surface: &'a mut Surface<'b>,
    embedded: &'a mut EmbeddedFonts,
    links: &'a mut Vec<(Rect, String)>,
    text: &'a str,
}

impl Pen<'_, '_> {
    fn draw(&mut self, layout: &Layout<Ink>, line: &Line<'_, Ink>, at: Point) {
        let metrics = line.metrics();
        let baseline = at.y + metrics.baseline - metrics.block_min_coord;
        let mut x = at.x + metrics.offset;
        for run in line.runs() {
            let font = self.embedded.font(run.font());
            let size = run.font_size();
            // Glyphs of the same style, and where they start.
            let mut same: Vec<KrillaGlyph> = Vec::new();
            let (mut style, mut start_x) = (None, x);
            for cluster in run.visual_clusters() {
                if cluster.is_ligature_continuation() {
                    if let Some(last) = same.last_mut() {
                        last.text_range.end = last.text_range.end.max(cluster.text_range().end);
                    }
                    continue;
                }
                let next_style = Some(cluster.style_index());
                if style != next_style {
                    let before = (style, font.clone(), size);
                    self.flush(layout, before, &mut same, (start_x, x, baseline));
                    (style, start_x) = (next_style, x);
                }
                for glyph in cluster.glyphs() {
                    same.push(KrillaGlyph::new(
                        GlyphId::new(glyph.id),
                        glyph.advance / size,
                        glyph.x / size,
                        glyph.y / size,
                        0.0,
                        self.clamp(cluster.text_range()),
                        None,
                    ));
                    x += glyph.advance;
                }
            }
            self.flush(
                layout,
                (style, font, size),
                &mut same,
                (start_x, x, baseline),
            );
        }
    }

    fn flush(
        &mut self,
        layout: &Layout<Ink>,
        (style, font, size): (Option<u16>, Option<krilla::text::Font>, f32),
        glyphs: &mut Vec<KrillaGlyph>,
        (start_x, end_x, baseline): (f32, f32, f32),
    ) {
        let style = style.and_then(|style| layout.styles().get(usize::from(style)));
        let glyphs = std::mem::take(glyphs);
        let (Some(style), Some(font), false) = (style, font, glyphs.is_empty()) else {
            return;
        };
        self.surface.set_fill(Some(Fill {
            paint: colour(style.brush.tone).into(),
            ..Fill::default()
        }));
        let start = Point::from_xy(start_x, baseline);
        self.surface
            .draw_glyphs(start, &glyphs, font, self.text, size, false);
        let area = Rect::from_ltrb(start_x, baseline - size, end_x, baseline + size * 0.3);
        self.links.extend(area.zip(style.brush.link.clone()));
    }

    /// Limits a range to the text.
    fn clamp(&self, range: Range<usize>) -> Range<usize> {
        range.start.min(self.text.len())..range.end.min(self.text.len())
    }
}
