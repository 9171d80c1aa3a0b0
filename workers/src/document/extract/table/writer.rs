//! Writes the rows of a table as they arrive: the first ones are sampled to choose the layout.

use std::collections::VecDeque;
use std::fmt::Write;
use std::ops::Range;
use std::rc::Rc;

use super::layout::{RowLayout, TableLayout, choose_layout, continues_table};
use super::next_table::{RowRole, TableProfile, first_table_end, is_declared_header};
use super::side_by_side;
use super::{Origin, Row, Slot, TablePart};

/// Maximum length of column names, in characters; rows below a longer header are not named.
const MAX_NAMES: usize = 2_000;
/// Number of rows that are sampled to choose the layout.
const SAMPLE: usize = 200;
/// Maximum number of bars between two cells of a row without names.
const MAX_BARS: usize = 20;
/// Maximum bytes of a cell that is repeated in each row that it spans.
const MAX_REPEATED: usize = 200;

/// Maximum length of a caption, in characters; longer titles are not repeated.
const MAX_CAPTION: usize = 200;
/// Maximum number of title lines of a caption.
const MAX_TITLES: usize = 3;

#[derive(Debug)]
pub(crate) struct TableWriter {
    origin: Origin,
    parts: Vec<TablePart>,
    /// Bytes written so far.
    length: usize,
    sampled: Vec<Row>,
    /// Rows that are written once the rows below them are known.
    pending: VecDeque<Row>,
    layout: Option<RowLayout>,
    /// The named table, which the next block of rows may continue.
    table: Option<TableProfile>,
    /// Whether the rows above may belong to a table with unknown names.
    is_ambiguous: bool,
    /// Lines of a separate block, which may be the title of the next one.
    titles: Vec<String>,
    header: Option<Row>,
    above: Option<Row>,
    /// Tables side by side, each with its columns.
    side_tables: Vec<(Range<usize>, TableWriter)>,
}

impl TableWriter {
    pub(crate) fn new(origin: Origin) -> Self {
        Self {
            origin,
            parts: vec![],
            length: 0,
            sampled: vec![],
            pending: VecDeque::new(),
            layout: None,
            table: None,
            is_ambiguous: false,
            titles: vec![],
            header: None,
            above: None,
            side_tables: vec![],
        }
    }

    /// Adds a row. An empty row ends a block of rows.
    pub(crate) fn add_row(&mut self, row: Row) {
        if row.cell_count() == 0 {
            self.end_block();
            return;
        }
        if !self.side_tables.is_empty() {
            self.add_side_row(&row);
            return;
        }
        if self.layout.is_some() {
            self.pending.push_back(row);
            while self.pending.len() > 2 {
                self.write_next();
            }
            return;
        }
        self.sampled.push(row);
        if self.sampled.len() >= SAMPLE {
            self.start_block();
        }
    }

    /// Bytes written so far.
    pub(crate) fn len(&self) -> usize {
        let side_tables = self.side_tables.iter().map(|(_, table)| table.len());
        self.length + side_tables.sum::<usize>()
    }

    pub(crate) fn end(mut self) -> Vec<TablePart> {
        self.end_block();
        for title in std::mem::take(&mut self.titles) {
            self.write_line(&title);
        }
        self.parts
    }

    /// Adds a row of tables side by side. A row with a value between them belongs to none.
    fn add_side_row(&mut self, row: &Row) {
        let is_in_table = |column: &usize| {
            let mut tables = self.side_tables.iter();
            tables.any(|(columns, _)| columns.contains(column))
        };
        let mut filled = (0..row.slots.len()).filter(|column| row.slot(*column).is_some());
        if filled.all(|column| is_in_table(&column)) {
            for (columns, table) in &mut self.side_tables {
                table.add_row(side_by_side::slice_columns(row, columns));
            }
        } else if let Some((_, table)) = self.side_tables.first_mut() {
            table.flush();
            for title in std::mem::take(&mut table.titles) {
                table.write_line(&title);
            }
            table.write_line(&plain_line(row));
        }
    }

    /// Writes all rows that are held back.
    fn flush(&mut self) {
        // A written row may start another table, which is sampled in turn.
        while !self.sampled.is_empty() || !self.pending.is_empty() {
            match self.layout {
                None => self.start_block(),
                Some(_) => self.write_next(),
            }
        }
    }

    fn end_block(&mut self) {
        self.flush();
        let above = self.parts.last().map(|part| part.caption.clone());
        let above = above.unwrap_or_default();
        for (_, table) in std::mem::take(&mut self.side_tables) {
            for part in table.end() {
                let captions = [above.as_str(), &part.caption];
                let captions: Vec<&str> = captions
                    .into_iter()
                    .filter(|caption| !caption.is_empty())
                    .collect();
                self.start_part(&captions.join("\n"));
                self.append(&part.text);
            }
            self.table = None;
        }
        self.reset_block();
    }

    fn reset_block(&mut self) {
        self.layout = None;
        self.header = None;
        self.above = None;
    }

    /// Writes the first pending row, or starts another table with it.
    fn write_next(&mut self) {
        let Some(row) = self.pending.pop_front() else {
            return;
        };
        let classify = |row: &Row, below: Option<&Row>| match (&self.layout, &self.table) {
            // The first row of a block does not end it.
            _ if self.above.is_none() => RowRole::Continuation,
            (Some(RowLayout::Named(_)), Some(table)) => table.classify(row, below),
            _ if below.is_some_and(|below| is_declared_header(row, below)) => RowRole::Header,
            _ => RowRole::Continuation,
        };
        // The role of the next row, if this one may be its title.
        let next_role = self.pending.front().filter(|_| row.cell_count() == 1);
        let next_role = next_role.map(|next| classify(next, self.pending.get(1)));
        let repeats_header = |row: &Row| {
            let header = self.header.as_ref();
            header.is_some_and(|header| row.has_same_texts(header))
        };
        match classify(&row, self.pending.front()) {
            _ if repeats_header(&row) => {}
            RowRole::Header => self.start_table(vec![row]),
            _ if next_role == Some(RowRole::Header)
                && !self.pending.front().is_some_and(repeats_header) =>
            {
                let header = self.pending.pop_front();
                self.start_table(std::iter::once(row).chain(header).collect());
            }
            role if role == RowRole::Ambiguous || next_role == Some(RowRole::Ambiguous) => {
                self.table = None;
                self.is_ambiguous = true;
                self.header = None;
                self.layout = Some(RowLayout::Plain);
                self.write_row(&RowLayout::Plain, row);
            }
            RowRole::Continuation | RowRole::Ambiguous => {
                if let Some(layout) = self.layout.clone() {
                    self.write_row(&layout, row);
                }
            }
        }
    }

    /// Starts a table with its header row, which may have a title.
    fn start_table(&mut self, mut first: Vec<Row>) {
        if let Some(header) = first.last_mut() {
            header.heading = true;
        }
        self.reset_block();
        let pending = std::mem::take(&mut self.pending);
        first
            .into_iter()
            .chain(pending)
            .for_each(|row| self.add_row(row));
    }

    fn start_block(&mut self) {
        let mut rows = std::mem::take(&mut self.sampled);
        if rows.len() <= MAX_TITLES && rows.iter().all(|row| row.cell_count() == 1) {
            self.write_stale_titles();
            self.titles.extend(rows.iter().map(plain_line));
            return;
        }
        if let Some((above, mut tables)) = side_by_side::split_tables(&rows) {
            // Later rows may be longer.
            if let Some(last) = tables.last_mut() {
                last.end = usize::MAX;
            }
            let rest = rows.split_off(above);
            self.start_titled_block(rows.iter().map(plain_line).collect(), false);
            let side_tables = tables.into_iter();
            self.side_tables = side_tables
                .map(|columns| (columns, Self::new(self.origin)))
                .collect();
            self.is_ambiguous = true;
            for row in rest {
                self.add_row(row);
            }
            return;
        }
        let rest = rows.split_off(first_table_end(&rows));
        let layout = self.block_layout(&rows);
        let mut rows = rows.into_iter();
        let titles = rows
            .by_ref()
            .take(layout.titles)
            .map(|row| plain_line(&row));
        let titles = titles.collect();
        let continues = layout.header == 0 && matches!(layout.row_layout, RowLayout::Named(_));
        self.start_titled_block(titles, continues);
        let header: Vec<Row> = rows.by_ref().take(layout.header).collect();
        match &layout.row_layout {
            RowLayout::Named(names) if layout.header > 0 => {
                let mut written = names.clone();
                written.dedup();
                self.write_line(&written.join(" | "));
                self.table = Some(TableProfile::new(names, header.last()));
                self.header = header.last().cloned();
            }
            _ => {}
        }
        let layout = match layout.row_layout {
            RowLayout::Transposed => {
                let rows: Vec<Row> = rows.by_ref().collect();
                self.write_records(&rows);
                RowLayout::Form
            }
            layout => layout,
        };
        self.layout = Some(layout);
        rows.chain(rest).for_each(|row| self.add_row(row));
    }

    /// Chooses the layout of a block of rows: its own, or that of the table above. If it may be either, it has no
    /// names.
    fn block_layout(&self, rows: &[Row]) -> TableLayout {
        let layout = choose_layout(rows, self.origin);
        if layout.is_certain || layout.titles > 0 {
            return layout;
        }
        let names = match &layout.row_layout {
            RowLayout::Named(names) => Some(names.as_slice()),
            _ => None,
        };
        let headless = |row_layout| TableLayout {
            header: 0,
            row_layout,
            ..layout.clone()
        };
        let Some(table) = &self.table else {
            let is_ambiguous = self.is_ambiguous && names.is_some();
            return if is_ambiguous {
                headless(RowLayout::Plain)
            } else {
                layout
            };
        };
        if !continues_table(table.names(), rows) || names == Some(table.names()) {
            return layout;
        }
        let shares_value = || table.shares_a_value(&rows.iter().collect::<Vec<_>>());
        match names.is_some() {
            _ if rows.len() > 1 && table.rules_out(rows, names.is_some()) => layout,
            true if !shares_value() => headless(RowLayout::Plain),
            _ => headless(RowLayout::Named(table.names().to_vec())),
        }
    }

    /// Writes earlier title lines below the table above if other titles are closer to the next table.
    fn write_stale_titles(&mut self) {
        if self.parts.last().is_some_and(|part| !part.text.is_empty()) {
            for title in std::mem::take(&mut self.titles) {
                self.write_line(&title);
            }
        }
    }

    /// Starts a block. The titles above it are its caption.
    fn start_titled_block(&mut self, own_titles: Vec<String>, continues: bool) {
        if !own_titles.is_empty() {
            self.write_stale_titles();
        }
        let mut titles = std::mem::take(&mut self.titles);
        titles.extend(own_titles);
        if !titles.is_empty() {
            let caption = titles.join("\n");
            let is_caption = titles.len() <= MAX_TITLES && caption.chars().count() <= MAX_CAPTION;
            self.start_part(if is_caption { &caption } else { "" });
        } else if !continues {
            self.start_part("");
        }
        for title in &titles {
            self.write_line(title);
        }
    }

    fn start_part(&mut self, caption: &str) {
        match self.parts.last_mut() {
            Some(last) if last.text.is_empty() => caption.clone_into(&mut last.caption),
            Some(last) if last.caption == caption => {}
            _ => self.parts.push(TablePart {
                caption: caption.to_owned(),
                ..TablePart::default()
            }),
        }
    }

    fn write_row(&mut self, layout: &RowLayout, row: Row) {
        let row = self.remove_long_repetitions(row);
        let line = match layout {
            RowLayout::Named(names) => named_line(names, &row),
            RowLayout::Form => form_line(&row),
            RowLayout::Transposed | RowLayout::Plain if self.origin == Origin::Page => {
                barred_line(&row)
            }
            RowLayout::Transposed | RowLayout::Plain => plain_line(&row),
        };
        self.write_line(&line);
        if let (RowLayout::Named(_), Some(table)) = (layout, &mut self.table) {
            table.add(&row);
        }
        self.above = Some(row);
    }

    /// A long cell that spans rows is written only in the first.
    fn remove_long_repetitions(&self, mut row: Row) -> Row {
        let Some(above) = &self.above else {
            return row;
        };
        for (column, slot) in row.slots.iter_mut().enumerate() {
            let upper = above.slots.get(column);
            if slot.text.len() > MAX_REPEATED && upper.is_some_and(|upper| upper.cell == slot.cell)
            {
                slot.text = Rc::from("");
            }
        }
        row
    }

    /// Writes one record per column.
    fn write_records(&mut self, rows: &[Row]) {
        let width = rows.iter().map(|row| row.slots.len()).max().unwrap_or(0);
        for column in 1..width {
            let facts = rows.iter().filter_map(|row| {
                let (name, value) = (row.slot(0)?, row.slot(column)?);
                Some(format!("{}: {}", trim_label(name), value.text))
            });
            let line = facts.collect::<Vec<_>>().join("; ");
            self.write_line(&line);
        }
    }

    fn append(&mut self, text: &str) {
        if self.parts.is_empty() {
            self.parts.push(TablePart::default());
        }
        if let Some(part) = self.parts.last_mut() {
            part.text.push_str(text);
            self.length += text.len();
        }
    }

    fn write_line(&mut self, line: &str) {
        if !line.is_empty() {
            self.append(line);
            self.append("\n");
        }
    }
}

/// `Name: Ada; City: London`. A cell that spans columns has the names of all of them.
fn named_line(names: &[String], row: &Row) -> String {
    let length: usize = names.iter().map(String::len).sum();
    let cells = row.cells();
    // A cell that spans all columns is not a value, nor is the title of a group of rows.
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
        let mut cell_names: Vec<&str> = columns
            .filter_map(|column| names.get(column).map(String::as_str))
            .filter(|name| !name.is_empty())
            .collect();
        cell_names.dedup();
        let _ = match cell_names.is_empty() || slot.label || length > MAX_NAMES {
            true => write!(line, "{}", slot.text),
            false => write!(line, "{}: {}", cell_names.join(", "), slot.text),
        };
    }
    line
}

/// `Born: 1815`; several labels with colons in a row are several facts.
fn form_line(row: &Row) -> String {
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
                .map(|pair| format!("{}: {}", trim_label(pair[0].1), pair[1].1.text));
            facts.collect::<Vec<_>>().join("; ")
        }
        // Without a label, the texts stay as they are.
        _ if row.slot(0).is_none() => texts().collect::<Vec<_>>().join(" | "),
        [(_, name), ..] => format!(
            "{}: {}",
            trim_label(name),
            texts().skip(1).collect::<Vec<_>>().join("; ")
        ),
    }
}

fn plain_line(row: &Row) -> String {
    let texts = row
        .cells()
        .into_iter()
        .map(|(_, slot)| slot.text.to_string());
    texts.collect::<Vec<_>>().join(" | ")
}

/// Writes as many bars between cells as there are columns: without names, only the position identifies a column.
fn barred_line(row: &Row) -> String {
    let cells = row.cells();
    let mut line = String::new();
    let mut previous: Option<usize> = None;
    for (columns, slot) in &cells {
        let bars = match previous {
            Some(previous) => columns.start - previous,
            None if cells.len() > 1 => columns.start,
            None => 0,
        };
        line.push_str(&" |".repeat(bars.min(MAX_BARS)));
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&slot.text);
        previous = Some(columns.start);
    }
    line.trim_start().to_owned()
}

fn trim_label(slot: &Slot) -> &str {
    slot.text.trim_end_matches([':', '：', ' '])
}
