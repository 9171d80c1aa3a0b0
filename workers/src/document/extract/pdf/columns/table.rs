//! Tables whose cells are parted by gutters: each value stays in its column.
//!
//! Where the values or the look say that the first row names the columns, each row is read with them, as tables of all
//! formats are. Where nothing does, and a cell is empty, cells are kept apart by bars, so that no value moves below
//! another name. Lines of one cell are put together where the table says so by its distances, or where they were drawn
//! before what stands beside them.

use std::ops::RangeInclusive;

use super::gutters::Gutter;
use super::segments::{Line, Page};
use crate::document::extract::pdf::layout::Lines;
use crate::document::extract::pdf::tidy::tidied;
use crate::document::extract::table::{Cell, Grid, Origin, joined};

/// Lines of one row are nearer to each other than this part of the distance to the next row.
const NEARER: f64 = 0.85;
/// The part of a gap that blanks fill where a line of text runs through it.
const BRIDGED: f64 = 0.5;
/// From how much farther below than all lines before it a line is no part of a table, and how many sizes of its font.
const FARTHER: f64 = 1.7;
const FAR: f64 = 2.2;
/// Lines of a header above which all columns have begun.
const HEADER: usize = 3;
/// Rows and columns of a table, at least, where nothing names the columns.
const COLUMNS: usize = 3;

/// From the first line with text beside each other to the last one, and those that follow it closely.
pub fn range(gutters: &[Gutter]) -> (usize, usize) {
    let first = gutters.iter().map(|one| one.both.0).min().unwrap_or(0);
    let last = gutters.iter().map(|one| one.until).max().unwrap_or(0);
    (first, last)
}

/// The gutters of a table on these lines, from the start of the line to its end.
pub fn gutters(found: &[Gutter], range: (usize, usize)) -> Vec<Gutter> {
    // Columns begin with the first rows of their table.
    let is_within =
        |one: &&Gutter| (range.0..=range.0 + HEADER).contains(&one.both.0) && one.both.0 < range.1;
    let mut gutters: Vec<Gutter> = found.iter().filter(is_within).copied().collect();
    gutters.sort_by(|one, other| one.from.total_cmp(&other.from));
    gutters
}

/// A row, from a line or from several.
#[derive(Debug, Clone)]
struct Row {
    /// Each cell with its columns and its segments.
    cells: Vec<(RangeInclusive<usize>, Vec<usize>)>,
    /// Where its last line is.
    down: f64,
    /// Which of its segments was drawn last.
    drawn: usize,
}

impl Row {
    fn columns(&self) -> Vec<usize> {
        self.cells
            .iter()
            .flat_map(|(columns, _)| columns.clone())
            .collect()
    }

    fn segments(&self) -> impl Iterator<Item = usize> {
        self.cells
            .iter()
            .flat_map(|(_, segments)| segments.iter().copied())
    }

    /// Whether a cell covers several columns.
    fn has_wide(&self) -> bool {
        let mut cells = self.cells.iter();
        cells.any(|(columns, _)| columns.clone().count() > 1)
    }

    /// Whether a cell of a line has several texts.
    fn has_doubled(&self) -> bool {
        self.cells.iter().any(|(_, segments)| segments.len() > 1)
    }

    fn has_first(&self) -> bool {
        self.cells
            .first()
            .is_some_and(|(columns, _)| *columns.start() == 0)
    }
}

/// The first of some lines, how many belong together, and their text where they are a table.
pub fn text(page: &Page<'_>, lines: &[Line], gutters: &[Gutter]) -> (usize, Option<String>) {
    let rows: Vec<Row> = lines.iter().map(|line| row(page, line, gutters)).collect();
    let used = end(lines, &rows);
    let (lines, rows) = (&lines[..used], &rows[..used]);
    // What is free on a few of the lines alone is no gutter of this table.
    let has_both = |gutter: &Gutter, row: &&Row| {
        let columns = row.columns();
        let column = gutters
            .iter()
            .filter(|one| one.middle() < gutter.middle())
            .count();
        columns.iter().any(|one| *one <= column) && columns.iter().any(|one| *one > column)
    };
    let is_kept = |gutter: &&Gutter| rows.iter().filter(|row| has_both(gutter, row)).count() > 1;
    let gutters: Vec<Gutter> = gutters.iter().filter(is_kept).copied().collect();
    (used, table(page, lines, &gutters))
}

/// Where a table ends at the latest: at a line that is far below, that runs through its columns, or that is a single text
/// at its start.
fn end(lines: &[Line], rows: &[Row]) -> usize {
    let mut widest: Option<f64> = None;
    let mut has_values = false;
    let mut end = rows.len();
    for (index, row) in rows.iter().enumerate() {
        let is_through = row.has_wide() || row.has_doubled();
        let distance = match index {
            0 => 0.0,
            _ => lines[index].down - lines[index - 1].down,
        };
        let is_far = widest.is_some_and(|widest| distance > FARTHER * widest)
            && distance > FAR * lines[index].size;
        if is_far || is_through && has_values {
            end = index;
            break;
        }
        if index > 0 {
            widest = Some(widest.map_or(distance, |widest| distance.max(widest)));
        }
        has_values |= !is_through && row.cells.len() > 1 && index > 0;
    }
    // A line that was drawn before what stands beside the one above it belongs to that row.
    let is_below = |end: usize| {
        let (above, last) = (&rows[end - 2], &rows[end - 1]);
        last.segments().min() > Some(above.drawn)
    };
    while end > 1 && rows[end - 1].cells.len() == 1 && rows[end - 1].has_first() && is_below(end) {
        end -= 1;
    }
    end.max(1)
}

/// The lines of a table, or nothing where it may be none.
fn table(page: &Page<'_>, lines: &[Line], gutters: &[Gutter]) -> Option<String> {
    let width = gutters.len() + 1;
    let rows: Vec<Row> = lines.iter().map(|line| row(page, line, gutters)).collect();
    let beside = rows.iter().filter(|row| row.cells.len() > 1).count();
    if beside < 2 || width < COLUMNS && beside < COLUMNS {
        return None;
    }
    if has_leaders(page, lines) {
        return None;
    }
    // Texts beside each other in one cell may be two cells whose gutter is not known.
    // Columns that are not told apart in their names alone are so in their values.
    let mut beside = rows.iter().skip(1).filter(|row| row.cells.len() > 1);
    let may_be_several = |segment: usize| page.segments[segment].may_be_several;
    if rows.iter().any(Row::has_doubled) || beside.any(|row| row.segments().any(may_be_several)) {
        return None;
    }
    let rows = joined_rows(rows);
    // A list is no table: its marks are no column.
    let columns = width - usize::from(is_marks(page, &rows));
    if columns < COLUMNS.min(width) {
        return None;
    }
    let mut grid = Grid::default();
    for (index, row) in rows.iter().enumerate() {
        grid.begin_row(false);
        let is_labeled = is_labeled(page, &rows, index);
        let mut next = 0;
        for (place, (columns, segments)) in row.cells.iter().enumerate() {
            grid.skip(columns.start().saturating_sub(next));
            let cell = Cell {
                text: cell_text(page, segments),
                columns: columns.clone().count(),
                ..Cell::default()
            };
            match is_labeled && place == 0 {
                true => grid.label(cell),
                false => grid.cell(cell),
            }
            next = columns.end() + 1;
        }
        grid.skip(width.saturating_sub(next));
    }
    if has_whole_names(page, &rows)
        && has_numbers(page, &rows, width)
        && grid.has_certain_names(Origin::Page)
    {
        return Some(joined(&grid.into_parts(Origin::Page)));
    }
    let is_table = columns >= COLUMNS && has_empty(&rows, width);
    (is_table && !is_bridged(page, lines)).then(|| plain(page, &rows))
}

fn row(page: &Page<'_>, line: &Line, gutters: &[Gutter]) -> Row {
    let mut cells: Vec<(RangeInclusive<usize>, Vec<usize>)> = Vec::new();
    for segment in &line.segments {
        let own = &page.segments[*segment];
        let before = |place: f64| gutters.iter().filter(|one| one.middle() <= place).count();
        let columns = before(own.start)..=before(own.end);
        match cells.last_mut() {
            Some((last, segments)) if last.end() >= columns.start() => {
                *last = *last.start()..=*last.end().max(columns.end());
                segments.push(*segment);
            }
            _ => cells.push((columns, vec![*segment])),
        }
    }
    Row {
        cells,
        down: line.down,
        drawn: line.segments.iter().copied().max().unwrap_or(0),
    }
}

/// Puts the lines of each row together: those of a cell that were drawn before what stands beside it, and those that are
/// nearer to the line above than rows are to each other.
fn joined_rows(lines: Vec<Row>) -> Vec<Row> {
    let in_columns = is_drawn_in_columns(&lines);
    let first = |line: &Row| line.segments().min().unwrap_or(0);
    let mut rows: Vec<Row> = Vec::new();
    let downs: Vec<f64> = lines.iter().map(|line| line.down).collect();
    let starts: Vec<bool> = lines
        .iter()
        .map(|line| line.has_first() && line.cells.len() > 1)
        .collect();
    for (index, line) in lines.into_iter().enumerate() {
        let next = (index + 1..starts.len()).find(|later| starts[*later]);
        let belongs = rows.last().is_some_and(|row| {
            let (above, own) = (row.columns(), line.columns());
            let is_part = own.len() < above.len() && own.iter().all(|one| above.contains(one));
            let is_nearer = next.is_some_and(|next| {
                line.down - row.down < NEARER * (downs[next] - downs[next - 1])
            });
            let was_before = !in_columns && first(&line) < row.drawn;
            was_before && row.goes_on_with(&line) || is_part && is_nearer && !starts[index]
        });
        match rows.last_mut() {
            Some(row) if belongs => row.add(line),
            _ => rows.push(line),
        }
    }
    rows
}

/// Whether some column was drawn at once, so that what was drawn before what does not tell of rows.
fn is_drawn_in_columns(lines: &[Row]) -> bool {
    let width = lines.iter().flat_map(Row::columns).max().unwrap_or(0);
    (0..=width).any(|column| {
        let within = |line: &&Row| line.columns().contains(&column);
        let lines_of: Vec<usize> = (0..lines.len())
            .filter(|line| within(&&lines[*line]))
            .collect();
        let cells = lines.iter().flat_map(|line| &line.cells);
        let mut own: Vec<usize> = cells
            .filter(|(columns, _)| columns.contains(&column))
            .flat_map(|(_, segments)| segments.clone())
            .collect();
        own.sort_unstable();
        let (Some(first), Some(last)) = (lines_of.first(), lines_of.last()) else {
            return false;
        };
        let is_long = own.len() >= COLUMNS && 2 * (last - first + 1) > lines.len();
        is_long && own.windows(2).all(|pair| pair[0] + 1 == pair[1])
    })
}

impl Row {
    /// Whether each cell that a line shares with this row was drawn right after what the row has of it: programs draw a
    /// cell to its end before the next one. A cell over several rows may stand beside any of them.
    fn goes_on_with(&self, line: &Self) -> bool {
        line.cells.iter().all(|(columns, segments)| {
            let mut same = self
                .cells
                .iter()
                .filter(|(own, _)| own.start() <= columns.end() && columns.start() <= own.end());
            let first = segments.iter().min().copied().unwrap_or(0);
            same.all(|(_, own)| own.iter().max().is_some_and(|last| last + 1 == first))
        })
    }

    fn add(&mut self, line: Self) {
        for (columns, segments) in line.cells {
            let same = self
                .cells
                .iter_mut()
                .find(|(own, _)| own.start() <= columns.end() && columns.start() <= own.end());
            match same {
                Some((_, own)) => own.extend(segments),
                None => self.cells.push((columns, segments)),
            }
        }
        self.cells.sort_by_key(|(columns, _)| *columns.start());
        self.down = line.down;
        self.drawn = self.drawn.max(line.drawn);
    }
}

fn cell_text(page: &Page<'_>, segments: &[usize]) -> String {
    let mut lines = Lines::new(page.ink);
    for segment in segments {
        for piece in &page.shown[page.segments[*segment].pieces.clone()] {
            lines.add(*piece);
        }
    }
    tidied(&lines.finish())
}

fn is_number(text: &str) -> bool {
    text.contains(|one: char| one.is_ascii_digit()) && !text.contains(char::is_alphabetic)
}

/// Whether what stands above several columns has names of each below it, and no values: else it may be several names.
fn has_whole_names(page: &Page<'_>, rows: &[Row]) -> bool {
    let [first, second, ..] = rows else {
        return false;
    };
    let wide = first
        .cells
        .iter()
        .filter(|(columns, _)| columns.clone().count() > 1);
    wide.map(|(columns, _)| columns).all(|columns| {
        let below = second
            .cells
            .iter()
            .filter(|(own, _)| columns.contains(own.start()));
        let mut below = below
            .map(|(_, segments)| cell_text(page, segments))
            .peekable();
        below.peek().is_some() && below.all(|text| !is_number(text.trim()))
    })
}

/// Whether a column has numbers alone below the first row: then the first row is no row of values.
fn has_numbers(page: &Page<'_>, rows: &[Row], width: usize) -> bool {
    let enough = if width >= COLUMNS { 1 } else { 2 };
    (0..width).any(|column| {
        let cells = rows
            .iter()
            .skip(1)
            .filter(|row| row.cells.len() > 1)
            .flat_map(|row| &row.cells);
        let own = cells.filter(|(columns, _)| *columns == (column..=column));
        let texts: Vec<String> = own.map(|(_, segments)| cell_text(page, segments)).collect();
        texts.len() >= enough && texts.iter().all(|text| is_number(text))
    })
}

/// Whether a row begins with what it is, such as the sum of those above it, and not with a value: it has no first cell,
/// and the column of its own first one has no words in rows that have one.
fn is_labeled(page: &Page<'_>, rows: &[Row], index: usize) -> bool {
    let row = &rows[index];
    let [(columns, segments), _, ..] = row.cells.as_slice() else {
        return false;
    };
    let text = |segments: &[usize]| cell_text(page, segments);
    let has_words = |segments: &[usize]| text(segments).contains(char::is_alphabetic);
    let has_values = |row: &Row| {
        let mut others = row.cells.iter().skip(1);
        row.has_first() && others.any(|(_, segments)| is_number(text(segments).trim()))
    };
    if row.has_first() || !has_words(segments) || !rows[..index].iter().any(has_values) {
        return false;
    }
    // The first row has the names.
    let others = rows[1..].iter().filter(|row| row.has_first());
    let mut own = others
        .flat_map(|row| &row.cells)
        .filter(|(own, _)| own.start() <= columns.end() && columns.start() <= own.end());
    own.all(|(_, segments)| !has_words(segments))
}

/// Whether the first column has marks of a list alone.
fn is_marks(page: &Page<'_>, rows: &[Row]) -> bool {
    let first = rows.iter().filter(|row| row.has_first());
    let mut first = first.flat_map(|row| &row.cells[0].1).peekable();
    first.peek().is_some() && first.all(|segment| super::is_mark(&page.text(*segment)))
}

/// Whether a row of several cells has none in some column.
fn has_empty(rows: &[Row], width: usize) -> bool {
    let mut rows = rows.iter().filter(|row| row.cells.len() > 1);
    rows.any(|row| row.columns().len() < width)
}

/// Whether most of the gaps are blanks that were drawn, as in a text that is laid out with them.
fn is_bridged(page: &Page<'_>, lines: &[Line]) -> bool {
    let (mut all, mut bridged) = (0, 0);
    for line in lines {
        for pair in line.segments.windows(2) {
            let (one, other) = (&page.segments[pair[0]], &page.segments[pair[1]]);
            all += 1;
            bridged += usize::from(one.blanks > BRIDGED * (other.start - one.end));
        }
    }
    2 * bridged > all
}

/// Whether dots lead through most of the lines, as in a table of contents.
fn has_leaders(page: &Page<'_>, lines: &[Line]) -> bool {
    let has_dots = |line: &&Line| {
        let mut texts = line.segments.iter().map(|segment| page.text(*segment));
        texts.any(|text| {
            ["....", ". . . ", "\u{2026}\u{2026}"]
                .iter()
                .any(|dots| text.contains(dots))
        })
    };
    2 * lines.iter().filter(has_dots).count() > lines.len()
}

fn plain(page: &Page<'_>, rows: &[Row]) -> String {
    let mut text = String::new();
    for row in rows {
        let mut next = 0;
        for (columns, segments) in &row.cells {
            let cell = cell_text(page, segments);
            let cell = cell.split_whitespace().collect::<Vec<_>>().join(" ");
            if row.cells.len() > 1 {
                text.push_str(&" | ".repeat(columns.start() - next));
            }
            text.push_str(&cell);
            next = *columns.start();
        }
        text.push('\n');
    }
    text
}
