//! Splits tables that are side by side with an empty column between them.
//!
//! An empty column may also be a gap within one table, whose last values may be missing. It separates two tables if both
//! sides have at least two columns, and
//! 1. a name occurs on both sides, or each side has its own title, or
//! 2. the header row of one side is next to values of the other, or
//! 3. each side has a header row, and the right one continues below the end of the left one with rows that have a name.

use std::collections::HashSet;
use std::ops::Range;

use super::Row;
use super::layout::{ValueKind, value_kind};

/// Minimum number of rows that the right table continues below the left one.
const MIN_EXTRA_ROWS: usize = 2;
/// Maximum number of column groups; if there are more, the gaps belong to one table.
const MAX_GROUPS: usize = 36;

/// Adjacent columns between empty ones.
struct ColumnGroup {
    columns: Range<usize>,
    /// By row: whether it has a value in these columns.
    filled: Vec<bool>,
}

/// The number of leading rows above all tables, and the columns of each table; none if there is only one table.
pub(super) fn split_tables(rows: &[Row]) -> Option<(usize, Vec<Range<usize>>)> {
    let above = rows.iter().take_while(|row| row.cell_count() < 2).count();
    let rows = &rows[above..];
    let groups = column_groups(rows);
    if !(2..=MAX_GROUPS).contains(&groups.len()) {
        return None;
    }
    let mut tables: Vec<ColumnGroup> = Vec::new();
    for columns in groups {
        let group = ColumnGroup::new(rows, columns);
        match tables.last_mut() {
            Some(last) if !are_separate(rows, last, &group) => last.add(group),
            _ => tables.push(group),
        }
    }
    let columns = || tables.iter().map(|table| table.columns.clone());
    (tables.len() > 1).then(|| (above, columns().collect()))
}

/// The part of a row that belongs to a table.
pub(super) fn slice_columns(row: &Row, columns: &Range<usize>) -> Row {
    let end = columns.end.min(row.slots.len());
    let slots = row.slots.get(columns.start.min(end)..end);
    Row {
        slots: slots.unwrap_or_default().to_vec(),
        heading: row.heading,
    }
}

impl ColumnGroup {
    fn new(rows: &[Row], columns: Range<usize>) -> Self {
        let is_filled = |row: &Row| columns.clone().any(|column| row.slot(column).is_some());
        Self {
            filled: rows.iter().map(is_filled).collect(),
            columns,
        }
    }

    fn add(&mut self, right: Self) {
        self.columns.end = right.columns.end;
        for (filled, other) in self.filled.iter_mut().zip(right.filled) {
            *filled |= other;
        }
    }

    fn first_row(&self) -> usize {
        self.filled.iter().position(|filled| *filled).unwrap_or(0)
    }

    fn last_row(&self) -> usize {
        self.filled.iter().rposition(|filled| *filled).unwrap_or(0)
    }

    /// Whether a title of one cell is above its rows.
    fn is_titled(&self, rows: &[Row]) -> bool {
        let (first, mut filled) = (
            self.first_row(),
            self.filled.iter().skip(self.first_row() + 1),
        );
        let next = filled.position(|filled| *filled).map(|at| first + 1 + at);
        slice_columns(&rows[first], &self.columns).cell_count() == 1
            && next.is_some_and(|next| slice_columns(&rows[next], &self.columns).cell_count() > 1)
    }

    /// Whether its first row, below a title, has words in each of its columns.
    fn has_names(&self, rows: &[Row]) -> bool {
        let first = self.first_row() + usize::from(self.is_titled(rows));
        rows.get(first).is_some_and(|row| {
            let mut columns = self.columns.clone();
            columns.len() > 1 && columns.all(|column| has_kind(row, column, ValueKind::Text))
        })
    }

    /// Whether it has names above numbers.
    fn has_header(&self, rows: &[Row]) -> bool {
        let below = rows.get(self.first_row() + 1..).unwrap_or_default();
        let numbers = |column: usize| {
            let mut kinds = below
                .iter()
                .filter_map(|row| row.slot(column))
                .map(|slot| value_kind(&slot.text))
                .peekable();
            kinds.peek().is_some() && kinds.all(|kind| kind == ValueKind::Number)
        };
        self.has_names(rows) && self.columns.clone().any(numbers)
    }

    fn has_number(&self, row: &Row) -> bool {
        let mut columns = self.columns.clone();
        columns.any(|column| has_kind(row, column, ValueKind::Number))
    }
}

fn has_kind(row: &Row, column: usize, expected: ValueKind) -> bool {
    let slot = row.slot(column);
    slot.is_some_and(|slot| value_kind(&slot.text) == expected)
}

/// Groups columns that are not empty in every row.
fn column_groups(rows: &[Row]) -> Vec<Range<usize>> {
    let width = rows.iter().map(|row| row.slots.len()).max().unwrap_or(0);
    let mut filled = vec![false; width];
    for row in rows {
        for (filled, slot) in filled.iter_mut().zip(&row.slots) {
            *filled |= !slot.is_empty();
        }
    }
    let mut groups: Vec<Range<usize>> = Vec::new();
    for column in (0..width).filter(|column| filled[*column]) {
        match groups.last_mut() {
            Some(group) if group.end == column => group.end += 1,
            _ => groups.push(column..column + 1),
        }
    }
    groups
}

fn are_separate(rows: &[Row], left: &ColumnGroup, right: &ColumnGroup) -> bool {
    if left.columns.len() < 2 || right.columns.len() < 2 {
        return false;
    }
    let names = |side: &ColumnGroup| -> HashSet<String> {
        let row = slice_columns(&rows[side.first_row()], &side.columns);
        let cells = row.cells().into_iter();
        cells.map(|(_, slot)| slot.text.to_string()).collect()
    };
    let repeats_name = left.filled.iter().filter(|filled| **filled).count() > 1
        && !names(left).is_disjoint(&names(right));
    repeats_name
        || left.is_titled(rows) && right.is_titled(rows)
        || starts_next_to_values(rows, left, right)
        || starts_next_to_values(rows, right, left)
        || continues_below(rows, left, right)
}

/// Whether the header row of a table is next to values of another.
fn starts_next_to_values(rows: &[Row], first: &ColumnGroup, other: &ColumnGroup) -> bool {
    let start = other.first_row();
    start > first.first_row() && first.has_number(&rows[start]) && other.has_header(rows)
}

/// Whether the right table has rows below the last one on the left, each with a name.
fn continues_below(rows: &[Row], left: &ColumnGroup, right: &ColumnGroup) -> bool {
    let (end, last) = (left.last_row(), right.last_row());
    let without_gap = left.filled[left.first_row()..=end]
        .iter()
        .all(|filled| *filled);
    let has_name = |row: &Row| has_kind(row, right.columns.start, ValueKind::Text);
    last >= end + MIN_EXTRA_ROWS
        && without_gap
        && left.has_names(rows)
        && right.has_names(rows)
        && (end + 1..=last)
            .filter(|row| right.filled[*row])
            .all(|row| has_name(&rows[row]))
}
