//! Tells where a further table begins below another, and whether a block of rows goes on with the table above it.
//!
//! A row below others is the header of a further table where the document calls it one, or where each of its cells is a
//! name, names every value of the row below it, and
//! 1. it has a name of the header above in its place, and is emphasised as that is or ends a column of numbers, or
//! 2. it is emphasised as the header above is, and its columns hold other kinds of values than they do above.
//!
//! It may be one, and the rows have no names from there on, where it is emphasised so alone, or has words in several
//! columns that never had any, or fills a column that was empty. Values that are missing are told in words as well: where a word of the row
//! stood in its column before, or its words begin with small letters and names with large ones, it is one of the rows.

use std::collections::HashSet;
use std::rc::Rc;

use super::Row;
use super::plan::{Kind, is_short, kind};

/// Values of a column that are remembered.
const VALUES: usize = 1_000;

/// What a row is to the table above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A row of it.
    Same,
    /// The header of another one.
    Header,
    /// One or the other.
    Unsure,
}

/// What the rows of a named table have in common so far.
#[derive(Debug, Default)]
pub struct Profile {
    names: Vec<String>,
    header_stands_out: bool,
    last_stands_out: bool,
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

impl Profile {
    pub fn new(names: &[String], header: Option<&Row>) -> Self {
        Self {
            names: names.to_vec(),
            header_stands_out: header.is_some_and(Row::stands_out),
            ..Self::default()
        }
    }

    pub fn names(&self) -> &[String] {
        &self.names
    }

    pub fn add(&mut self, row: &Row) {
        self.rows += 1;
        self.last_stands_out = row.stands_out();
        if self.columns.len() < row.slots.len() {
            self.columns.resize_with(row.slots.len(), Column::default);
        }
        for (column, slot) in self.columns.iter_mut().zip(&row.slots) {
            if slot.is_empty() {
                continue;
            }
            column.filled += 1;
            match kind(&slot.text) {
                Kind::Number => column.numbers += 1,
                Kind::Text => column.words += 1,
                Kind::Empty => {}
            }
            if column.values.len() < VALUES {
                column.values.insert(slot.text.clone());
            }
        }
    }

    /// What a row is, with the one below it.
    pub fn verdict(&self, row: &Row, below: Option<&Row>) -> Verdict {
        let Some(below) = below else {
            return Verdict::Same;
        };
        if is_declared_below(row, below) {
            return Verdict::Header;
        }
        if self.rows == 0 {
            return Verdict::Same;
        }
        if !may_name(row, below) {
            let is_header_of_labels = below.filled() == 1 && self.fills_empty_columns(row);
            return match is_header_of_labels && has_names(row) {
                true => Verdict::Unsure,
                false => Verdict::Same,
            };
        }
        let is_numeric = |column: usize| {
            let known = self.columns.get(column);
            known.is_some_and(|known| known.is_numeric(self.rows))
        };
        let filled = || (0..row.slots.len()).filter(|column| row.slot(*column).is_some());
        let is_number = |column: usize| {
            let slot = below.slot(column);
            slot.is_some_and(|slot| kind(&slot.text) == Kind::Number)
        };
        let ends = filled().filter(|column| is_numeric(*column)).count();
        // Columns that have words for the first time.
        let departs = filled().filter(|column| {
            let known = self.columns.get(*column);
            known.is_none_or(|known| known.words == 0) && below.slot(*column).is_some()
        });
        let departs = departs.count();
        let begins = filled().any(is_number);
        let wider = filled().any(|column| {
            self.names.get(column).is_none_or(String::is_empty)
                && self
                    .columns
                    .get(column)
                    .is_none_or(|known| known.filled == 0)
                && below.slot(column).is_some()
        });
        let again = filled().any(|column| {
            let name = row.slot(column).map(|slot| &*slot.text);
            name == self.names.get(column).map(String::as_str)
        });
        let changes = filled().any(|column| {
            let known = self.columns.get(column);
            known.is_some_and(
                |known| match below.slot(column).map(|slot| kind(&slot.text)) {
                    Some(Kind::Number) => known.numbers == 0 && known.words > 0,
                    Some(Kind::Text) => known.is_numeric(self.rows),
                    Some(Kind::Empty) | None => false,
                },
            )
        });
        let shown = self.header_stands_out
            && row.stands_out()
            && !self.last_stands_out
            && !below.stands_out();
        match shown {
            _ if again && (shown || ends > 0) => Verdict::Header,
            _ if self.is_row(row) => Verdict::Same,
            true if changes => Verdict::Header,
            true if ends == 0 && !wider && self.shares_a_value(&[row, below]) => Verdict::Same,
            true => Verdict::Unsure,
            false if again || ends > 0 && changes => Verdict::Unsure,
            false if departs > 1 && begins || wider && (begins || ends > 0) => Verdict::Unsure,
            false => Verdict::Same,
        }
    }

    /// Whether a row has words in all columns that had nothing, and these are all but one.
    fn fills_empty_columns(&self, row: &Row) -> bool {
        let cells = row.cells();
        let is_new = |column: usize| {
            let known = self.columns.get(column);
            known.is_none_or(|known| known.filled == 0)
        };
        let new = cells.iter().filter(|(columns, _)| is_new(columns.start));
        cells.len() > 2 && new.count() + 1 == cells.len()
    }

    /// Whether a row of words has a sign that it is no header: one of them stood in its column before, or all that are
    /// where numbers or nothing was begin with small letters, and the names of the header with large ones.
    fn is_row(&self, row: &Row) -> bool {
        let words = || {
            let slots = row.slots.iter().enumerate();
            slots.filter(|(_, slot)| kind(&slot.text) == Kind::Text)
        };
        let is_known = words().any(|(column, slot)| {
            let known = self.columns.get(column);
            known.is_some_and(|known| known.values.contains(&slot.text))
        });
        let mut odd = words()
            .filter(|(column, _)| {
                let known = self.columns.get(*column);
                known.is_none_or(|known| known.filled == 0 || known.is_numeric(self.rows))
            })
            .peekable();
        let mut initials = self
            .names
            .iter()
            .filter_map(|name| name.chars().find(|c| c.is_alphabetic()))
            .peekable();
        let large = initials.peek().is_some() && initials.all(char::is_uppercase);
        let small = |text: &str| text.chars().next().is_some_and(char::is_lowercase);
        let is_small = odd.peek().is_some() && odd.all(|(_, slot)| small(&slot.text));
        is_known || large && is_small
    }

    /// Whether rows have a value that stood in its column before.
    pub fn shares_a_value(&self, rows: &[&Row]) -> bool {
        rows.iter().any(|row| {
            let mut columns = self.columns.iter().zip(&row.slots);
            columns.any(|(column, slot)| !slot.is_empty() && column.values.contains(&slot.text))
        })
    }

    /// Whether the rows below an empty one cannot belong to the table: words are where numbers were, or, where they may
    /// have a header of their own, a column that was always filled is empty in all of them.
    pub fn rules_out(&self, rows: &[Row], may_be_named: bool) -> bool {
        let mut columns = self.columns.iter().enumerate();
        columns.any(|(number, column)| {
            let slots = || rows.iter().filter_map(|row| row.slot(number));
            let words = slots()
                .filter(|slot| kind(&slot.text) == Kind::Text)
                .count();
            let emptied = self.rows > 1 && column.filled == self.rows && slots().count() == 0;
            emptied && may_be_named
                || column.is_numeric(self.rows) && words > 0 && words == slots().count()
        })
    }
}

/// Whether the document calls a row, and not the one below it, a header.
pub fn is_declared_below(row: &Row, below: &Row) -> bool {
    row.filled() > 1 && row.is_declared() && !below.is_declared()
}

/// Where the rows that say how the first of several tables is read end: before a row that stands out as the header does,
/// or that has a name of it in its place where a column of numbers ends.
pub fn first_table(rows: &[Row]) -> usize {
    let Some(header) = rows.iter().position(|row| row.filled() > 1) else {
        return rows.len();
    };
    let first = &rows[header];
    let stands_out = |row: &Row| row.filled() > 1 && row.stands_out();
    let is_alike =
        |at: usize| stands_out(first) && stands_out(&rows[at]) && !rows[at - 1].stands_out();
    let has_name = |row: &Row| {
        let mut places = first.slots.iter().zip(&row.slots);
        places.any(|(name, slot)| !slot.is_empty() && name.text == slot.text)
    };
    let is_named = |at: usize| {
        let row = &rows[at];
        let names = has_name(row) && rows.get(at + 1).is_some_and(|below| may_name(row, below));
        names
            && (0..row.slots.len()).any(|column| {
                let above = rows[header + 1..at]
                    .iter()
                    .filter_map(|row| row.slot(column));
                let mut above = above.map(|slot| kind(&slot.text)).peekable();
                let numbers = above.peek().is_some() && above.all(|kind| kind == Kind::Number);
                let ends = row
                    .slot(column)
                    .is_some_and(|slot| kind(&slot.text) == Kind::Text);
                numbers && ends
            })
    };
    let mut later = header + 2..rows.len();
    later
        .find(|at| is_alike(*at) || is_named(*at))
        .unwrap_or(rows.len())
}

/// Whether each value of a row has a name in the row above it.
fn may_name(row: &Row, below: &Row) -> bool {
    let named = |column: &usize| below.slot(*column).is_none() || row.slot(*column).is_some();
    has_names(row) && below.filled() > 1 && (0..below.slots.len()).all(|at| named(&at))
}

/// Whether each of several cells of a row is a name.
fn has_names(row: &Row) -> bool {
    let mut seen = HashSet::new();
    let names = row.cells().into_iter().all(|(_, slot)| {
        let is_name = match kind(&slot.text) {
            Kind::Text => is_short(&slot.text),
            Kind::Empty => slot.text.chars().any(char::is_alphabetic),
            Kind::Number => false,
        };
        is_name && seen.insert(slot.text.clone())
    });
    names && row.filled() > 1
}
