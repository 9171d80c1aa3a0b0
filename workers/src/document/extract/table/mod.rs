//! Tables as text, one rule for every format: a row names its columns, so that a passage makes sense by itself.
//!
//! Cells are placed by their spans (`grid.rs`). Which rows hold the names is found, not assumed (`plan.rs`): title
//! lines come first, then the header, where there is one. A form is read as one fact a line, and a table without names
//! keeps its rows as they are: a value never gets a name that might not be its own. A sheet or a file may hold several
//! tables, below each other (`further.rs`) or beside each other (`beside.rs`). `writer.rs` writes the lines.

mod beside;
pub mod delimited;
#[cfg(test)]
mod doubts;
mod further;
mod grid;
mod plan;
#[cfg(test)]
mod tests;
mod writer;

use std::rc::Rc;

pub use grid::{Cell, Grid, inner};
pub use writer::Writer;

/// The lines of a table, or of several that have no caption.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// What stands above the table, which each passage of it repeats.
    pub caption: String,
    /// Its lines, with those of the caption.
    pub text: String,
}

/// The lines of several tables.
pub fn joined(parts: &[Part]) -> String {
    parts.iter().map(|part| part.text.as_str()).collect()
}

/// What a table comes from, which decides where its cells do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Records of data, in a CSV file or on a sheet: the first row usually names the columns.
    Data,
    /// Part of a page, where two columns are as often a form: "Name | Ada", "Born | 1815".
    Page,
}

/// One place of a table. A cell that spans several places has the same number in each.
#[derive(Debug, Clone, Default)]
pub struct Slot {
    pub text: Rc<str>,
    /// The number of its cell; 0 where there is none.
    pub cell: u32,
    /// Whether the document calls it a heading.
    pub heading: bool,
    /// Whether it is emphasised: bold, or shaded like a header.
    pub strong: bool,
    /// Whether it tells what its row is, and is no value of its column.
    pub label: bool,
}

#[derive(Debug, Clone, Default)]
pub struct Row {
    pub slots: Vec<Slot>,
    /// Whether the document calls it a header row.
    pub heading: bool,
}

impl Slot {
    fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

impl Row {
    /// Its cells with text, each once, with the columns that they cover.
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

    fn filled(&self) -> usize {
        self.cells().len()
    }

    /// Whether each of its cells is emphasised, or called a heading.
    fn stands_out(&self) -> bool {
        self.heading || self.all(|slot| slot.strong || slot.heading)
    }

    /// Whether the document calls it a header.
    fn is_declared(&self) -> bool {
        self.heading || self.all(|slot| slot.heading)
    }

    fn all(&self, is: impl Fn(&Slot) -> bool) -> bool {
        let mut filled = self.slots.iter().filter(|slot| !slot.is_empty()).peekable();
        filled.peek().is_some() && filled.all(is)
    }

    fn slot(&self, column: usize) -> Option<&Slot> {
        self.slots.get(column).filter(|slot| !slot.is_empty())
    }

    fn same_texts(&self, other: &Self) -> bool {
        let texts = |row: &Self| -> Vec<Rc<str>> {
            row.slots.iter().map(|slot| slot.text.clone()).collect()
        };
        texts(self) == texts(other)
    }
}
