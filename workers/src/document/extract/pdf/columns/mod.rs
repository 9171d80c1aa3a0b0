//! The order in which the text of a page is read.
//!
//! Text is read in the order in which it was drawn, for most programs draw what belongs together together. Some draw line
//! by line across what stands beside each other. Where gutters (`gutters.rs`) part lines, what was drawn across them is
//! decided by rule:
//! 1. Columns that were drawn one after the other stay as they are; each is looked at by itself.
//! 2. Columns of prose are read one after the other: most lines of each end where the next word had no room, and lines
//!    beside each other were drawn in turn.
//! 3. A table keeps its cells apart (`table.rs`).
//! 4. Everything else stays as it was drawn.

mod gutters;
mod segments;
mod table;

use std::collections::BTreeMap;

use self::gutters::{Gutter, gutters};
use self::segments::{Line, Page, lines};
use super::direction::is_leftward;
use super::ink::Ink;

/// How deep columns may lie in columns.
const DEEPEST: usize = 6;
/// The part of the lines of the longest gutter that another one beside it has.
const BESIDE: f64 = 0.6;
/// Prose: how wide a column is in sizes of its font, how many lines it has, at least, which part of them are full, which
/// part of them go on with a small letter, and which part of its characters may be digits.
const WIDTH: f64 = 8.0;
const LINES: usize = 3;
const FULL: f64 = 0.5;
const GOING_ON: f64 = 0.2;
const DIGITS: f64 = 0.3;
/// How far a line of prose is indented, as entries of lists and first lines are, in sizes of its font at most.
const INDENT: f64 = 2.5;
/// The longest mark of an entry of a list, in characters.
const MARK: usize = 7;

/// What is read as one.
#[derive(Debug)]
pub enum Item {
    /// Pieces, one after the other.
    Pieces(Vec<usize>),
    /// Columns, one after the other.
    Columns(Vec<Vec<Item>>),
    /// The lines of a table.
    Table(String),
}

/// Items with the places of the pieces with which they begin.
type Placed = Vec<(usize, Item)>;

/// The pieces that are shown, in the order in which they are read.
pub fn arranged(ink: &Ink, shown: &[usize]) -> Vec<Item> {
    let page = Page::new(ink, shown);
    let mut directions: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for segment in 0..page.segments.len() {
        let direction = page.direction(segment);
        directions.entry(direction).or_default().push(segment);
    }
    let reader = Reader {
        is_leftward: is_mostly_leftward(&ink.text),
        page,
    };
    let items = directions.values().flat_map(|all| reader.arrange(all, 0));
    let first = reader
        .page
        .segments
        .first()
        .map_or(0, |one| one.pieces.start);
    // Blanks before all segments.
    let blanks = (first > 0).then(|| (0, Item::Pieces(shown[..first].to_vec())));
    in_order(blanks.into_iter().chain(items).collect())
}

fn in_order(mut items: Placed) -> Vec<Item> {
    items.sort_by_key(|(place, _)| *place);
    items.into_iter().map(|(_, item)| item).collect()
}

fn is_mostly_leftward(text: &str) -> bool {
    let letters = text.chars().filter(|one| one.is_alphabetic());
    let (mut leftward, mut others) = (0, 0);
    letters.for_each(|one| match is_leftward(one) {
        true => leftward += 1,
        false => others += 1,
    });
    leftward > others
}

struct Reader<'i> {
    page: Page<'i>,
    is_leftward: bool,
}

impl Reader<'_> {
    fn as_drawn(&self, segments: &[usize]) -> Placed {
        let items = segments.iter().map(|segment| {
            let pieces = self.page.segments[*segment].pieces.clone();
            let place = pieces.start;
            (place, Item::Pieces(self.page.shown[pieces].to_vec()))
        });
        items.collect()
    }

    fn arrange(&self, segments: &[usize], depth: usize) -> Placed {
        if segments.len() < 4 || depth > DEEPEST {
            return self.as_drawn(segments);
        }
        let lines = lines(&self.page, segments);
        let found = gutters(&self.page, &lines);
        let Some(longest) = found.iter().max_by_key(|one| one.both.1 - one.both.0) else {
            return self.as_drawn(segments);
        };
        #[expect(clippy::cast_precision_loss, reason = "a page has few lines")]
        let is_beside = |one: &&Gutter| {
            let all = longest.both.1 - longest.both.0 + 1;
            one.shared_lines(longest) as f64 >= BESIDE * all as f64
        };
        let mut main: Vec<Gutter> = found.iter().filter(is_beside).copied().collect();
        main.sort_by(|one, other| one.from.total_cmp(&other.from));
        let (range, mut items) = self.columns(&lines, &main, depth).unwrap_or_else(|| {
            let (first, last) = table::range(&main);
            let beside = table::gutters(&found, (first, last));
            let (used, table) = table::text(&self.page, &lines[first..=last], &beside);
            let range = (first, first + used - 1);
            let within = segments_of(&lines[range.0..=range.1]);
            let items = match table.filter(|_| !self.is_leftward) {
                Some(text) => vec![(self.first(&within), Item::Table(text))],
                None => self.as_drawn(&within),
            };
            (range, items)
        });
        for outside in [&lines[..range.0], &lines[range.1 + 1..]] {
            items.extend(self.arrange(&segments_of(outside), depth + 1));
        }
        items
    }

    /// What is parted by gutters, where that are columns that are read one after the other.
    fn columns(
        &self,
        lines: &[Line],
        gutters: &[Gutter],
        depth: usize,
    ) -> Option<((usize, usize), Placed)> {
        let range = shared_range(gutters)?;
        let lines = &lines[range.0..=range.1];
        let mut gutters = gutters.to_vec();
        let mut columns = self.parted(lines, &gutters);
        // Marks of lists are no columns.
        for index in (0..gutters.len()).rev() {
            if self.is_marks(&columns[index]) {
                gutters.remove(index);
            }
        }
        columns = self.parted(lines, &gutters);
        if columns.len() < 2 || columns.iter().any(Vec::is_empty) {
            return None;
        }
        let changes = changes(&columns);
        if changes + 1 == columns.len() {
            let items = columns
                .iter()
                .flat_map(|column| self.arrange(column, depth + 1));
            return Some((range, items.collect()));
        }
        if let Some(apart) = self.drawn_apart(&gutters, &columns) {
            let parts = self.parted(lines, &apart);
            let items = parts.iter().flat_map(|part| self.arrange(part, depth + 1));
            return Some((range, items.collect()));
        }
        let both = gutters.iter().map(|one| one.lines).max().unwrap_or(0);
        let is_prose = changes >= both && columns.iter().all(|column| self.is_prose(column));
        if !is_prose {
            return None;
        }
        let place = columns.iter().map(|column| self.first(column)).min()?;
        let read = columns
            .iter()
            .map(|column| in_order(self.arrange(column, depth + 1)));
        let mut read: Vec<Vec<Item>> = read.collect();
        if self.is_leftward {
            read.reverse();
        }
        Some((range, vec![(place, Item::Columns(read))]))
    }

    /// The segments of lines by the columns between gutters, each in the order in which it was drawn.
    fn parted(&self, lines: &[Line], gutters: &[Gutter]) -> Vec<Vec<usize>> {
        let mut columns = vec![Vec::new(); gutters.len() + 1];
        for segment in segments_of(lines) {
            let own = &self.page.segments[segment];
            let middle = f64::midpoint(own.start, own.end);
            let column = gutters.iter().filter(|one| one.middle() < middle).count();
            columns[column].push(segment);
        }
        columns
    }

    /// The gutters on one side of which everything was drawn before anything on the other side, where that is prose beside
    /// a table, or two tables. Columns of one table may be drawn one after the other as well.
    fn drawn_apart(&self, gutters: &[Gutter], columns: &[Vec<usize>]) -> Option<Vec<Gutter>> {
        let is_apart = |index: usize| {
            let sides = columns.split_at(index + 1);
            let (before, after) = (sides.0.concat(), sides.1.concat());
            let has_rows = |side: &[Vec<usize>]| changes(side) + 1 > side.len();
            let is_first =
                |one: &[usize], other: &[usize]| one.iter().max().lt(&other.iter().min());
            (is_first(&before, &after) || is_first(&after, &before))
                && (has_rows(sides.0) && has_rows(sides.1)
                    || self.is_prose(&before)
                    || self.is_prose(&after))
        };
        let apart = (0..gutters.len()).filter(|index| is_apart(*index));
        let apart: Vec<Gutter> = apart.map(|index| gutters[index]).collect();
        (!apart.is_empty()).then_some(apart)
    }

    fn first(&self, segments: &[usize]) -> usize {
        let places = segments
            .iter()
            .map(|one| self.page.segments[*one].pieces.start);
        places.min().unwrap_or(0)
    }

    fn is_marks(&self, column: &[usize]) -> bool {
        !column.is_empty() && column.iter().all(|one| is_mark(&self.page.text(*one)))
    }

    #[expect(clippy::cast_precision_loss, reason = "a page has few lines")]
    fn is_prose(&self, column: &[usize]) -> bool {
        let lines = lines(&self.page, column);
        let extents: Vec<(f64, f64)> = lines.iter().map(|line| self.extent(line)).collect();
        let start = extents.iter().fold(f64::MAX, |start, one| start.min(one.0));
        let end = extents.iter().fold(f64::MIN, |end, one| end.max(one.1));
        let mut sizes: Vec<f64> = lines.iter().map(|line| line.size).collect();
        sizes.sort_by(f64::total_cmp);
        let size = sizes.get(sizes.len() / 2).copied().unwrap_or(0.0);
        let width = end - start;
        let full = lines.windows(2).zip(&extents).filter(|(pair, extent)| {
            let [above, below] = pair else { return false };
            // What is indented a little has no more room for that.
            let (indent, rest) = (extent.0 - start, end - extent.1);
            let is_indented = indent < INDENT * size;
            let left = if is_indented { rest } else { indent + rest };
            self.is_full(above, below, left)
        });
        let full = full.count();
        if lines.len() < LINES
            || width < WIDTH * size
            || (full as f64) < FULL * (lines.len() - 1) as f64
        {
            return false;
        }
        let text: String = column.iter().map(|one| self.page.text(*one)).collect();
        let digits = text.chars().filter(char::is_ascii_digit).count();
        if digits as f64 > DIGITS * text.chars().count() as f64 {
            return false;
        }
        let starts = lines.iter().skip(1).filter_map(|line| {
            let first = line.segments.first()?;
            self.page.text(*first).chars().next()
        });
        let (mut cased, mut small) = (0, 0);
        for start in starts.filter(|one| one.is_lowercase() || one.is_uppercase()) {
            cased += 1;
            small += usize::from(start.is_lowercase());
        }
        small as f64 >= GOING_ON * f64::from(cased)
    }

    /// Whether a line ends because the first word of the next one has no room in what is left of it.
    #[expect(clippy::cast_precision_loss, reason = "a line has few letters")]
    fn is_full(&self, above: &Line, below: &Line, left: f64) -> bool {
        let (Some(last), Some(next)) = (above.segments.last(), below.segments.first()) else {
            return false;
        };
        let text = self.page.text(*next);
        let own = &self.page.segments[*next];
        let letter = (own.end - own.start) / text.chars().count().max(1) as f64;
        // Scripts without blanks go on anywhere.
        let word = match text.split_once(char::is_whitespace) {
            Some((word, _)) => word.chars().count() + 1,
            None => 1,
        };
        letter * word as f64 > left || self.page.text(*last).ends_with(['-', '\u{ad}', '\u{2010}'])
    }

    fn extent(&self, line: &Line) -> (f64, f64) {
        let segments = line.segments.iter().map(|one| &self.page.segments[*one]);
        segments.fold((f64::MAX, f64::MIN), |(start, end), one| {
            (start.min(one.start), end.max(one.end))
        })
    }
}

/// The lines on which all of some gutters are free, and text is on both sides of one.
fn shared_range(gutters: &[Gutter]) -> Option<(usize, usize)> {
    let first = gutters.iter().map(|one| one.both.0).min()?;
    let last = gutters.iter().map(|one| one.until).max()?;
    let first = gutters
        .iter()
        .fold(first, |first, one| first.max(one.free.0));
    let last = gutters.iter().fold(last, |last, one| last.min(one.free.1));
    (first < last).then_some((first, last))
}

/// In the order in which they were drawn.
fn segments_of(lines: &[Line]) -> Vec<usize> {
    let segments = lines.iter().flat_map(|line| &line.segments);
    let mut segments: Vec<usize> = segments.copied().collect();
    segments.sort_unstable();
    segments
}

/// How often the order in which columns were drawn goes from one to another.
fn changes(columns: &[Vec<usize>]) -> usize {
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

/// Whether a text begins an entry of a list: a bullet, or a number or letter with what ends it.
fn is_mark(text: &str) -> bool {
    let length = text.chars().count();
    if length == 0 || length > MARK {
        return false;
    }
    let is_bullet = |one: char| !one.is_alphanumeric() && !"$€£¥%".contains(one);
    if length == 1 {
        return text.chars().all(is_bullet) || text == "o";
    }
    let ends = text.ends_with(['.', ')', ']', ':']);
    let inner = text.trim_start_matches(['(', '[', '§', ' ']);
    let inner = inner.trim_end_matches(['.', ')', ']', ':']);
    let is_number = |part: &str| part.chars().all(|one| one.is_ascii_digit());
    let parts = inner
        .split('.')
        .all(|part| !part.is_empty() && is_number(part));
    let is_short = inner.chars().count() <= 4 && inner.chars().all(char::is_alphanumeric);
    ends && (parts || is_short)
        || text.starts_with('§')
        || parts && inner.contains('.') && inner.split('.').count() > 2
}
