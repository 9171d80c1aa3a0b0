//! Writes the rows of a table as they come: the first ones are held back until they say how all are read.

use std::fmt::Write;
use std::rc::Rc;

use super::plan::{Plan, Reading, continues, plan};
use super::{Origin, Row, Slot};

/// Characters of a header, at most, that name the columns; rows below a longer one are not named.
const NAMED: usize = 2_000;
/// Rows that say how a table is read.
const SAMPLE: usize = 200;
/// Bytes of a cell that is repeated in each row that it reaches into.
const REPEATED: usize = 200;

#[derive(Debug)]
pub struct Writer {
    origin: Origin,
    text: String,
    waiting: Vec<Row>,
    reading: Option<Reading>,
    /// The names of the last block of rows that had some, which the next block may have as well.
    names: Option<Vec<String>>,
    header: Option<Row>,
    above: Option<Row>,
}

impl Writer {
    pub fn new(origin: Origin) -> Self {
        Self {
            origin,
            text: String::new(),
            waiting: vec![],
            reading: None,
            names: None,
            header: None,
            above: None,
        }
    }

    /// The next row. An empty one ends a block of rows.
    pub fn row(&mut self, row: Row) {
        if row.filled() == 0 {
            self.end_block();
            return;
        }
        match self.reading.clone() {
            Some(reading) => self.write(&reading, row),
            None => {
                self.waiting.push(row);
                if self.waiting.len() >= SAMPLE {
                    self.decide();
                }
            }
        }
    }

    /// Characters that are written already.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    pub fn end(mut self) -> String {
        self.end_block();
        self.text
    }

    fn end_block(&mut self) {
        if self.reading.is_none() && !self.waiting.is_empty() {
            self.decide();
        }
        if let Some(Reading::Named(names)) = self.reading.take() {
            self.names = Some(names);
        }
        self.header = None;
        self.above = None;
    }

    fn decide(&mut self) {
        let rows = std::mem::take(&mut self.waiting);
        let mut plan = plan(&rows, self.origin);
        if let Some(names) = &self.names
            && !plan.certain
            && plan.titles == 0
            && continues(names, &rows)
        {
            plan = Plan {
                header: 0,
                reading: Reading::Named(names.clone()),
                ..plan
            };
        }
        let mut rows = rows.into_iter();
        for title in rows.by_ref().take(plan.titles) {
            self.line(&plain(&title));
        }
        let header: Vec<Row> = rows.by_ref().take(plan.header).collect();
        if let (Reading::Named(names), Some(last)) = (&plan.reading, header.last()) {
            let mut shown = names.clone();
            shown.dedup();
            self.line(&shown.join(" | "));
            self.header = Some(last.clone());
        }
        match plan.reading {
            Reading::OnItsSide => {
                let rows: Vec<Row> = rows.collect();
                self.records(&rows);
                self.reading = Some(Reading::Form);
            }
            reading => {
                rows.for_each(|row| self.write(&reading, row));
                self.reading = Some(reading);
            }
        }
    }

    fn write(&mut self, reading: &Reading, row: Row) {
        let again = self
            .header
            .as_ref()
            .is_some_and(|header| row.same_texts(header));
        if again {
            return;
        }
        let row = self.without_long_repetitions(row);
        let line = match reading {
            Reading::Named(names) => named(names, &row),
            Reading::Form => form(&row),
            Reading::OnItsSide | Reading::Plain => plain(&row),
        };
        self.line(&line);
        self.above = Some(row);
    }

    /// A long cell that reaches into many rows is written in the first only.
    fn without_long_repetitions(&self, mut row: Row) -> Row {
        let Some(above) = &self.above else {
            return row;
        };
        for (column, slot) in row.slots.iter_mut().enumerate() {
            let before = above.slots.get(column);
            if slot.text.len() > REPEATED && before.is_some_and(|one| one.cell == slot.cell) {
                slot.text = Rc::from("");
            }
        }
        row
    }

    /// One record a column.
    fn records(&mut self, rows: &[Row]) {
        let width = rows.iter().map(|row| row.slots.len()).max().unwrap_or(0);
        for column in 1..width {
            let facts = rows.iter().filter_map(|row| {
                let (name, value) = (row.slot(0)?, row.slot(column)?);
                Some(format!("{}: {}", label(name), value.text))
            });
            let line = facts.collect::<Vec<_>>().join("; ");
            self.line(&line);
        }
    }

    fn line(&mut self, line: &str) {
        if !line.is_empty() {
            self.text.push_str(line);
            self.text.push('\n');
        }
    }
}

/// `Name: Ada; City: London`. A cell over several columns has the names of all of them.
fn named(names: &[String], row: &Row) -> String {
    let length: usize = names.iter().map(String::len).sum();
    let cells = row.cells();
    // A line that goes through is no value, and neither is the title of a group of rows.
    if let [(columns, only)] = cells.as_slice()
        && (columns.len() > 1 && columns.len() >= names.len()
            || columns.end == 1 && names.len() > 2)
    {
        return only.text.to_string();
    }
    let mut line = String::new();
    for (columns, slot) in cells {
        if !line.is_empty() {
            line.push_str("; ");
        }
        let mut own: Vec<&str> = columns
            .filter_map(|column| names.get(column).map(String::as_str))
            .filter(|name| !name.is_empty())
            .collect();
        own.dedup();
        let _ = match own.is_empty() || length > NAMED {
            true => write!(line, "{}", slot.text),
            false => write!(line, "{}: {}", own.join(", "), slot.text),
        };
    }
    line
}

/// `Born: 1815`; several labels with colons in a row are several facts.
fn form(row: &Row) -> String {
    let cells = row.cells();
    let texts = || cells.iter().map(|(_, slot)| &*slot.text);
    let pairs = cells.len() > 2
        && cells.len().is_multiple_of(2)
        && cells
            .iter()
            .step_by(2)
            .all(|(_, slot)| slot.text.ends_with([':', '：']));
    match cells.as_slice() {
        [] => String::new(),
        [(_, only)] => only.text.to_string(),
        _ if pairs => {
            let facts = cells
                .chunks(2)
                .map(|pair| format!("{}: {}", label(pair[0].1), pair[1].1.text));
            facts.collect::<Vec<_>>().join("; ")
        }
        // Without a label the texts are kept as they are.
        _ if row.slot(0).is_none() => texts().collect::<Vec<_>>().join(" | "),
        [(_, name), ..] => format!(
            "{}: {}",
            label(name),
            texts().skip(1).collect::<Vec<_>>().join("; ")
        ),
    }
}

fn plain(row: &Row) -> String {
    let texts = row
        .cells()
        .into_iter()
        .map(|(_, slot)| slot.text.to_string());
    texts.collect::<Vec<_>>().join(" | ")
}

fn label(slot: &Slot) -> &str {
    slot.text.trim_end_matches([':', '：', ' '])
}
