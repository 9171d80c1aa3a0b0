//! The cells of one sheet, row by row.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::rc::Rc;

use quick_xml::events::{BytesStart, Event};

use super::rich::{Runs, Text, read as read_text};
use super::styles::Styles;
use super::xml::{Place, add_text, area, attribute, next, place, reader, unescaped};
use crate::document::extract::Failed;
use crate::document::extract::office::package::too_large;
use crate::document::extract::table::{Origin, Part, Row, Slot, Writer};

/// Cells that are merged in one sheet; further ones stay separate.
const MERGED: usize = 200_000;

/// What all sheets of a workbook share.
pub struct Book {
    pub strings: Vec<Runs>,
    pub styles: Styles,
}

pub struct Sheet {
    pub parts: Vec<Part>,
    /// Rows and columns with something in them that are hidden.
    pub hidden_rows: usize,
    pub hidden_columns: usize,
    /// Stretches that are struck through.
    pub struck: usize,
}

/// What the end of a sheet says of its cells.
#[derive(Default)]
struct Layout {
    merged: Vec<(Place, Place)>,
    /// The row above a filter.
    header: Option<u32>,
}

/// Reads a sheet of at most `most` characters.
pub fn read(xml: &str, book: &Book, headers: &[u32], most: usize) -> Result<Sheet, Failed> {
    let layout = layout(xml)?;
    let mut headers = headers.to_vec();
    headers.extend(layout.header);
    let mut cells = Cells {
        headers,
        hidden: vec![],
        merged: starts(&layout.merged),
        reaching: HashMap::new(),
        writer: Writer::new(Origin::Data),
        last: 0,
        number: 0,
        hidden_rows: 0,
        hidden_columns: std::collections::BTreeSet::new(),
        struck: 0,
    };
    let mut reader = reader(xml);
    loop {
        match next(&mut reader)? {
            Event::Start(element) => match element.local_name().as_ref() {
                "col" => cells.column(&element),
                "row" => {
                    let row = read_row(&mut reader, &element, book, cells.last)?;
                    cells.row(row);
                    if cells.writer.len() / 4 > most {
                        return Err(too_large());
                    }
                }
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(Sheet {
        parts: cells.writer.end(),
        hidden_rows: cells.hidden_rows,
        hidden_columns: cells.hidden_columns.len(),
        struck: cells.struck,
    })
}

fn layout(xml: &str) -> Result<Layout, Failed> {
    let mut layout = Layout::default();
    // Both come after the cells.
    let Some(at) = xml.rfind("sheetData") else {
        return Ok(layout);
    };
    let behind = xml
        .get(at..)
        .and_then(|rest| rest.split_once('>'))
        .map_or("", |(_, rest)| rest);
    let mut reader = reader(behind);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    loop {
        match next(&mut reader)? {
            Event::Start(element) => {
                let area = attribute(&element, "ref").and_then(|text| area(&text));
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

/// By its first cell: the last one of an area of merged cells.
fn starts(merged: &[(Place, Place)]) -> HashMap<Place, Place> {
    let size = |first: &Place, last: &Place| {
        let columns = (last.0 + 1).saturating_sub(first.0);
        columns.saturating_mul(
            usize::try_from(last.1.saturating_add(1).saturating_sub(first.1)).unwrap_or(usize::MAX),
        )
    };
    let mut left = MERGED;
    let mut starts = HashMap::new();
    for (first, last) in merged {
        let size = size(first, last);
        if size <= left {
            left -= size;
            starts.insert(*first, *last);
        }
    }
    starts
}

struct ReadRow {
    number: u32,
    hidden: bool,
    cells: Vec<(usize, String, bool)>,
    struck: u32,
}

/// Puts rows into their columns.
struct Cells {
    headers: Vec<u32>,
    hidden: Vec<RangeInclusive<usize>>,
    merged: HashMap<Place, Place>,
    /// By column: what reaches down, and to which row.
    reaching: HashMap<usize, (Slot, u32)>,
    writer: Writer,
    /// The last row that was read.
    last: u32,
    number: u32,
    hidden_rows: usize,
    hidden_columns: std::collections::BTreeSet<usize>,
    struck: usize,
}

impl Cells {
    fn column(&mut self, element: &BytesStart<'_>) {
        let number = |name| attribute(element, name).and_then(|text| text.parse::<usize>().ok());
        let hidden =
            attribute(element, "hidden").is_some_and(|own| matches!(own.as_str(), "1" | "true"));
        if let (true, Some(first), Some(last)) = (hidden, number("min"), number("max")) {
            self.hidden
                .push(first.saturating_sub(1)..=last.saturating_sub(1));
        }
    }

    fn row(&mut self, read: ReadRow) {
        if read.number > self.last.saturating_add(1) {
            // A row that is not there is empty.
            self.writer.row(Row::default());
        }
        self.last = read.number;
        let heading = self.headers.contains(&read.number);
        let hidden = read.hidden && read.cells.iter().any(|(_, text, _)| !text.is_empty());
        self.hidden_rows += usize::from(hidden);
        let slots = self.slots(&read);
        if !read.hidden {
            self.struck += read.struck as usize;
            self.writer.row(Row { slots, heading });
        }
    }

    fn slots(&mut self, read: &ReadRow) -> Vec<Slot> {
        let mut slots: Vec<Slot> = Vec::new();
        let mut put = |column: usize, slot: Slot| {
            if slots.len() <= column {
                slots.resize_with(column + 1, Slot::default);
            }
            slots[column] = slot;
        };
        self.reaching.retain(|_, (_, last)| *last >= read.number);
        for (column, (slot, _)) in &self.reaching {
            put(*column, slot.clone());
        }
        for (column, text, strong) in &read.cells {
            if self.reaching.contains_key(column) {
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
            let end = self.merged.get(&(*column, read.number)).copied();
            let (last_column, last_row) = end.unwrap_or((*column, read.number));
            for column in *column..=last_column {
                if end.is_some() {
                    self.reaching.insert(column, (slot.clone(), last_row));
                }
                put(column, slot.clone());
            }
        }
        self.visible(slots)
    }

    fn visible(&mut self, slots: Vec<Slot>) -> Vec<Slot> {
        if self.hidden.is_empty() {
            return slots;
        }
        let mut shown = Vec::with_capacity(slots.len());
        for (column, slot) in slots.into_iter().enumerate() {
            match self.hidden.iter().any(|columns| columns.contains(&column)) {
                false => shown.push(slot),
                true if !slot.text.is_empty() => {
                    self.hidden_columns.insert(column);
                }
                true => {}
            }
        }
        shown
    }
}

fn read_row(
    reader: &mut quick_xml::Reader<&[u8]>,
    row: &BytesStart<'_>,
    book: &Book,
    last: u32,
) -> Result<ReadRow, Failed> {
    let mut read = ReadRow {
        number: attribute(row, "r")
            .and_then(|number| number.parse().ok())
            .unwrap_or(last.saturating_add(1)),
        hidden: attribute(row, "hidden").is_some_and(|own| matches!(own.as_str(), "1" | "true")),
        cells: vec![],
        struck: 0,
    };
    loop {
        match next(reader)? {
            Event::Start(element) if element.local_name().as_ref() == "c" => {
                let following = read.cells.last().map_or(0, |(column, ..)| column + 1);
                let place = attribute(&element, "r").and_then(|text| place(&text));
                let column = place.map_or(following, |(column, _)| column);
                let (Text { text, struck }, strong) = read_cell(reader, &element, book)?;
                read.struck += struck;
                if !text.is_empty() {
                    read.cells.push((column, text, strong));
                }
            }
            Event::End(element) if element.local_name().as_ref() == "row" => return Ok(read),
            Event::Eof => return Ok(read),
            _ => {}
        }
    }
}

/// The text of a cell, and whether it is bold.
fn read_cell(
    reader: &mut quick_xml::Reader<&[u8]>,
    cell: &BytesStart<'_>,
    book: &Book,
) -> Result<(Text, bool), Failed> {
    let kind = attribute(cell, "t").unwrap_or_default();
    let style = attribute(cell, "s").and_then(|style| style.parse().ok());
    let (mut value, mut formula, mut inline) = (String::new(), String::new(), Runs::default());
    let mut inside = "";
    loop {
        match next(reader)? {
            Event::Start(element) => match element.local_name().as_ref() {
                "v" => inside = "v",
                "f" => inside = "f",
                "is" => inline = read_text(reader, "is")?,
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "c" => break,
                _ => inside = "",
            },
            Event::Eof => break,
            event => match inside {
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
            .and_then(|number| book.strings.get(number))
    };
    let plain = Runs::plain;
    let own = match kind.as_str() {
        "s" => Runs::default(),
        "inlineStr" => inline,
        "str" | "e" | "d" => plain(unescaped(&value)),
        "b" => plain(if value.trim() == "1" { "TRUE" } else { "FALSE" }.to_owned()),
        _ if value.trim().is_empty() => Runs::default(),
        _ => plain(book.styles.shown(&value, style)),
    };
    // What a formula comes to is known once a program has worked it out.
    let own = match value.is_empty() && !formula.is_empty() {
        true => plain(format!("={formula}")),
        false => own,
    };
    let runs = match kind.as_str() {
        "s" => shared().unwrap_or(&own),
        _ => &own,
    };
    let text = runs.shown(book.styles.look(style));
    Ok((text, book.styles.is_bold(style)))
}
