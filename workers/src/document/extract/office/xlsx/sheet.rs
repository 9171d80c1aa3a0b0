//! Reads the cells of a sheet, row by row.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::rc::Rc;

use quick_xml::events::{BytesStart, Event};

use super::rich::{CellText, Runs, read_rich_text};
use super::styles::Styles;
use super::xml::{
    CellReference, add_text, attribute, next_event, parse_area, parse_reference, reader, unescape,
};
use crate::document::extract::ExtractError;
use crate::document::extract::office::package::too_large;
use crate::document::extract::table::{Origin, Row, Slot, TablePart, TableWriter};

/// Maximum number of merged cells in a sheet; further ones stay separate.
const MAX_MERGED: usize = 200_000;

/// The parts of a workbook that all sheets share.
pub(super) struct Workbook {
    pub strings: Vec<Runs>,
    pub styles: Styles,
}

pub(super) struct SheetContent {
    pub parts: Vec<TablePart>,
    /// Number of hidden rows and columns with content.
    pub hidden_rows: usize,
    pub hidden_columns: usize,
    /// Number of struck passages.
    pub struck: usize,
}

/// The declarations after the cells of a sheet.
#[derive(Default)]
struct SheetLayout {
    merged: Vec<(CellReference, CellReference)>,
    /// The header row of a filter.
    header: Option<u32>,
}

/// Reads a sheet of at most `max_characters`.
pub(super) fn read_sheet(
    xml: &str,
    workbook: &Workbook,
    headers: &[u32],
    max_characters: usize,
) -> Result<SheetContent, ExtractError> {
    let layout = read_layout(xml)?;
    let mut headers = headers.to_vec();
    headers.extend(layout.header);
    let mut rows = SheetRows {
        headers,
        hidden: vec![],
        merged: merged_areas(&layout.merged),
        spanning: HashMap::new(),
        writer: TableWriter::new(Origin::Data),
        last: 0,
        number: 0,
        hidden_rows: 0,
        hidden_columns: std::collections::BTreeSet::new(),
        struck: 0,
    };
    let mut reader = reader(xml);
    loop {
        match next_event(&mut reader)? {
            Event::Start(element) => match element.local_name().as_ref() {
                "col" => rows.read_column(&element),
                "row" => {
                    let row = read_row(&mut reader, &element, workbook, rows.last)?;
                    rows.add_row(row);
                    if rows.writer.len() / 4 > max_characters {
                        return Err(too_large());
                    }
                }
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(SheetContent {
        parts: rows.writer.end(),
        hidden_rows: rows.hidden_rows,
        hidden_columns: rows.hidden_columns.len(),
        struck: rows.struck,
    })
}

fn read_layout(xml: &str) -> Result<SheetLayout, ExtractError> {
    let mut layout = SheetLayout::default();
    // Both are after the cells.
    let Some(start) = xml.rfind("sheetData") else {
        return Ok(layout);
    };
    let rest = xml
        .get(start..)
        .and_then(|rest| rest.split_once('>'))
        .map_or("", |(_, rest)| rest);
    let mut reader = reader(rest);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    loop {
        match next_event(&mut reader)? {
            Event::Start(element) => {
                let area = attribute(&element, "ref").and_then(|text| parse_area(&text));
                match (element.local_name().as_ref(), area) {
                    ("mergeCell", Some(area)) => layout.merged.push(area),
                    ("autoFilter", Some((first, _))) => layout.header = Some(first.1),
                    _ => {}
                }
            }
            Event::Eof => return Ok(layout),
            _ => {}
        }
    }
}

/// Maps the first cell of each merged area to its last cell.
fn merged_areas(
    merged: &[(CellReference, CellReference)],
) -> HashMap<CellReference, CellReference> {
    let size = |first: &CellReference, last: &CellReference| {
        let columns = (last.0 + 1).saturating_sub(first.0);
        columns.saturating_mul(
            usize::try_from(last.1.saturating_add(1).saturating_sub(first.1)).unwrap_or(usize::MAX),
        )
    };
    let mut remaining = MAX_MERGED;
    let mut areas = HashMap::new();
    for (first, last) in merged {
        let size = size(first, last);
        if size <= remaining {
            remaining -= size;
            areas.insert(*first, *last);
        }
    }
    areas
}

struct SheetRow {
    number: u32,
    hidden: bool,
    cells: Vec<(usize, String, bool)>,
    struck: u32,
}

/// Places cells in columns, and writes the rows.
struct SheetRows {
    headers: Vec<u32>,
    hidden: Vec<RangeInclusive<usize>>,
    merged: HashMap<CellReference, CellReference>,
    /// By column: the cell that spans down, and its last row.
    spanning: HashMap<usize, (Slot, u32)>,
    writer: TableWriter,
    /// The number of the last row that was read.
    last: u32,
    number: u32,
    hidden_rows: usize,
    hidden_columns: std::collections::BTreeSet<usize>,
    struck: usize,
}

impl SheetRows {
    fn read_column(&mut self, element: &BytesStart<'_>) {
        let number = |name| attribute(element, name).and_then(|text| text.parse::<usize>().ok());
        let hidden =
            attribute(element, "hidden").is_some_and(|flag| matches!(flag.as_str(), "1" | "true"));
        if let (true, Some(first), Some(last)) = (hidden, number("min"), number("max")) {
            self.hidden
                .push(first.saturating_sub(1)..=last.saturating_sub(1));
        }
    }

    fn add_row(&mut self, row: SheetRow) {
        if row.number > self.last.saturating_add(1) {
            // A missing row is empty.
            self.writer.add_row(Row::default());
        }
        self.last = row.number;
        let heading = self.headers.contains(&row.number);
        let hidden = row.hidden && row.cells.iter().any(|(_, text, _)| !text.is_empty());
        self.hidden_rows += usize::from(hidden);
        let slots = self.place_cells(&row);
        if !row.hidden {
            self.struck += row.struck as usize;
            self.writer.add_row(Row { slots, heading });
        }
    }

    fn place_cells(&mut self, row: &SheetRow) -> Vec<Slot> {
        let mut slots: Vec<Slot> = Vec::new();
        let mut set = |column: usize, slot: Slot| {
            if slots.len() <= column {
                slots.resize_with(column + 1, Slot::default);
            }
            slots[column] = slot;
        };
        self.spanning.retain(|_, (_, last)| *last >= row.number);
        for (column, (slot, _)) in &self.spanning {
            set(*column, slot.clone());
        }
        for (column, text, strong) in &row.cells {
            if self.spanning.contains_key(column) {
                continue;
            }
            self.number += 1;
            let slot = Slot {
                label: false,
                text: Rc::from(text.split_whitespace().collect::<Vec<_>>().join(" ")),
                cell: self.number,
                heading: false,
                strong: *strong,
            };
            let end = self.merged.get(&(*column, row.number)).copied();
            let (last_column, last_row) = end.unwrap_or((*column, row.number));
            for column in *column..=last_column {
                if end.is_some() {
                    self.spanning.insert(column, (slot.clone(), last_row));
                }
                set(column, slot.clone());
            }
        }
        self.remove_hidden(slots)
    }

    fn remove_hidden(&mut self, slots: Vec<Slot>) -> Vec<Slot> {
        if self.hidden.is_empty() {
            return slots;
        }
        let mut visible = Vec::with_capacity(slots.len());
        for (column, slot) in slots.into_iter().enumerate() {
            match self.hidden.iter().any(|columns| columns.contains(&column)) {
                false => visible.push(slot),
                true if !slot.text.is_empty() => {
                    self.hidden_columns.insert(column);
                }
                true => {}
            }
        }
        visible
    }
}

fn read_row(
    reader: &mut quick_xml::Reader<&[u8]>,
    row: &BytesStart<'_>,
    workbook: &Workbook,
    last: u32,
) -> Result<SheetRow, ExtractError> {
    let mut result = SheetRow {
        number: attribute(row, "r")
            .and_then(|number| number.parse().ok())
            .unwrap_or(last.saturating_add(1)),
        hidden: attribute(row, "hidden").is_some_and(|flag| matches!(flag.as_str(), "1" | "true")),
        cells: vec![],
        struck: 0,
    };
    loop {
        match next_event(reader)? {
            Event::Start(element) if element.local_name().as_ref() == "c" => {
                let next_column = result.cells.last().map_or(0, |(column, ..)| column + 1);
                let reference = attribute(&element, "r").and_then(|text| parse_reference(&text));
                let column = reference.map_or(next_column, |(column, _)| column);
                let (CellText { text, struck }, strong) = read_cell(reader, &element, workbook)?;
                result.struck += struck;
                if !text.is_empty() {
                    result.cells.push((column, text, strong));
                }
            }
            Event::End(element) if element.local_name().as_ref() == "row" => return Ok(result),
            Event::Eof => return Ok(result),
            _ => {}
        }
    }
}

/// Reads the text of a cell, and whether it is bold.
fn read_cell(
    reader: &mut quick_xml::Reader<&[u8]>,
    cell: &BytesStart<'_>,
    workbook: &Workbook,
) -> Result<(CellText, bool), ExtractError> {
    let kind = attribute(cell, "t").unwrap_or_default();
    let style = attribute(cell, "s").and_then(|style| style.parse().ok());
    let (mut value, mut formula, mut inline) = (String::new(), String::new(), Runs::default());
    let mut current = "";
    loop {
        match next_event(reader)? {
            Event::Start(element) => match element.local_name().as_ref() {
                "v" => current = "v",
                "f" => current = "f",
                "is" => inline = read_rich_text(reader, "is")?,
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "c" => break,
                _ => current = "",
            },
            Event::Eof => break,
            event => match current {
                "v" => add_text(&event, &mut value)?,
                "f" => add_text(&event, &mut formula)?,
                _ => {}
            },
        }
    }
    let shared = || {
        value
            .trim()
            .parse::<usize>()
            .ok()
            .and_then(|number| workbook.strings.get(number))
    };
    let from_text = Runs::from_text;
    let text = match kind.as_str() {
        "s" => Runs::default(),
        "inlineStr" => inline,
        "str" | "e" | "d" => from_text(unescape(&value)),
        "b" => from_text(if value.trim() == "1" { "TRUE" } else { "FALSE" }.to_owned()),
        _ if value.trim().is_empty() => Runs::default(),
        _ => from_text(workbook.styles.format_number(&value, style)),
    };
    // The value of a formula is missing until a program has calculated it.
    let text = match value.is_empty() && !formula.is_empty() {
        true => from_text(format!("={formula}")),
        false => text,
    };
    let runs = match kind.as_str() {
        "s" => shared().unwrap_or(&text),
        _ => &text,
    };
    let text = runs.render(workbook.styles.text_style(style));
    Ok((text, workbook.styles.is_bold(style)))
}
