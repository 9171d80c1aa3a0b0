//! Detects where another table starts below the current one, and whether a block of rows continues the table above.
//!
//! A row is the header of another table if the document declares it, or if each of its cells is a name, every value of
//! the row below has a name, and
//! 1. it repeats a name of the header above in the same column, and is emphasized like that header or ends a column of
//!    numbers, or
//! 2. it is emphasized like the header above, and its columns hold other kinds of values than above.
//!
//! It may be one, so that the following rows have no names, if it is only emphasized so, or has words in several columns
//! that never had any, or fills a column that was empty. Missing values are also written in words: if a word of the row
//! occurred in its column before, or its words start with lowercase letters and the names with capitals, it is an
//! ordinary row.

use std::collections::HashSet;
use std::rc::Rc;

use super::Row;
use super::layout::{ValueKind, is_short, value_kind};

/// Maximum number of remembered values per column.
const MAX_VALUES: usize = 1_000;

/// How a row relates to the table above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowRole {
    /// A row of that table.
    Continuation,
    /// The header row of another table.
    Header,
    /// Either of them.
    Ambiguous,
}

/// Statistics of the rows of a named table so far.
#[derive(Debug, Default)]
pub(super) struct TableProfile {
    names: Vec<String>,
    header_is_emphasized: bool,
    last_is_emphasized: bool,
    rows: u32,
    columns: Vec<Column>,
}

#[derive(Debug, Default)]
struct Column {
    filled: u32,
    numbers: u32,
    words: u32,
    values: HashSet<Rc<str>>,
}

impl Column {
    fn is_numeric(&self, rows: u32) -> bool {
        self.words == 0 && self.numbers >= rows.min(2) && self.numbers > 0
    }
}

/// How a row and the row below it differ from the table above, in the columns that the row fills.
struct RowChanges {
    /// A column of numbers ends.
    ends_numbers: bool,
    /// Several columns contain words for the first time.
    adds_words: bool,
    /// The row below has a number.
    starts_numbers: bool,
    /// A column without name and values gets some.
    adds_column: bool,
    /// The row repeats a name of the header in its column.
    repeats_name: bool,
    /// The row below has another kind of value than the rows above.
    changes_kind: bool,
}

impl TableProfile {
    pub(super) fn new(names: &[String], header: Option<&Row>) -> Self {
        Self {
            names: names.to_vec(),
            header_is_emphasized: header.is_some_and(Row::is_emphasized),
            ..Self::default()
        }
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn add(&mut self, row: &Row) {
        self.rows += 1;
        self.last_is_emphasized = row.is_emphasized();
        if self.columns.len() < row.slots.len() {
            self.columns.resize_with(row.slots.len(), Column::default);
        }
        for (column, slot) in self.columns.iter_mut().zip(&row.slots) {
            if slot.is_empty() {
                continue;
            }
            column.filled += 1;
            match value_kind(&slot.text) {
                ValueKind::Number => column.numbers += 1,
                ValueKind::Text => column.words += 1,
                ValueKind::Empty => {}
            }
            if column.values.len() < MAX_VALUES {
                column.values.insert(slot.text.clone());
            }
        }
    }

    /// Classifies a row, given the row below it.
    pub(super) fn classify(&self, row: &Row, below: Option<&Row>) -> RowRole {
        let Some(below) = below else {
            return RowRole::Continuation;
        };
        if is_declared_header(row, below) {
            return RowRole::Header;
        }
        if self.rows == 0 {
            return RowRole::Continuation;
        }
        if !may_name(row, below) {
            let may_head_labels = below.cell_count() == 1 && self.fills_empty_columns(row);
            return match may_head_labels && has_names(row) {
                true => RowRole::Ambiguous,
                false => RowRole::Continuation,
            };
        }
        let changes = self.compare(row, below);
        let is_emphasized_header = self.header_is_emphasized
            && row.is_emphasized()
            && !self.last_is_emphasized
            && !below.is_emphasized();
        match is_emphasized_header {
            _ if changes.repeats_name && (is_emphasized_header || changes.ends_numbers) => {
                RowRole::Header
            }
            _ if self.is_ordinary_row(row) => RowRole::Continuation,
            true if changes.changes_kind => RowRole::Header,
            true if !changes.ends_numbers
                && !changes.adds_column
                && self.shares_a_value(&[row, below]) =>
            {
                RowRole::Continuation
            }
            true => RowRole::Ambiguous,
            false if changes.repeats_name || changes.ends_numbers && changes.changes_kind => {
                RowRole::Ambiguous
            }
            false
                if changes.adds_words && changes.starts_numbers
                    || changes.adds_column && (changes.starts_numbers || changes.ends_numbers) =>
            {
                RowRole::Ambiguous
            }
            false => RowRole::Continuation,
        }
    }

    /// Compares a row and the row below it with the table above.
    fn compare(&self, row: &Row, below: &Row) -> RowChanges {
        let filled = || (0..row.slots.len()).filter(|column| row.slot(*column).is_some());
        let stats = |column: usize| self.columns.get(column);
        let kind_below = |column: usize| below.slot(column).map(|slot| value_kind(&slot.text));
        let is_numeric =
            |column: usize| stats(column).is_some_and(|stats| stats.is_numeric(self.rows));
        let has_new_words = |column: &usize| {
            stats(*column).is_none_or(|stats| stats.words == 0) && below.slot(*column).is_some()
        };
        let is_new = |column: usize| {
            self.names.get(column).is_none_or(String::is_empty)
                && stats(column).is_none_or(|stats| stats.filled == 0)
                && below.slot(column).is_some()
        };
        let repeats_name = |column: usize| {
            let name = row.slot(column).map(|slot| &*slot.text);
            name == self.names.get(column).map(String::as_str)
        };
        let changes_kind = |column: usize| {
            stats(column).is_some_and(|stats| match kind_below(column) {
                Some(ValueKind::Number) => stats.numbers == 0 && stats.words > 0,
                Some(ValueKind::Text) => stats.is_numeric(self.rows),
                Some(ValueKind::Empty) | None => false,
            })
        };
        RowChanges {
            ends_numbers: filled().any(is_numeric),
            adds_words: filled().filter(has_new_words).count() > 1,
            starts_numbers: filled().any(|column| kind_below(column) == Some(ValueKind::Number)),
            adds_column: filled().any(is_new),
            repeats_name: filled().any(repeats_name),
            changes_kind: filled().any(changes_kind),
        }
    }

    /// Whether a row fills all columns that were empty, and these are all but one.
    fn fills_empty_columns(&self, row: &Row) -> bool {
        let cells = row.cells();
        let is_new = |column: usize| {
            let stats = self.columns.get(column);
            stats.is_none_or(|stats| stats.filled == 0)
        };
        let filled = cells.iter().filter(|(columns, _)| is_new(columns.start));
        cells.len() > 2 && filled.count() + 1 == cells.len()
    }

    /// Whether a row of words is recognizably not a header: one word occurred in its column before, or all words in
    /// columns of numbers or empty columns start with lowercase letters, and the names of the header with capitals.
    fn is_ordinary_row(&self, row: &Row) -> bool {
        let words = || {
            let slots = row.slots.iter().enumerate();
            slots.filter(|(_, slot)| value_kind(&slot.text) == ValueKind::Text)
        };
        let repeats_value = words().any(|(column, slot)| {
            let stats = self.columns.get(column);
            stats.is_some_and(|stats| stats.values.contains(&slot.text))
        });
        let mut unusual = words()
            .filter(|(column, _)| {
                let stats = self.columns.get(*column);
                stats.is_none_or(|stats| stats.filled == 0 || stats.is_numeric(self.rows))
            })
            .peekable();
        let mut initials = self
            .names
            .iter()
            .filter_map(|name| name.chars().find(|c| c.is_alphabetic()))
            .peekable();
        let has_capital_names = initials.peek().is_some() && initials.all(char::is_uppercase);
        let starts_lowercase = |text: &str| text.chars().next().is_some_and(char::is_lowercase);
        let is_lowercase =
            unusual.peek().is_some() && unusual.all(|(_, slot)| starts_lowercase(&slot.text));
        repeats_value || has_capital_names && is_lowercase
    }

    /// Whether rows repeat a value in its column.
    pub(super) fn shares_a_value(&self, rows: &[&Row]) -> bool {
        rows.iter().any(|row| {
            let mut columns = self.columns.iter().zip(&row.slots);
            columns.any(|(column, slot)| !slot.is_empty() && column.values.contains(&slot.text))
        })
    }

    /// Whether the rows below an empty row cannot belong to the table: they have words in a column of numbers or, if
    /// they may have a header of their own, leave a column empty that was always filled.
    pub(super) fn rules_out(&self, rows: &[Row], may_be_named: bool) -> bool {
        let mut columns = self.columns.iter().enumerate();
        columns.any(|(number, column)| {
            let slots = || rows.iter().filter_map(|row| row.slot(number));
            let words = slots()
                .filter(|slot| value_kind(&slot.text) == ValueKind::Text)
                .count();
            let is_emptied = self.rows > 1 && column.filled == self.rows && slots().count() == 0;
            is_emptied && may_be_named
                || column.is_numeric(self.rows) && words > 0 && words == slots().count()
        })
    }
}

/// Whether the document declares a row, but not the row below it, a header row.
pub(super) fn is_declared_header(row: &Row, below: &Row) -> bool {
    row.cell_count() > 1 && row.is_declared() && !below.is_declared()
}

/// Returns where the sample of the first of several tables ends: before a row that is emphasized like the header, or
/// that repeats one of its names where a column of numbers ends.
pub(super) fn first_table_end(rows: &[Row]) -> usize {
    let Some(header) = rows.iter().position(|row| row.cell_count() > 1) else {
        return rows.len();
    };
    let first = &rows[header];
    let is_emphasized = |row: &Row| row.cell_count() > 1 && row.is_emphasized();
    let is_second_header = |at: usize| {
        is_emphasized(first) && is_emphasized(&rows[at]) && !rows[at - 1].is_emphasized()
    };
    let repeats_name = |row: &Row| {
        let mut slots = first.slots.iter().zip(&row.slots);
        slots.any(|(name, slot)| !slot.is_empty() && name.text == slot.text)
    };
    let starts_named_table = |at: usize| {
        let row = &rows[at];
        let may_be_header =
            repeats_name(row) && rows.get(at + 1).is_some_and(|below| may_name(row, below));
        may_be_header
            && (0..row.slots.len()).any(|column| {
                let above = rows[header + 1..at]
                    .iter()
                    .filter_map(|row| row.slot(column));
                let mut above = above.map(|slot| value_kind(&slot.text)).peekable();
                let numbers = above.peek().is_some() && above.all(|kind| kind == ValueKind::Number);
                let ends_column = row
                    .slot(column)
                    .is_some_and(|slot| value_kind(&slot.text) == ValueKind::Text);
                numbers && ends_column
            })
    };
    let mut candidates = header + 2..rows.len();
    candidates
        .find(|at| is_second_header(*at) || starts_named_table(*at))
        .unwrap_or(rows.len())
}

/// Whether each value of the row below has a name in this row.
fn may_name(row: &Row, below: &Row) -> bool {
    let has_name = |column: &usize| below.slot(*column).is_none() || row.slot(*column).is_some();
    has_names(row) && below.cell_count() > 1 && (0..below.slots.len()).all(|at| has_name(&at))
}

/// Whether a row has several cells, each of them a distinct name.
fn has_names(row: &Row) -> bool {
    let mut seen = HashSet::new();
    let all_names = row.cells().into_iter().all(|(_, slot)| {
        let is_name = match value_kind(&slot.text) {
            ValueKind::Text => is_short(&slot.text),
            ValueKind::Empty => slot.text.chars().any(char::is_alphabetic),
            ValueKind::Number => false,
        };
        is_name && seen.insert(slot.text.clone())
    });
    all_names && row.cell_count() > 1
}
