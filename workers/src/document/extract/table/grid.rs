//! Places the cells of a table by their spans.

use std::rc::Rc;

use super::plan::{Reading, plan};
use super::{Origin, Part, Row, Slot, Writer};

/// Columns that one cell may span, as HTML has it.
const WIDEST: usize = 1_000;
/// Places of one table; further spans are ignored.
const PLACES: usize = 2_000_000;

/// Ends the lines of a table in a cell, which are kept apart there.
const INNER: char = '\u{1e}';

/// A table while it is read, cell by cell.
#[derive(Debug, Default)]
pub struct Grid {
    rows: Vec<Row>,
    /// By column: what reaches down from above, and into how many rows.
    reaching: Vec<Option<(Slot, usize)>>,
    cells: u32,
    places: usize,
    /// The texts of its cells as they are laid out.
    blocks: Vec<String>,
}

/// A cell that is to be placed.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// Its lines, as they are laid out.
    pub text: String,
    pub columns: usize,
    pub rows: usize,
    pub heading: bool,
    pub strong: bool,
}

impl Grid {
    pub fn begin_row(&mut self, heading: bool) {
        self.finish_row();
        self.rows.push(Row {
            slots: vec![],
            heading,
        });
    }

    /// Leaves columns free.
    pub fn skip(&mut self, columns: usize) {
        for _ in 0..columns.min(WIDEST) {
            self.place(Slot::default());
        }
    }

    /// Places a cell at the next column that is free.
    pub fn cell(&mut self, cell: Cell) {
        if self.rows.is_empty() {
            self.begin_row(false);
        }
        self.fill_from_above();
        self.cells += 1;
        let slot = Slot {
            text: Rc::from(flat(&cell.text)),
            cell: self.cells,
            heading: cell.heading,
            strong: cell.strong,
            label: false,
        };
        self.blocks.push(cell.text);
        let room = self.places < PLACES;
        let columns = if room {
            cell.columns.clamp(1, WIDEST)
        } else {
            1
        };
        for _ in 0..columns {
            let column = self.width();
            self.place(slot.clone());
            if cell.rows > 1 && room {
                self.reach(column, slot.clone(), cell.rows - 1);
            }
        }
    }

    /// Places a cell that tells what its row is, and is no value of its column.
    pub fn label(&mut self, cell: Cell) {
        self.cell(cell);
        let slots = self.rows.last_mut().map(|row| row.slots.iter_mut());
        for slot in slots.into_iter().flatten() {
            slot.label |= slot.cell == self.cells;
        }
    }

    /// Lets the cell above reach into this row, as documents say that repeat each merged cell.
    pub fn continue_above(&mut self, columns: usize) {
        let column = self.width();
        let before = self.rows.len().checked_sub(2).map(|row| &self.rows[row]);
        let slots: Vec<Slot> = (column..column + columns.clamp(1, WIDEST))
            .map(|column| before.and_then(|row| row.slots.get(column).cloned()))
            .map(Option::unwrap_or_default)
            .collect();
        for slot in slots {
            self.place(slot);
        }
    }

    /// Lets the cell on the left reach further, as old documents say it.
    pub fn continue_left(&mut self, columns: usize) {
        let left = self
            .rows
            .last()
            .and_then(|row| row.slots.last().cloned())
            .unwrap_or_default();
        for _ in 0..columns.clamp(1, WIDEST) {
            self.place(left.clone());
        }
    }

    /// Whether the document or the values, and no custom, say which row names the columns.
    pub fn has_certain_names(&mut self, origin: Origin) -> bool {
        self.finish_row();
        let plan = plan(&self.rows, origin);
        plan.certain && matches!(plan.reading, Reading::Named(_))
    }

    /// The table as text, in parts, each with its caption.
    pub fn into_parts(mut self, origin: Origin) -> Vec<Part> {
        self.finish_row();
        let widest = self.rows.iter().map(Row::filled).max().unwrap_or(0);
        let rows = self.rows.iter().filter(|row| row.filled() > 0).count();
        // A single row or column arranges a page: it has no names.
        if widest <= 1
            || rows <= 1
                && self
                    .blocks
                    .iter()
                    .any(|text| text.trim().contains(['\n', INNER]))
        {
            let blocks = self.blocks.iter().map(|text| text.trim());
            let blocks: Vec<&str> = blocks.filter(|text| !text.is_empty()).collect();
            return vec![Part {
                text: ended(blocks.join("\n").replace(INNER, "\n")),
                ..Part::default()
            }];
        }
        let mut writer = Writer::new(origin);
        for row in self.rows {
            writer.row(row);
        }
        writer.end()
    }

    fn width(&self) -> usize {
        self.rows.last().map_or(0, |row| row.slots.len())
    }

    fn place(&mut self, slot: Slot) {
        self.places += 1;
        if let Some(row) = self.rows.last_mut() {
            row.slots.push(slot);
        }
    }

    fn reach(&mut self, column: usize, slot: Slot, rows: usize) {
        if self.reaching.len() <= column {
            self.reaching.resize(column + 1, None);
        }
        self.reaching[column] = Some((slot, rows));
    }

    fn fill_from_above(&mut self) {
        loop {
            if self.places >= PLACES {
                self.reaching.clear();
                return;
            }
            let column = self.width();
            let reaching = self.reaching.get_mut(column).and_then(Option::take);
            let Some((slot, left)) = reaching else {
                return;
            };
            if left > 1 {
                self.reach(column, slot.clone(), left - 1);
            }
            self.place(slot);
        }
    }

    /// What reaches down behind the last cell of a row.
    fn finish_row(&mut self) {
        if self.rows.is_empty() {
            return;
        }
        loop {
            self.fill_from_above();
            let behind = self.reaching.get(self.width()..).unwrap_or_default();
            if self.places >= PLACES || !behind.iter().any(Option::is_some) {
                return;
            }
            self.place(Slot::default());
        }
    }
}

fn ended(mut text: String) -> String {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// A table as text in a cell of another.
pub fn inner(table: &str) -> String {
    table.trim_end().replace('\n', &INNER.to_string())
}

/// On one line.
fn flat(text: &str) -> String {
    let one_line = |part: &str| part.split_whitespace().collect::<Vec<_>>().join(" ");
    let parts: Vec<String> = text.split(INNER).map(one_line).collect();
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" / ")
}
