//! Writes tables as text, the same for every format: each row names its columns, so that a passage makes sense by
//! itself.
//!
//! Cells are placed by their spans (`grid.rs`). Which rows hold the column names is detected (`layout.rs`): title lines
//! come first, then the header row, if there is one. A form is read as one fact per line, and a table without column
//! names keeps its rows as they are: a value never gets a name that might not be its own. A sheet or a file may contain
//! several tables, below each other (`next_table.rs`) or side by side (`side_by_side.rs`). `writer.rs` writes the
//! lines.

#[cfg(test)]
mod ambiguity_tests;
pub(super) mod delimited;
mod grid;
mod layout;
mod next_table;
mod side_by_side;
#[cfg(test)]
mod tests;
mod writer;

use std::rc::Rc;

pub(super) use grid::{Cell, Grid, encode_nested};
pub(super) use writer::TableWriter;

/// The lines of a table, or of several that have no caption.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct TablePart {
    /// The text above the table, which each of its passages repeats.
    pub caption: String,
    /// The lines of the table, with the caption.
    pub text: String,
}

/// Joins the lines of several tables.
pub(super) fn join_parts(parts: &[TablePart]) -> String {
    parts.iter().map(|part| part.text.as_str()).collect()
}

/// The source of a table, which decides how it is read if its cells do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// A CSV file or a sheet: the first row usually names the columns.
    Data,
    /// A page, where two columns are often a form: "Name | Ada", "Born | 1815".
    Page,
}

/// A position in the grid of a table. A merged cell has the same number in each of its slots.
#[derive(Debug, Clone, Default)]
pub(super) struct Slot {
    pub text: Rc<str>,
    /// The number of its cell; 0 if there is none.
    pub cell: u32,
    /// Whether the document declares it a header cell.
    pub heading: bool,
    /// Whether it is bold, or shaded like a header cell.
    pub strong: bool,
    /// Whether it labels its row and is not a value of its column.
    pub label: bool,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub slots: Vec<Slot>,
    /// Whether the document declares it a header row.
    pub heading: bool,
}

impl Slot {
    fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

impl Row {
    /// Its cells with text, each once, with the columns that they span.
    fn cells(&self) -> Vec<(std::ops::Range<usize>, &Slot)> {
        let mut cells: Vec<(std::ops::Range<usize>, &Slot)> = Vec::new();
        for (column, slot) in self.slots.iter().enumerate() {
            match cells.last_mut() {
                Some((columns, last)) if last.cell == slot.cell && columns.end == column => {
                    columns.end += 1;
                }
                _ if slot.is_empty() => {}
                _ => cells.push((column..column + 1, slot)),
            }
        }
        cells
    }

    fn cell_count(&self) -> usize {
        self.cells().len()
    }

    /// Whether each of its cells is emphasized or a header cell.
    fn is_emphasized(&self) -> bool {
        self.heading || self.all_filled(|slot| slot.strong || slot.heading)
    }

    /// Whether the document declares it a header row, by itself or by all its cells.
    fn is_declared(&self) -> bool {
        self.heading || self.all_filled(|slot| slot.heading)
    }

    fn all_filled(&self, predicate: impl Fn(&Slot) -> bool) -> bool {
        let mut filled = self.slots.iter().filter(|slot| !slot.is_empty()).peekable();
        filled.peek().is_some() && filled.all(predicate)
    }

    fn slot(&self, column: usize) -> Option<&Slot> {
        self.slots.get(column).filter(|slot| !slot.is_empty())
    }

    fn has_same_texts(&self, other: &Self) -> bool {
        let texts = |row: &Self| -> Vec<Rc<str>> {
            row.slots.iter().map(|slot| slot.text.clone()).collect()
        };
        texts(self) == texts(other)
    }
}
