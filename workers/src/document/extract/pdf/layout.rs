//! Joins glyphs to lines of text: separates words, lines and paragraphs.

use std::ops::Range;

use super::bidi::{is_rtl, to_logical_order};
use super::columns::{self, Item};
use super::display_list::{DisplayList, PageGlyph};
use super::glyph_position::GlyphPosition;
use super::hidden_text::{PageContext, find_visible};

/// Gaps and offsets that separate words, lines and paragraphs, as fractions of the font size.
pub(super) const WORD: f64 = 0.12;
pub(super) const LINE: f64 = 0.5;
const PARAGRAPH: f64 = 2.0;
/// Minimum rise of a superscript, such as a footnote mark.
const MIN_RISE: f64 = 0.15;

/// The text of a page or a stream.
#[derive(Debug, Default)]
pub(super) struct TextLayout {
    pub text: String,
    /// Number of unknown characters.
    pub unknown_glyphs: u32,
    /// Number of hidden passages.
    pub hidden: usize,
}

/// Lays out the drawn text, without hidden text if the page is known.
pub(super) fn lay_out(
    display_list: &DisplayList,
    page_context: Option<&PageContext>,
) -> TextLayout {
    let (is_visible, hidden) = match page_context {
        Some(page_context) => find_visible(display_list, page_context),
        None => (vec![true; display_list.glyphs.len()], 0),
    };
    let visible: Vec<usize> = (0..display_list.glyphs.len())
        .filter(|index| is_visible[*index])
        .collect();
    let mut lines = LineBuilder::new(display_list);
    write_items(&mut lines, &columns::reading_order(display_list, &visible));
    TextLayout {
        text: lines.finish(),
        unknown_glyphs: display_list.unknown_glyphs,
        hidden,
    }
}

fn write_items(lines: &mut LineBuilder<'_>, items: &[Item]) {
    for item in items {
        match item {
            Item::Glyphs(glyphs) => glyphs.iter().for_each(|glyph| lines.add_glyph(*glyph)),
            Item::Columns(columns) => columns.iter().for_each(|column| {
                lines.end_paragraph();
                write_items(lines, column);
                lines.end_paragraph();
            }),
            Item::Table(text) => lines.add_table(text),
        }
    }
}

/// Builds text from glyphs, separated by their positions.
pub(super) struct LineBuilder<'i> {
    display_list: &'i DisplayList,
    text: String,
    last: Option<GlyphPosition>,
    /// Right-to-left letters drawn to the right of the previous letter, minus those drawn to its left.
    visual_order: i64,
    /// Ranges of letters that belong to one glyph.
    ligatures: Vec<Range<usize>>,
}

impl<'i> LineBuilder<'i> {
    pub(super) fn new(display_list: &'i DisplayList) -> Self {
        Self {
            display_list,
            text: String::new(),
            last: None,
            visual_order: 0,
            ligatures: Vec::new(),
        }
    }

    pub(super) fn finish(self) -> String {
        match self.visual_order > 0 {
            true => to_logical_order(&reverse_ranges(&self.text, &self.ligatures)),
            false => self.text,
        }
    }

    pub(super) fn add_glyph(&mut self, glyph: usize) {
        let PageGlyph {
            position,
            letter_spacing,
            text,
            ..
        } = &self.display_list.glyphs[glyph];
        let text = &self.display_list.text[text.clone()];
        if let Some(last) = self.last {
            if self.text.ends_with(is_rtl) && text.starts_with(is_rtl) {
                let is_right = (position.start - last.start).dot(last.direction) > 0.0;
                self.visual_order += if is_right { 1 } else { -1 };
            }
            self.separate(&last, position, *letter_spacing, text);
        }
        let start = self.text.len();
        self.text.push_str(text);
        if text.chars().filter(|c| is_rtl(*c)).count() > 1 {
            self.ligatures.push(start..self.text.len());
        }
        self.last = Some(*position);
    }

    fn end_paragraph(&mut self) {
        if self.last.take().is_some() {
            self.text.push_str("\n\n");
        }
    }

    fn add_table(&mut self, text: &str) {
        self.end_paragraph();
        self.text.push_str(text);
        self.text.push_str("\n\n");
    }

    /// Separates a glyph from the previous one, depending on their positions.
    fn separate(
        &mut self,
        last: &GlyphPosition,
        position: &GlyphPosition,
        letter_spacing: f64,
        text: &str,
    ) {
        // Small superscripts belong to the line of the text before them.
        let size = last.size.max(position.size);
        let offset = position.start - last.end;
        let gap = offset.dot(last.direction) - letter_spacing;
        // Downwards is positive: the next line is below.
        let drop = offset.cross(last.direction);
        let changes_direction = last.direction.dot(position.direction) < 0.9;
        if changes_direction || drop < -LINE * size || drop > PARAGRAPH * size {
            self.text.push_str("\n\n");
        } else if drop > LINE * size || gap < -(last.end - last.start).hypot() - size {
            self.text.push('\n');
        } else if gap > WORD * last.size.min(position.size)
            || is_superscript_boundary(&self.text, text, -drop, last, position)
        {
            self.text.push(' ');
        }
    }
}

/// Reverses parts of a text.
fn reverse_ranges(text: &str, ranges: &[Range<usize>]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut end = 0;
    for range in ranges {
        result.push_str(&text[end..range.start]);
        result.extend(text[range.clone()].chars().rev());
        end = range.end;
    }
    result.push_str(&text[end..]);
    result
}

/// Whether a glyph is a superscript number after a word, or a word after such a number: joined, they would change each
/// other.
fn is_superscript_boundary(
    before: &str,
    text: &str,
    rise: f64,
    last: &GlyphPosition,
    position: &GlyphPosition,
) -> bool {
    let starts_with_digit = text.starts_with(|first: char| first.is_ascii_digit());
    let ends_with_digit = before.ends_with(|last: char| last.is_ascii_digit());
    let starts = rise > MIN_RISE * last.size
        && position.size < last.size
        && before.ends_with(char::is_alphanumeric)
        && starts_with_digit;
    let ends = -rise > MIN_RISE * position.size
        && last.size < position.size
        && ends_with_digit
        && text.starts_with(char::is_alphanumeric);
    starts || ends
}
