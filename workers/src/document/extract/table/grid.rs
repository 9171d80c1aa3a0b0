//! Places the cells of a table in a grid by their spans.

use std::rc::Rc;

use super::layout::{RowLayout, choose_layout};
use super::{Origin, Row, Slot, TablePart, TableWriter};

/// Maximum column span of a cell (HTML standard).
const MAX_COLUMN_SPAN: usize = 1_000;
/// Maximum number of slots of a table; further spans are ignored.
const MAX_SLOTS: usize = 2_000_000;

/// Separates the lines of a nested table within a cell.
const NESTED_LINE_END: char = '\u{1e}';

/// A table that is built cell by cell.
#[derive(Debug, Default)]
pub(crate) struct Grid {
    rows: Vec<Row>,
    /// By column: the cell that spans down from above, and into how many more rows.
    spanning: Vec<Option<(Slot, usize)>>,
    cell_count: u32,
    slot_count: usize,
    /// The texts of its cells, with their lines.
    cell_texts: Vec<String>,
}

/// A cell to place in the grid.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    /// Its lines.
    pub text: String,
    pub columns: usize,
    pub rows: usize,
    pub heading: bool,
    pub strong: bool,
}

impl Grid {
    pub(crate) fn begin_row(&mut self, heading: bool) {
        self.finish_row();
        self.rows.push(Row {
            slots: vec![],
            heading,
        });
    }

    /// Leaves columns empty.
    pub(crate) fn skip(&mut self, columns: usize) {
        for _ in 0..columns.min(MAX_COLUMN_SPAN) {
            self.push_slot(Slot::default());
        }
    }

    /// Places a cell in the next free column.
    pub(crate) fn add_cell(&mut self, cell: Cell) {
        if self.rows.is_empty() {
            self.begin_row(false);
        }
        self.fill_from_above();
        self.cell_count += 1;
        let slot = Slot {
            text: Rc::from(flatten(&cell.text)),
            cell: self.cell_count,
            heading: cell.heading,
            strong: cell.strong,
            label: false,
        };
        self.cell_texts.push(cell.text);
        let has_capacity = self.slot_count < MAX_SLOTS;
        let columns = if has_capacity {
            cell.columns.clamp(1, MAX_COLUMN_SPAN)
        } else {
            1
        };
        for _ in 0..columns {
            let column = self.width();
            self.push_slot(slot.clone());
            if cell.rows > 1 && has_capacity {
                self.span_down(column, slot.clone(), cell.rows - 1);
            }
        }
    }

    /// Places a cell that labels its row and is not a value of its column.
    pub(crate) fn add_label(&mut self, cell: Cell) {
        self.add_cell(cell);
        let slots = self.rows.last_mut().map(|row| row.slots.iter_mut());
        for slot in slots.into_iter().flatten() {
            slot.label |= slot.cell == self.cell_count;
        }
    }

    /// Extends the cell above into this row, for documents that repeat merged cells.
    pub(crate) fn continue_above(&mut self, columns: usize) {
        let column = self.width();
        let previous = self.rows.len().checked_sub(2).map(|row| &self.rows[row]);
        let slots: Vec<Slot> = (column..column + columns.clamp(1, MAX_COLUMN_SPAN))
            .map(|column| previous.and_then(|row| row.slots.get(column).cloned()))
            .map(Option::unwrap_or_default)
            .collect();
        for slot in slots {
            self.push_slot(slot);
        }
    }

    /// Extends the cell on the left, for documents in the old style of merged cells.
    pub(crate) fn continue_left(&mut self, columns: usize) {
        let left = self
            .rows
            .last()
            .and_then(|row| row.slots.last().cloned())
            .unwrap_or_default();
        for _ in 0..columns.clamp(1, MAX_COLUMN_SPAN) {
            self.push_slot(left.clone());
        }
    }

    /// Whether the document or the values, and not a mere heuristic, determine the header row.
    pub(crate) fn has_certain_names(&mut self, origin: Origin) -> bool {
        self.finish_row();
        let layout = choose_layout(&self.rows, origin);
        layout.is_certain && matches!(layout.row_layout, RowLayout::Named(_))
    }

    /// Writes the table as text, in parts with their captions.
    pub(crate) fn into_parts(mut self, origin: Origin) -> Vec<TablePart> {
        self.finish_row();
        let widest = self.rows.iter().map(Row::cell_count).max().unwrap_or(0);
        let rows = self.rows.iter().filter(|row| row.cell_count() > 0).count();
        // A single row or column is page layout: it has no column names.
        if widest <= 1
            || rows <= 1
                && self
                    .cell_texts
                    .iter()
                    .any(|text| text.trim().contains(['\n', NESTED_LINE_END]))
        {
            let texts = self.cell_texts.iter().map(|text| text.trim());
            let texts: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
            return vec![TablePart {
                text: end_with_newline(texts.join("\n").replace(NESTED_LINE_END, "\n")),
                ..TablePart::default()
            }];
        }
        let mut writer = TableWriter::new(origin);
        for row in self.rows {
            writer.add_row(row);
        }
        writer.end()
    }

    fn width(&self) -> usize {
        self.rows.last().map_or(0, |row| row.slots.len())
    }

    fn push_slot(&mut self, slot: Slot) {
        self.slot_count += 1;
        if let Some(row) = self.rows.last_mut() {
            row.slots.push(slot);
        }
    }

    fn span_down(&mut self, column: usize, slot: Slot, rows: usize) {
        if self.spanning.len() <= column {
            self.spanning.resize(column + 1, None);
        }
        self.spanning[column] = Some((slot, rows));
    }

    fn fill_from_above(&mut self) {
        loop {
            if self.slot_count >= MAX_SLOTS {
                self.spanning.clear();
                return;
            }
            let column = self.width();
            let spanning = self.spanning.get_mut(column).and_then(Option::take);
            let Some((slot, left)) = spanning else {
                return;
            };
            if left > 1 {
                self.span_down(column, slot.clone(), left - 1);
            }
            self.push_slot(slot);
        }
    }

    /// Completes a row with cells that span down after its last cell.
    fn finish_row(&mut self) {
        if self.rows.is_empty() {
            return;
        }
        loop {
            self.fill_from_above();
            let remaining = self.spanning.get(self.width()..).unwrap_or_default();
            if self.slot_count >= MAX_SLOTS || !remaining.iter().any(Option::is_some) {
                return;
            }
            self.push_slot(Slot::default());
        }
    }
}

fn end_with_newline(mut text: String) -> String {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// Encodes the text of a table for a cell of another table.
pub(crate) fn encode_nested(table: &str) -> String {
    table.trim_end().replace('\n', &NESTED_LINE_END.to_string())
}

/// Joins the lines of a cell on one line.
fn flatten(text: &str) -> String {
    let one_line = |part: &str| part.split_whitespace().collect::<Vec<_>>().join(" ");
    let parts: Vec<String> = text.split(NESTED_LINE_END).map(one_line).collect();
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" / ")
}
