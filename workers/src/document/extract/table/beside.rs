//! Tells tables apart that stand beside each other with an empty column between them.
//!
//! An empty column is also a gap within one table, whose last values may be missing. It parts two where both sides have
//! at least two columns, and
//! 1. a name stands on both sides, or each side has a title of its own, or
//! 2. one side has its header beside values of the other, or
//! 3. each side has a header, and the right one goes on below the left one with rows that have a name of their own.

use std::collections::HashSet;
use std::ops::Range;

use super::Row;
use super::plan::{Kind, kind};

/// Rows by which the right table goes on below the left one, at least.
const APART: usize = 2;
/// Columns with a gap on either side, at most; where there are more, gaps are of one table.
const SIDES: usize = 36;

/// Columns between empty ones.
struct Side {
    columns: Range<usize>,
    /// By row: whether something is in it.
    filled: Vec<bool>,
}

/// Leading rows that are above all of the tables, and the columns of each table; none where there is one.
pub fn split(rows: &[Row]) -> Option<(usize, Vec<Range<usize>>)> {
    let above = rows.iter().take_while(|row| row.filled() < 2).count();
    let rows = &rows[above..];
    let sides = sides(rows);
    if !(2..=SIDES).contains(&sides.len()) {
        return None;
    }
    let mut tables: Vec<Side> = Vec::new();
    for columns in sides {
        let side = Side::new(rows, columns);
        match tables.last_mut() {
            Some(last) if !are_apart(rows, last, &side) => last.add(side),
            _ => tables.push(side),
        }
    }
    let columns = || tables.iter().map(|table| table.columns.clone());
    (tables.len() > 1).then(|| (above, columns().collect()))
}

/// The columns of a row that belong to a table.
pub fn part(row: &Row, columns: &Range<usize>) -> Row {
    let end = columns.end.min(row.slots.len());
    let slots = row.slots.get(columns.start.min(end)..end);
    Row {
        slots: slots.unwrap_or_default().to_vec(),
        heading: row.heading,
    }
}

impl Side {
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

    fn first(&self) -> usize {
        self.filled.iter().position(|filled| *filled).unwrap_or(0)
    }

    fn last(&self) -> usize {
        self.filled.iter().rposition(|filled| *filled).unwrap_or(0)
    }

    /// Whether a title of one cell is above its rows.
    fn is_titled(&self, rows: &[Row]) -> bool {
        let (first, mut filled) = (self.first(), self.filled.iter().skip(self.first() + 1));
        let next = filled.position(|filled| *filled).map(|at| first + 1 + at);
        part(&rows[first], &self.columns).filled() == 1
            && next.is_some_and(|next| part(&rows[next], &self.columns).filled() > 1)
    }

    /// Whether its first row, below a title, has a word in each of its columns.
    fn has_names(&self, rows: &[Row]) -> bool {
        let first = self.first() + usize::from(self.is_titled(rows));
        rows.get(first).is_some_and(|row| {
            let mut columns = self.columns.clone();
            columns.len() > 1 && columns.all(|column| is(row, column, Kind::Text))
        })
    }

    /// Whether it has names above numbers.
    fn has_header(&self, rows: &[Row]) -> bool {
        let below = rows.get(self.first() + 1..).unwrap_or_default();
        let numbers = |column: usize| {
            let mut kinds = below
                .iter()
                .filter_map(|row| row.slot(column))
                .map(|slot| kind(&slot.text))
                .peekable();
            kinds.peek().is_some() && kinds.all(|kind| kind == Kind::Number)
        };
        self.has_names(rows) && self.columns.clone().any(numbers)
    }

    fn has_number(&self, row: &Row) -> bool {
        let mut columns = self.columns.clone();
        columns.any(|column| is(row, column, Kind::Number))
    }
}

fn is(row: &Row, column: usize, own: Kind) -> bool {
    let slot = row.slot(column);
    slot.is_some_and(|slot| kind(&slot.text) == own)
}

/// Columns between those that are empty in every row.
fn sides(rows: &[Row]) -> Vec<Range<usize>> {
    let width = rows.iter().map(|row| row.slots.len()).max().unwrap_or(0);
    let mut filled = vec![false; width];
    for row in rows {
        for (filled, slot) in filled.iter_mut().zip(&row.slots) {
            *filled |= !slot.is_empty();
        }
    }
    let mut sides: Vec<Range<usize>> = Vec::new();
    for column in (0..width).filter(|column| filled[*column]) {
        match sides.last_mut() {
            Some(side) if side.end == column => side.end += 1,
            _ => sides.push(column..column + 1),
        }
    }
    sides
}

fn are_apart(rows: &[Row], left: &Side, right: &Side) -> bool {
    if left.columns.len() < 2 || right.columns.len() < 2 {
        return false;
    }
    let names = |side: &Side| -> HashSet<String> {
        let row = part(&rows[side.first()], &side.columns);
        let cells = row.cells().into_iter();
        cells.map(|(_, slot)| slot.text.to_string()).collect()
    };
    let repeated = left.filled.iter().filter(|filled| **filled).count() > 1
        && !names(left).is_disjoint(&names(right));
    repeated
        || left.is_titled(rows) && right.is_titled(rows)
        || begins_beside(rows, left, right)
        || begins_beside(rows, right, left)
        || goes_on_below(rows, left, right)
}

/// Whether a table begins with its header where another has values already.
fn begins_beside(rows: &[Row], first: &Side, other: &Side) -> bool {
    let begins = other.first();
    begins > first.first() && first.has_number(&rows[begins]) && other.has_header(rows)
}

/// Whether the right table has rows below the last one on the left, each with a name.
fn goes_on_below(rows: &[Row], left: &Side, right: &Side) -> bool {
    let (end, last) = (left.last(), right.last());
    let without_gap = left.filled[left.first()..=end].iter().all(|filled| *filled);
    let named = |row: &Row| is(row, right.columns.start, Kind::Text);
    last >= end + APART
        && without_gap
        && left.has_names(rows)
        && right.has_names(rows)
        && (end + 1..=last)
            .filter(|at| right.filled[*at])
            .all(|at| named(&rows[at]))
}
