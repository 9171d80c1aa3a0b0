//! Tables whose cells are separated by gutters: each value stays in its column.
//!
//! If the values or the emphasis show that the first row names the columns, each row is read with these names, as in
//! all formats. Otherwise, if a cell is empty, cells are separated by bars, so that no value moves below another name.
//! Lines of one cell are joined if the line distances show it, or if they were drawn before the next cell.

use std::ops::RangeInclusive;

use super::gutters::Gutter;
use super::segments::{Line, PageSegments};
use crate::document::extract::pdf::layout::LineBuilder;
use crate::document::extract::pdf::reflow::reflow;
use crate::document::extract::table::{Cell, Grid, Origin, join_parts};

/// Lines of one row are closer than this fraction of the distance to the next row.
const ROW_LINE_DISTANCE: f64 = 0.85;
/// The share of a gap that is filled by spaces if a line of text runs through it.
const BRIDGED_SHARE: f64 = 0.5;
/// A line is not part of a table if it is this factor further below than all lines before it, and this many font sizes.
const FAR_BY_DISTANCE: f64 = 1.7;
const FAR_BY_SIZE: f64 = 2.2;
/// Lines of a header within which all columns start.
const HEADER_LINES: usize = 3;
/// Minimum number of rows and columns of a table without column names.
const MIN_COLUMNS: usize = 3;

/// From the first line with text on both sides of a gutter to the last one, and the lines that follow closely.
pub(super) fn table_range(gutters: &[Gutter]) -> (usize, usize) {
    let first = gutters
        .iter()
        .map(|gutter| gutter.text_lines.0)
        .min()
        .unwrap_or(0);
    let last = gutters
        .iter()
        .map(|gutter| gutter.last_line)
        .max()
        .unwrap_or(0);
    (first, last)
}

/// The gutters of a table on these lines, from left to right.
pub(super) fn table_gutters(found: &[Gutter], range: (usize, usize)) -> Vec<Gutter> {
    // Columns start within the first rows of their table.
    let is_within = |gutter: &&Gutter| {
        (range.0..=range.0 + HEADER_LINES).contains(&gutter.text_lines.0)
            && gutter.text_lines.0 < range.1
    };
    let mut gutters: Vec<Gutter> = found.iter().filter(is_within).copied().collect();
    gutters.sort_by(|first, second| first.start.total_cmp(&second.start));
    gutters
}

/// A table row, made of one line or several.
#[derive(Debug, Clone)]
struct TableRow {
    /// The columns and the segments of each cell.
    cells: Vec<(RangeInclusive<usize>, Vec<usize>)>,
    /// The baseline of its last line.
    baseline: f64,
    /// Its segment that was drawn last.
    last_drawn: usize,
}

impl TableRow {
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

    /// Whether a cell spans several columns.
    fn has_merged_cell(&self) -> bool {
        let mut cells = self.cells.iter();
        cells.any(|(columns, _)| columns.clone().count() > 1)
    }

    /// Whether a cell has several segments.
    fn has_crowded_cell(&self) -> bool {
        self.cells.iter().any(|(_, segments)| segments.len() > 1)
    }

    fn has_first_column(&self) -> bool {
        self.cells
            .first()
            .is_some_and(|(columns, _)| *columns.start() == 0)
    }
}

/// Reads a table that starts with the first line. Returns the number of its lines, and its text if it is a table.
pub(super) fn read_table(
    page: &PageSegments<'_>,
    lines: &[Line],
    gutters: &[Gutter],
) -> (usize, Option<String>) {
    let rows: Vec<TableRow> = lines
        .iter()
        .map(|line| split_line(page, line, gutters))
        .collect();
    let used = find_end(lines, &rows);
    let (lines, rows) = (&lines[..used], &rows[..used]);
    // A gap that is free on few lines only is not a gutter of this table.
    let has_text_on_both_sides = |gutter: &Gutter, row: &&TableRow| {
        let columns = row.columns();
        let column = gutters
            .iter()
            .filter(|left| left.middle() < gutter.middle())
            .count();
        columns.iter().any(|other| *other <= column) && columns.iter().any(|other| *other > column)
    };
    let is_used = |gutter: &&Gutter| {
        rows.iter()
            .filter(|row| has_text_on_both_sides(gutter, row))
            .count()
            > 1
    };
    let gutters: Vec<Gutter> = gutters.iter().filter(is_used).copied().collect();
    (used, build_table(page, lines, &gutters))
}

/// Finds the end of a table: a line that is far below, that runs across its columns, or that is a single text at its
/// start.
fn find_end(lines: &[Line], rows: &[TableRow]) -> usize {
    let mut max_distance: Option<f64> = None;
    let mut has_values = false;
    let mut end = rows.len();
    for (index, row) in rows.iter().enumerate() {
        let crosses_columns = row.has_merged_cell() || row.has_crowded_cell();
        let distance = match index {
            0 => 0.0,
            _ => lines[index].baseline - lines[index - 1].baseline,
        };
        let is_far = max_distance
            .is_some_and(|max_distance| distance > FAR_BY_DISTANCE * max_distance)
            && distance > FAR_BY_SIZE * lines[index].size;
        if is_far || crosses_columns && has_values {
            end = index;
            break;
        }
        if index > 0 {
            max_distance =
                Some(max_distance.map_or(distance, |max_distance| distance.max(max_distance)));
        }
        has_values |= !crosses_columns && row.cells.len() > 1 && index > 0;
    }
    // A line that was drawn before the other cells of the line above belongs to that row.
    let is_below = |end: usize| {
        let (above, last) = (&rows[end - 2], &rows[end - 1]);
        last.segments().min() > Some(above.last_drawn)
    };
    while end > 1
        && rows[end - 1].cells.len() == 1
        && rows[end - 1].has_first_column()
        && is_below(end)
    {
        end -= 1;
    }
    end.max(1)
}

/// The lines of a table, or nothing if it may not be one.
fn build_table(page: &PageSegments<'_>, lines: &[Line], gutters: &[Gutter]) -> Option<String> {
    let width = gutters.len() + 1;
    let rows: Vec<TableRow> = lines
        .iter()
        .map(|line| split_line(page, line, gutters))
        .collect();
    let split_rows = rows.iter().filter(|row| row.cells.len() > 1).count();
    if split_rows < 2 || width < MIN_COLUMNS && split_rows < MIN_COLUMNS {
        return None;
    }
    if has_leaders(page, lines) {
        return None;
    }
    // Adjacent texts in one cell may be two cells with an unknown gutter. Only the values count, since names may be too
    // close.
    let mut value_rows = rows.iter().skip(1).filter(|row| row.cells.len() > 1);
    let may_hold_several_cells = |segment: usize| page.segments[segment].may_hold_several_cells;
    if rows.iter().any(TableRow::has_crowded_cell)
        || value_rows.any(|row| row.segments().any(may_hold_several_cells))
    {
        return None;
    }
    let rows = merge_row_lines(rows);
    // A list is not a table: its markers are not a column.
    let columns = width - usize::from(has_only_markers(page, &rows));
    if columns < MIN_COLUMNS.min(width) {
        return None;
    }
    let mut grid = Grid::default();
    for (row_index, row) in rows.iter().enumerate() {
        grid.begin_row(false);
        let is_labeled = is_labeled(page, &rows, row_index);
        let mut next = 0;
        for (index, (columns, segments)) in row.cells.iter().enumerate() {
            grid.skip(columns.start().saturating_sub(next));
            let cell = Cell {
                text: cell_text(page, segments),
                columns: columns.clone().count(),
                ..Cell::default()
            };
            match is_labeled && index == 0 {
                true => grid.add_label(cell),
                false => grid.add_cell(cell),
            }
            next = columns.end() + 1;
        }
        grid.skip(width.saturating_sub(next));
    }
    if has_complete_names(page, &rows)
        && has_numeric_column(page, &rows, width)
        && grid.has_certain_names(Origin::Page)
    {
        return Some(join_parts(&grid.into_parts(Origin::Page)));
    }
    let is_table = columns >= MIN_COLUMNS && has_empty_cell(&rows, width);
    (is_table && !is_spaced_text(page, lines)).then(|| join_cells(page, &rows))
}

fn split_line(page: &PageSegments<'_>, line: &Line, gutters: &[Gutter]) -> TableRow {
    let mut cells: Vec<(RangeInclusive<usize>, Vec<usize>)> = Vec::new();
    for segment in &line.segments {
        let current = &page.segments[*segment];
        let column_at = |offset: f64| {
            gutters
                .iter()
                .filter(|gutter| gutter.middle() <= offset)
                .count()
        };
        let columns = column_at(current.start)..=column_at(current.end);
        match cells.last_mut() {
            Some((last, segments)) if last.end() >= columns.start() => {
                *last = *last.start()..=*last.end().max(columns.end());
                segments.push(*segment);
            }
            _ => cells.push((columns, vec![*segment])),
        }
    }
    TableRow {
        cells,
        baseline: line.baseline,
        last_drawn: line.segments.iter().copied().max().unwrap_or(0),
    }
}

/// Merges the lines of each row: lines of a cell that were drawn before the next cell, and lines that are closer to the
/// line above than rows are to each other.
fn merge_row_lines(lines: Vec<TableRow>) -> Vec<TableRow> {
    let is_by_column = is_drawn_in_columns(&lines);
    let first = |line: &TableRow| line.segments().min().unwrap_or(0);
    let mut rows: Vec<TableRow> = Vec::new();
    let baselines: Vec<f64> = lines.iter().map(|line| line.baseline).collect();
    let starts: Vec<bool> = lines
        .iter()
        .map(|line| line.has_first_column() && line.cells.len() > 1)
        .collect();
    for (index, line) in lines.into_iter().enumerate() {
        let next = (index + 1..starts.len()).find(|later| starts[*later]);
        let belongs = rows.last().is_some_and(|row| {
            let (above, columns) = (row.columns(), line.columns());
            let is_part =
                columns.len() < above.len() && columns.iter().all(|column| above.contains(column));
            let is_close = next.is_some_and(|next| {
                line.baseline - row.baseline
                    < ROW_LINE_DISTANCE * (baselines[next] - baselines[next - 1])
            });
            let was_drawn_before = !is_by_column && first(&line) < row.last_drawn;
            was_drawn_before && row.continues_with(&line) || is_part && is_close && !starts[index]
        });
        match rows.last_mut() {
            Some(row) if belongs => row.add(line),
            _ => rows.push(line),
        }
    }
    rows
}

/// Whether a column was drawn at once, so that the drawing order does not reveal rows.
fn is_drawn_in_columns(lines: &[TableRow]) -> bool {
    let width = lines.iter().flat_map(TableRow::columns).max().unwrap_or(0);
    (0..=width).any(|column| {
        let has_column = |line: &&TableRow| line.columns().contains(&column);
        let column_lines: Vec<usize> = (0..lines.len())
            .filter(|line| has_column(&&lines[*line]))
            .collect();
        let cells = lines.iter().flat_map(|line| &line.cells);
        let mut segments: Vec<usize> = cells
            .filter(|(columns, _)| columns.contains(&column))
            .flat_map(|(_, cell)| cell.clone())
            .collect();
        segments.sort_unstable();
        let (Some(first), Some(last)) = (column_lines.first(), column_lines.last()) else {
            return false;
        };
        let is_long = segments.len() >= MIN_COLUMNS && 2 * (last - first + 1) > lines.len();
        is_long && segments.windows(2).all(|pair| pair[0] + 1 == pair[1])
    })
}

impl TableRow {
    /// Whether each cell that a line shares with this row was drawn right after the part in this row: programs draw a
    /// cell completely before the next one. A cell that spans rows may be next to any of them.
    fn continues_with(&self, line: &Self) -> bool {
        line.cells.iter().all(|(columns, segments)| {
            let mut same = self.cells.iter().filter(|(other, _)| {
                other.start() <= columns.end() && columns.start() <= other.end()
            });
            let first = segments.iter().min().copied().unwrap_or(0);
            same.all(|(_, cell)| cell.iter().max().is_some_and(|last| last + 1 == first))
        })
    }

    fn add(&mut self, line: Self) {
        for (columns, segments) in line.cells {
            let same = self.cells.iter_mut().find(|(other, _)| {
                other.start() <= columns.end() && columns.start() <= other.end()
            });
            match same {
                Some((_, cell)) => cell.extend(segments),
                None => self.cells.push((columns, segments)),
            }
        }
        self.cells.sort_by_key(|(columns, _)| *columns.start());
        self.baseline = line.baseline;
        self.last_drawn = self.last_drawn.max(line.last_drawn);
    }
}

fn cell_text(page: &PageSegments<'_>, segments: &[usize]) -> String {
    let mut lines = LineBuilder::new(page.display_list);
    for segment in segments {
        for glyph in &page.visible[page.segments[*segment].glyphs.clone()] {
            lines.add_glyph(*glyph);
        }
    }
    reflow(&lines.finish())
}

fn is_number(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit()) && !text.contains(char::is_alphabetic)
}

/// Whether cells that span columns have names, not values, of each column below: otherwise they may be several names.
fn has_complete_names(page: &PageSegments<'_>, rows: &[TableRow]) -> bool {
    let [first, second, ..] = rows else {
        return false;
    };
    let merged = first
        .cells
        .iter()
        .filter(|(columns, _)| columns.clone().count() > 1);
    merged.map(|(columns, _)| columns).all(|columns| {
        let below = second
            .cells
            .iter()
            .filter(|(other, _)| columns.contains(other.start()));
        let mut below = below
            .map(|(_, segments)| cell_text(page, segments))
            .peekable();
        below.peek().is_some() && below.all(|text| !is_number(text.trim()))
    })
}

/// Whether a column has only numbers below the first row: then the first row has no values.
fn has_numeric_column(page: &PageSegments<'_>, rows: &[TableRow], width: usize) -> bool {
    let required = if width >= MIN_COLUMNS { 1 } else { 2 };
    (0..width).any(|column| {
        let cells = rows
            .iter()
            .skip(1)
            .filter(|row| row.cells.len() > 1)
            .flat_map(|row| &row.cells);
        let column_cells = cells.filter(|(columns, _)| *columns == (column..=column));
        let texts: Vec<String> = column_cells
            .map(|(_, segments)| cell_text(page, segments))
            .collect();
        texts.len() >= required && texts.iter().all(|text| is_number(text))
    })
}

/// Whether a row starts with a label, such as "Total", and not with a value: it has no cell in the first column, and
/// the column of its label has no words in rows that have one.
fn is_labeled(page: &PageSegments<'_>, rows: &[TableRow], index: usize) -> bool {
    let row = &rows[index];
    let [(columns, segments), _, ..] = row.cells.as_slice() else {
        return false;
    };
    let text = |segments: &[usize]| cell_text(page, segments);
    let has_words = |segments: &[usize]| text(segments).contains(char::is_alphabetic);
    let has_values = |row: &TableRow| {
        let mut others = row.cells.iter().skip(1);
        row.has_first_column() && others.any(|(_, segments)| is_number(text(segments).trim()))
    };
    if row.has_first_column() || !has_words(segments) || !rows[..index].iter().any(has_values) {
        return false;
    }
    // The first row holds the names.
    let others = rows[1..].iter().filter(|row| row.has_first_column());
    let mut values = others
        .flat_map(|row| &row.cells)
        .filter(|(other, _)| other.start() <= columns.end() && columns.start() <= other.end());
    values.all(|(_, segments)| !has_words(segments))
}

/// Whether the first column has only list markers.
fn has_only_markers(page: &PageSegments<'_>, rows: &[TableRow]) -> bool {
    let first = rows.iter().filter(|row| row.has_first_column());
    let mut first = first.flat_map(|row| &row.cells[0].1).peekable();
    first.peek().is_some() && first.all(|segment| super::is_list_marker(&page.text(*segment)))
}

/// Whether a row of several cells has an empty cell.
fn has_empty_cell(rows: &[TableRow], width: usize) -> bool {
    let mut rows = rows.iter().filter(|row| row.cells.len() > 1);
    rows.any(|row| row.columns().len() < width)
}

/// Whether most gaps are filled by spaces, as in text that is laid out with spaces.
fn is_spaced_text(page: &PageSegments<'_>, lines: &[Line]) -> bool {
    let (mut total, mut bridged) = (0, 0);
    for line in lines {
        for pair in line.segments.windows(2) {
            let (left, right) = (&page.segments[pair[0]], &page.segments[pair[1]]);
            total += 1;
            bridged += usize::from(left.trailing_space > BRIDGED_SHARE * (right.start - left.end));
        }
    }
    2 * bridged > total
}

/// Whether most lines have dot leaders, as in a table of contents.
fn has_leaders(page: &PageSegments<'_>, lines: &[Line]) -> bool {
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

fn join_cells(page: &PageSegments<'_>, rows: &[TableRow]) -> String {
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
