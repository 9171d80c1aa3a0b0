//! The reading order of a page.
//!
//! Text is read in drawing order, because most programs draw related text together. Some draw line by line across
//! columns. Where gutters (`gutters.rs`) separate lines, these rules apply to text that was drawn across them:
//! 1. Columns that were drawn one after the other stay in this order; each is examined on its own.
//! 2. Columns of prose are read one after the other: most lines of each end where the next word does not fit, and lines
//!    side by side were drawn in turn.
//! 3. A table keeps its cells separate (`table.rs`).
//! 4. Everything else stays in drawing order.

mod gutters;
mod segments;
mod table;

use std::collections::BTreeMap;

use self::gutters::{Gutter, find_gutters};
use self::segments::{Line, PageSegments, group_lines};
use super::bidi::is_rtl;
use super::display_list::DisplayList;

/// Maximum nesting of columns.
const MAX_DEPTH: usize = 6;
/// Minimum share of the lines of the longest gutter that a parallel gutter has.
const MIN_SHARED_LINES: f64 = 0.6;
/// Prose: minimum width of a column in font sizes, minimum number of lines, minimum share of full lines, minimum share
/// of lines that start with a lowercase letter, and maximum share of digits.
const MIN_PROSE_WIDTH: f64 = 8.0;
const MIN_PROSE_LINES: usize = 3;
const MIN_FULL_SHARE: f64 = 0.5;
const MIN_LOWERCASE_SHARE: f64 = 0.2;
const MAX_DIGIT_SHARE: f64 = 0.3;
/// Maximum indent of a line of prose, such as a list entry or a first line, in font sizes.
const MAX_INDENT: f64 = 2.5;
/// Maximum length of a list marker, in characters.
const MAX_MARKER: usize = 7;

/// A unit of the reading order.
#[derive(Debug)]
pub(super) enum Item {
    /// Glyphs, one after the other.
    Glyphs(Vec<usize>),
    /// Columns, one after the other.
    Columns(Vec<Vec<Item>>),
    /// The lines of a table.
    Table(String),
}

/// Items with the index of their first glyph.
type IndexedItems = Vec<(usize, Item)>;

/// Returns the visible glyphs in reading order.
pub(super) fn reading_order(display_list: &DisplayList, visible: &[usize]) -> Vec<Item> {
    let page = PageSegments::new(display_list, visible);
    let mut directions: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for segment in 0..page.segments.len() {
        let direction = page.direction(segment);
        directions.entry(direction).or_default().push(segment);
    }
    let reader = OrderReader {
        is_rtl: is_mostly_rtl(&display_list.text),
        page,
    };
    let items = directions
        .values()
        .flat_map(|segments| reader.order_segments(segments, 0));
    let first = reader
        .page
        .segments
        .first()
        .map_or(0, |segment| segment.glyphs.start);
    // Spaces before all segments.
    let leading_space = (first > 0).then(|| (0, Item::Glyphs(visible[..first].to_vec())));
    sort_items(leading_space.into_iter().chain(items).collect())
}

fn sort_items(mut items: IndexedItems) -> Vec<Item> {
    items.sort_by_key(|(index, _)| *index);
    items.into_iter().map(|(_, item)| item).collect()
}

fn is_mostly_rtl(text: &str) -> bool {
    let letters = text.chars().filter(|letter| letter.is_alphabetic());
    let (mut rtl, mut others) = (0, 0);
    letters.for_each(|letter| match is_rtl(letter) {
        true => rtl += 1,
        false => others += 1,
    });
    rtl > others
}

struct OrderReader<'i> {
    page: PageSegments<'i>,
    is_rtl: bool,
}

impl OrderReader<'_> {
    fn in_drawing_order(&self, segments: &[usize]) -> IndexedItems {
        let items = segments.iter().map(|segment| {
            let glyphs = self.page.segments[*segment].glyphs.clone();
            let index = glyphs.start;
            (index, Item::Glyphs(self.page.visible[glyphs].to_vec()))
        });
        items.collect()
    }

    fn order_segments(&self, segments: &[usize], depth: usize) -> IndexedItems {
        if segments.len() < 4 || depth > MAX_DEPTH {
            return self.in_drawing_order(segments);
        }
        let lines = group_lines(&self.page, segments);
        let gutters = find_gutters(&self.page, &lines);
        let Some(longest) = gutters
            .iter()
            .max_by_key(|gutter| gutter.text_lines.1 - gutter.text_lines.0)
        else {
            return self.in_drawing_order(segments);
        };
        #[expect(clippy::cast_precision_loss, reason = "a page has few lines")]
        let is_parallel = |gutter: &&Gutter| {
            let total = longest.text_lines.1 - longest.text_lines.0 + 1;
            gutter.shared_lines(longest) as f64 >= MIN_SHARED_LINES * total as f64
        };
        let mut parallel: Vec<Gutter> = gutters.iter().filter(is_parallel).copied().collect();
        parallel.sort_by(|first, second| first.start.total_cmp(&second.start));
        let (range, mut items) = self
            .read_columns(&lines, &parallel, depth)
            .unwrap_or_else(|| {
                let (first, last) = table::table_range(&parallel);
                let columns = table::table_gutters(&gutters, (first, last));
                let (used, table) = table::read_table(&self.page, &lines[first..=last], &columns);
                let range = (first, first + used - 1);
                let segments = collect_segments(&lines[range.0..=range.1]);
                let items = match table.filter(|_| !self.is_rtl) {
                    Some(text) => vec![(self.first_glyph(&segments), Item::Table(text))],
                    None => self.in_drawing_order(&segments),
                };
                (range, items)
            });
        for outside in [&lines[..range.0], &lines[range.1 + 1..]] {
            items.extend(self.order_segments(&collect_segments(outside), depth + 1));
        }
        items
    }

    /// Reads the columns between gutters, if they are read one after the other.
    fn read_columns(
        &self,
        lines: &[Line],
        gutters: &[Gutter],
        depth: usize,
    ) -> Option<((usize, usize), IndexedItems)> {
        let range = shared_range(gutters)?;
        let lines = &lines[range.0..=range.1];
        let mut gutters = gutters.to_vec();
        let mut columns = self.split_columns(lines, &gutters);
        // List markers are not columns.
        for index in (0..gutters.len()).rev() {
            if self.has_only_markers(&columns[index]) {
                gutters.remove(index);
            }
        }
        columns = self.split_columns(lines, &gutters);
        if columns.len() < 2 || columns.iter().any(Vec::is_empty) {
            return None;
        }
        let switches = count_switches(&columns);
        if switches + 1 == columns.len() {
            let items = columns
                .iter()
                .flat_map(|column| self.order_segments(column, depth + 1));
            return Some((range, items.collect()));
        }
        if let Some(separate) = self.separately_drawn(&gutters, &columns) {
            let parts = self.split_columns(lines, &separate);
            let items = parts
                .iter()
                .flat_map(|part| self.order_segments(part, depth + 1));
            return Some((range, items.collect()));
        }
        let line_count = gutters
            .iter()
            .map(|gutter| gutter.line_count)
            .max()
            .unwrap_or(0);
        let is_prose = switches >= line_count && columns.iter().all(|column| self.is_prose(column));
        if !is_prose {
            return None;
        }
        let index = columns
            .iter()
            .map(|column| self.first_glyph(column))
            .min()?;
        let ordered = columns
            .iter()
            .map(|column| sort_items(self.order_segments(column, depth + 1)));
        let mut ordered: Vec<Vec<Item>> = ordered.collect();
        if self.is_rtl {
            ordered.reverse();
        }
        Some((range, vec![(index, Item::Columns(ordered))]))
    }

    /// Splits the segments of lines into the columns between gutters, each in drawing order.
    fn split_columns(&self, lines: &[Line], gutters: &[Gutter]) -> Vec<Vec<usize>> {
        let mut columns = vec![Vec::new(); gutters.len() + 1];
        for segment in collect_segments(lines) {
            let current = &self.page.segments[segment];
            let middle = f64::midpoint(current.start, current.end);
            let column = gutters
                .iter()
                .filter(|gutter| gutter.middle() < middle)
                .count();
            columns[column].push(segment);
        }
        columns
    }

    /// The gutters with one side drawn entirely before the other, if they separate prose and a table, or two tables.
    /// The columns of one table may also be drawn one after the other.
    fn separately_drawn(&self, gutters: &[Gutter], columns: &[Vec<usize>]) -> Option<Vec<Gutter>> {
        let is_separate = |index: usize| {
            let sides = columns.split_at(index + 1);
            let (before, after) = (sides.0.concat(), sides.1.concat());
            let has_rows = |side: &[Vec<usize>]| count_switches(side) + 1 > side.len();
            let is_first =
                |first: &[usize], second: &[usize]| first.iter().max().lt(&second.iter().min());
            (is_first(&before, &after) || is_first(&after, &before))
                && (has_rows(sides.0) && has_rows(sides.1)
                    || self.is_prose(&before)
                    || self.is_prose(&after))
        };
        let separate = (0..gutters.len()).filter(|index| is_separate(*index));
        let separate: Vec<Gutter> = separate.map(|index| gutters[index]).collect();
        (!separate.is_empty()).then_some(separate)
    }

    fn first_glyph(&self, segments: &[usize]) -> usize {
        let starts = segments
            .iter()
            .map(|segment| self.page.segments[*segment].glyphs.start);
        starts.min().unwrap_or(0)
    }

    fn has_only_markers(&self, column: &[usize]) -> bool {
        !column.is_empty()
            && column
                .iter()
                .all(|segment| is_list_marker(&self.page.text(*segment)))
    }

    #[expect(clippy::cast_precision_loss, reason = "a page has few lines")]
    fn is_prose(&self, column: &[usize]) -> bool {
        let lines = group_lines(&self.page, column);
        let extents: Vec<(f64, f64)> = lines.iter().map(|line| self.extent(line)).collect();
        let start = extents
            .iter()
            .fold(f64::MAX, |start, extent| start.min(extent.0));
        let end = extents
            .iter()
            .fold(f64::MIN, |end, extent| end.max(extent.1));
        let mut sizes: Vec<f64> = lines.iter().map(|line| line.size).collect();
        sizes.sort_by(f64::total_cmp);
        let size = sizes.get(sizes.len() / 2).copied().unwrap_or(0.0);
        let width = end - start;
        let full = lines.windows(2).zip(&extents).filter(|(pair, extent)| {
            let [above, below] = pair else { return false };
            // A small indent counts as used space.
            let (indent, rest) = (extent.0 - start, end - extent.1);
            let is_indented = indent < MAX_INDENT * size;
            let available = if is_indented { rest } else { indent + rest };
            self.is_full(above, below, available)
        });
        let full = full.count();
        if lines.len() < MIN_PROSE_LINES
            || width < MIN_PROSE_WIDTH * size
            || (full as f64) < MIN_FULL_SHARE * (lines.len() - 1) as f64
        {
            return false;
        }
        let text: String = column
            .iter()
            .map(|segment| self.page.text(*segment))
            .collect();
        let digits = text.chars().filter(char::is_ascii_digit).count();
        if digits as f64 > MAX_DIGIT_SHARE * text.chars().count() as f64 {
            return false;
        }
        let starts = lines.iter().skip(1).filter_map(|line| {
            let first = line.segments.first()?;
            self.page.text(*first).chars().next()
        });
        let (mut cased, mut lowercase) = (0, 0);
        for start in starts.filter(|c| c.is_lowercase() || c.is_uppercase()) {
            cased += 1;
            lowercase += usize::from(start.is_lowercase());
        }
        lowercase as f64 >= MIN_LOWERCASE_SHARE * f64::from(cased)
    }

    /// Whether a line ends because the first word of the next line does not fit in the remaining space.
    #[expect(clippy::cast_precision_loss, reason = "a line has few letters")]
    fn is_full(&self, above: &Line, below: &Line, available: f64) -> bool {
        let (Some(last), Some(next)) = (above.segments.last(), below.segments.first()) else {
            return false;
        };
        let text = self.page.text(*next);
        let segment = &self.page.segments[*next];
        let letter = (segment.end - segment.start) / text.chars().count().max(1) as f64;
        // Scripts without spaces break anywhere.
        let word = match text.split_once(char::is_whitespace) {
            Some((word, _)) => word.chars().count() + 1,
            None => 1,
        };
        letter * word as f64 > available
            || self.page.text(*last).ends_with(['-', '\u{ad}', '\u{2010}'])
    }

    fn extent(&self, line: &Line) -> (f64, f64) {
        let segments = line
            .segments
            .iter()
            .map(|segment| &self.page.segments[*segment]);
        segments.fold((f64::MAX, f64::MIN), |(start, end), segment| {
            (start.min(segment.start), end.max(segment.end))
        })
    }
}

/// The lines on which all these gutters are free, and one of them has text on both sides.
fn shared_range(gutters: &[Gutter]) -> Option<(usize, usize)> {
    let first = gutters.iter().map(|gutter| gutter.text_lines.0).min()?;
    let last = gutters.iter().map(|gutter| gutter.last_line).max()?;
    let first = gutters
        .iter()
        .fold(first, |first, gutter| first.max(gutter.free_lines.0));
    let last = gutters
        .iter()
        .fold(last, |last, gutter| last.min(gutter.free_lines.1));
    (first < last).then_some((first, last))
}

/// The segments of lines, in drawing order.
fn collect_segments(lines: &[Line]) -> Vec<usize> {
    let segments = lines.iter().flat_map(|line| &line.segments);
    let mut segments: Vec<usize> = segments.copied().collect();
    segments.sort_unstable();
    segments
}

/// How often the drawing order switches between columns.
fn count_switches(columns: &[Vec<usize>]) -> usize {
    let mut drawn: Vec<(usize, usize)> = Vec::new();
    for (column, segments) in columns.iter().enumerate() {
        drawn.extend(segments.iter().map(|segment| (*segment, column)));
    }
    drawn.sort_unstable();
    drawn
        .windows(2)
        .filter(|pair| pair[0].1 != pair[1].1)
        .count()
}

/// Whether a text is a list marker: a bullet, or a number or letter with punctuation.
fn is_list_marker(text: &str) -> bool {
    let length = text.chars().count();
    if length == 0 || length > MAX_MARKER {
        return false;
    }
    let is_bullet = |c: char| !c.is_alphanumeric() && !"$€£¥%".contains(c);
    if length == 1 {
        return text.chars().all(is_bullet) || text == "o";
    }
    let is_punctuated = text.ends_with(['.', ')', ']', ':']);
    let inner = text.trim_start_matches(['(', '[', '§', ' ']);
    let inner = inner.trim_end_matches(['.', ')', ']', ':']);
    let is_number = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    let is_numbered = inner
        .split('.')
        .all(|part| !part.is_empty() && is_number(part));
    let is_short = inner.chars().count() <= 4 && inner.chars().all(char::is_alphanumeric);
    is_punctuated && (is_numbered || is_short)
        || text.starts_with('§')
        || is_numbered && inner.contains('.') && inner.split('.').count() > 2
}
