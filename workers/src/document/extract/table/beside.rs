//! Tells tables apart that stand beside each other with an empty column between them.
//!
//! An empty column is also a gap within one table. It parts two where both sides have at least two columns, and a name
//! stands on both sides, or each side has a title of its own, or they begin or end at other rows.

use std::collections::HashSet;
use std::ops::Range;

use super::Row;

/// Rows by which two tables end or begin apart, where nothing else says that they are two.
const APART: usize = 2;

/// Leading rows that are above all of the tables, and the columns of each table; none where there is one.
pub fn split(rows: &[Row]) -> Option<(usize, Vec<Range<usize>>)> {
    let above = rows.iter().take_while(|row| row.filled() < 2).count();
    let rows = &rows[above..];
    let sides = sides(rows);
    let mut tables: Vec<Range<usize>> = Vec::new();
    for side in sides {
        match tables.last_mut() {
            Some(last) if !are_apart(rows, last, &side) => last.end = side.end,
            _ => tables.push(side),
        }
    }
    (tables.len() > 1).then_some((above, tables))
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

fn are_apart(rows: &[Row], left: &Range<usize>, right: &Range<usize>) -> bool {
    if left.len() < 2 || right.len() < 2 {
        return false;
    }
    let side = |columns: &Range<usize>| -> Vec<(usize, Row)> {
        let parts = rows.iter().map(|row| part(row, columns)).enumerate();
        parts.filter(|(_, row)| row.filled() > 0).collect()
    };
    let (left, right) = (side(left), side(right));
    let (Some(first), Some(other)) = (left.first(), right.first()) else {
        return false;
    };
    let begins = first.0.abs_diff(other.0);
    let ends = match (left.last(), right.last()) {
        (Some(left), Some(right)) => left.0.abs_diff(right.0),
        _ => 0,
    };
    let is_titled = |side: &[(usize, Row)]| {
        side[0].1.filled() == 1 && side.get(1).is_some_and(|(_, row)| row.filled() > 1)
    };
    let names = |row: &Row| -> HashSet<String> {
        let cells = row.cells().into_iter();
        cells.map(|(_, slot)| slot.text.to_string()).collect()
    };
    let repeated = left.len() > 1 && !names(&first.1).is_disjoint(&names(&other.1));
    repeated
        || is_titled(&left) && is_titled(&right)
        || begins >= APART
        || ends >= APART
        || begins > 0 && ends > 0
}
