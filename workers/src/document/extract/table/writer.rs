//! Writes the rows of a table as they come: the first ones are held back until they say how all are read.

use std::collections::VecDeque;
use std::fmt::Write;
use std::ops::Range;
use std::rc::Rc;

use super::beside;
use super::further::{Profile, Verdict, first_table, is_declared_below};
use super::plan::{Plan, Reading, continues, plan};
use super::{Origin, Part, Row, Slot};

/// Characters of a header, at most, that name the columns; rows below a longer one are not named.
const NAMED: usize = 2_000;
/// Rows that say how a table is read.
const SAMPLE: usize = 200;
/// Bars between two cells of a row without names, at most.
const BARS: usize = 20;
/// Bytes of a cell that is repeated in each row that it reaches into.
const REPEATED: usize = 200;

/// Characters of a caption, at most; longer titles stand above the table alone.
const CAPTION: usize = 200;
/// Lines of a caption, at most.
const LINES: usize = 3;

#[derive(Debug)]
pub struct Writer {
    origin: Origin,
    parts: Vec<Part>,
    /// Bytes that are written.
    length: usize,
    waiting: Vec<Row>,
    /// Rows that are written once those below them are known.
    held: VecDeque<Row>,
    reading: Option<Reading>,
    /// The table that has names, which the next block of rows may go on with.
    table: Option<Profile>,
    /// Whether rows above may be of a table whose names are not known.
    is_doubtful: bool,
    /// Lines of a block of their own, which may be the title of the next one.
    titles: Vec<String>,
    header: Option<Row>,
    above: Option<Row>,
    /// Tables beside each other, each with its columns.
    beside: Vec<(Range<usize>, Writer)>,
}

impl Writer {
    pub fn new(origin: Origin) -> Self {
        Self {
            origin,
            parts: vec![],
            length: 0,
            waiting: vec![],
            held: VecDeque::new(),
            reading: None,
            table: None,
            is_doubtful: false,
            titles: vec![],
            header: None,
            above: None,
            beside: vec![],
        }
    }

    /// The next row. An empty one ends a block of rows.
    pub fn row(&mut self, row: Row) {
        if row.filled() == 0 {
            self.end_block();
            return;
        }
        if !self.beside.is_empty() {
            self.row_beside(&row);
            return;
        }
        if self.reading.is_some() {
            self.held.push_back(row);
            while self.held.len() > 2 {
                self.step();
            }
            return;
        }
        self.waiting.push(row);
        if self.waiting.len() >= SAMPLE {
            self.decide();
        }
    }

    /// Bytes that are written already.
    pub fn len(&self) -> usize {
        let beside = self.beside.iter().map(|(_, table)| table.len());
        self.length + beside.sum::<usize>()
    }

    pub fn end(mut self) -> Vec<Part> {
        self.end_block();
        for title in std::mem::take(&mut self.titles) {
            self.line(&title);
        }
        self.parts
    }

    /// The next row of tables beside each other. One that has something between them belongs to none.
    fn row_beside(&mut self, row: &Row) {
        let is_known = |column: &usize| {
            let mut tables = self.beside.iter();
            tables.any(|(columns, _)| columns.contains(column))
        };
        let mut filled = (0..row.slots.len()).filter(|column| row.slot(*column).is_some());
        if filled.all(|column| is_known(&column)) {
            for (columns, table) in &mut self.beside {
                table.row(beside::part(row, columns));
            }
        } else if let Some((_, table)) = self.beside.first_mut() {
            table.settle();
            for title in std::mem::take(&mut table.titles) {
                table.line(&title);
            }
            table.line(&plain(row));
        }
    }

    /// Writes all rows that wait.
    fn settle(&mut self) {
        // A row that is written may begin a further table, which waits in turn.
        while !self.waiting.is_empty() || !self.held.is_empty() {
            match self.reading {
                None => self.decide(),
                Some(_) => self.step(),
            }
        }
    }

    fn end_block(&mut self) {
        self.settle();
        let above = self.parts.last().map(|part| part.caption.clone());
        let above = above.unwrap_or_default();
        for (_, table) in std::mem::take(&mut self.beside) {
            for part in table.end() {
                let captions = [above.as_str(), &part.caption];
                let captions: Vec<&str> =
                    captions.into_iter().filter(|one| !one.is_empty()).collect();
                self.begin_part(&captions.join("\n"));
                self.add(&part.text);
            }
            self.table = None;
        }
        self.close();
    }

    fn close(&mut self) {
        self.reading = None;
        self.header = None;
        self.above = None;
    }

    /// Writes the first row that is held, or begins a further table with it.
    fn step(&mut self) {
        let Some(row) = self.held.pop_front() else {
            return;
        };
        let verdict = |row: &Row, below: Option<&Row>| match (&self.reading, &self.table) {
            // What begins a block does not end it.
            _ if self.above.is_none() => Verdict::Same,
            (Some(Reading::Named(_)), Some(table)) => table.verdict(row, below),
            _ if below.is_some_and(|below| is_declared_below(row, below)) => Verdict::Header,
            _ => Verdict::Same,
        };
        // What a row below one that may be its title is.
        let next = self.held.front().filter(|_| row.filled() == 1);
        let next = next.map(|next| verdict(next, self.held.get(1)));
        let is_again = |row: &Row| {
            let header = self.header.as_ref();
            header.is_some_and(|header| row.same_texts(header))
        };
        match verdict(&row, self.held.front()) {
            _ if is_again(&row) => {}
            Verdict::Header => self.begin_table(vec![row]),
            _ if next == Some(Verdict::Header) && !self.held.front().is_some_and(is_again) => {
                let header = self.held.pop_front();
                self.begin_table(std::iter::once(row).chain(header).collect());
            }
            found if found == Verdict::Unsure || next == Some(Verdict::Unsure) => {
                self.table = None;
                self.is_doubtful = true;
                self.header = None;
                self.reading = Some(Reading::Plain);
                self.write(&Reading::Plain, row);
            }
            Verdict::Same | Verdict::Unsure => {
                if let Some(reading) = self.reading.clone() {
                    self.write(&reading, row);
                }
            }
        }
    }

    /// Begins a table with its header, which may have a title.
    fn begin_table(&mut self, mut first: Vec<Row>) {
        if let Some(header) = first.last_mut() {
            header.heading = true;
        }
        self.close();
        let held = std::mem::take(&mut self.held);
        first.into_iter().chain(held).for_each(|row| self.row(row));
    }

    fn decide(&mut self) {
        let mut rows = std::mem::take(&mut self.waiting);
        if rows.len() <= LINES && rows.iter().all(|row| row.filled() == 1) {
            self.end_titles();
            self.titles.extend(rows.iter().map(plain));
            return;
        }
        if let Some((above, mut tables)) = beside::split(&rows) {
            // Rows further down may be longer.
            if let Some(last) = tables.last_mut() {
                last.end = usize::MAX;
            }
            let later = rows.split_off(above);
            self.begin_titled(rows.iter().map(plain).collect(), false);
            let beside = tables.into_iter();
            self.beside = beside
                .map(|columns| (columns, Self::new(self.origin)))
                .collect();
            self.is_doubtful = true;
            for row in later {
                self.row(row);
            }
            return;
        }
        let later = rows.split_off(first_table(&rows));
        let plan = self.plan(&rows);
        let mut rows = rows.into_iter();
        let titles = rows.by_ref().take(plan.titles).map(|row| plain(&row));
        let titles = titles.collect();
        let goes_on = plan.header == 0 && matches!(plan.reading, Reading::Named(_));
        self.begin_titled(titles, goes_on);
        let header: Vec<Row> = rows.by_ref().take(plan.header).collect();
        match &plan.reading {
            Reading::Named(names) if plan.header > 0 => {
                let mut shown = names.clone();
                shown.dedup();
                self.line(&shown.join(" | "));
                self.table = Some(Profile::new(names, header.last()));
                self.header = header.last().cloned();
            }
            _ => {}
        }
        let reading = match plan.reading {
            Reading::OnItsSide => {
                let rows: Vec<Row> = rows.by_ref().collect();
                self.records(&rows);
                Reading::Form
            }
            reading => reading,
        };
        self.reading = Some(reading);
        rows.chain(later).for_each(|row| self.row(row));
    }

    /// How a block of rows is read: by itself, or as the table above it. Where it might be either, it has no names.
    fn plan(&self, rows: &[Row]) -> Plan {
        let own = plan(rows, self.origin);
        if own.certain || own.titles > 0 {
            return own;
        }
        let named = match &own.reading {
            Reading::Named(names) => Some(names.as_slice()),
            _ => None,
        };
        let without = |reading| Plan {
            header: 0,
            reading,
            ..own.clone()
        };
        let Some(table) = &self.table else {
            let doubtful = self.is_doubtful && named.is_some();
            return if doubtful {
                without(Reading::Plain)
            } else {
                own
            };
        };
        if !continues(table.names(), rows) || named == Some(table.names()) {
            return own;
        }
        let shared = || table.shares_a_value(&rows.iter().collect::<Vec<_>>());
        match named.is_some() {
            _ if rows.len() > 1 && table.rules_out(rows, named.is_some()) => own,
            true if !shared() => without(Reading::Plain),
            _ => without(Reading::Named(table.names().to_vec())),
        }
    }

    /// Writes a block of lines below a table where another is nearer to the next one.
    fn end_titles(&mut self) {
        if self.parts.last().is_some_and(|part| !part.text.is_empty()) {
            for title in std::mem::take(&mut self.titles) {
                self.line(&title);
            }
        }
    }

    /// A block with the titles above it, which are its caption.
    fn begin_titled(&mut self, own: Vec<String>, goes_on: bool) {
        if !own.is_empty() {
            self.end_titles();
        }
        let mut titles = std::mem::take(&mut self.titles);
        titles.extend(own);
        if !titles.is_empty() {
            let caption = titles.join("\n");
            let fits = titles.len() <= LINES && caption.chars().count() <= CAPTION;
            self.begin_part(if fits { &caption } else { "" });
        } else if !goes_on {
            self.begin_part("");
        }
        for title in &titles {
            self.line(title);
        }
    }

    fn begin_part(&mut self, caption: &str) {
        match self.parts.last_mut() {
            Some(last) if last.text.is_empty() => caption.clone_into(&mut last.caption),
            Some(last) if last.caption == caption => {}
            _ => self.parts.push(Part {
                caption: caption.to_owned(),
                ..Part::default()
            }),
        }
    }

    fn write(&mut self, reading: &Reading, row: Row) {
        let row = self.without_long_repetitions(row);
        let line = match reading {
            Reading::Named(names) => named(names, &row),
            Reading::Form => form(&row),
            Reading::OnItsSide | Reading::Plain if self.origin == Origin::Page => barred(&row),
            Reading::OnItsSide | Reading::Plain => plain(&row),
        };
        self.line(&line);
        if let (Reading::Named(_), Some(table)) = (reading, &mut self.table) {
            table.add(&row);
        }
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

    fn add(&mut self, text: &str) {
        if self.parts.is_empty() {
            self.parts.push(Part::default());
        }
        if let Some(part) = self.parts.last_mut() {
            part.text.push_str(text);
            self.length += text.len();
        }
    }

    fn line(&mut self, line: &str) {
        if !line.is_empty() {
            self.add(line);
            self.add("\n");
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
        let _ = match own.is_empty() || slot.label || length > NAMED {
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

/// With as many bars between its cells as there are columns: without names, their places alone tell columns apart.
fn barred(row: &Row) -> String {
    let cells = row.cells();
    let mut line = String::new();
    let mut before: Option<usize> = None;
    for (columns, slot) in &cells {
        let free = match before {
            Some(before) => columns.start - before,
            None if cells.len() > 1 => columns.start,
            None => 0,
        };
        line.push_str(&" |".repeat(free.min(BARS)));
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&slot.text);
        before = Some(columns.start);
    }
    line.trim_start().to_owned()
}

fn label(slot: &Slot) -> &str {
    slot.text.trim_end_matches([':', '：', ' '])
}
