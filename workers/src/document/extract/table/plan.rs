//! Decides how the rows of a table are to be read, by the rows themselves.
//!
//! The rule, in this order:
//! 1. Rows above with at most half as many filled cells as a row usually has are title lines.
//! 2. Rows that the document calls headers are the header; cells that it calls headings down the first column make a form.
//! 3. Two columns are a form where labels end with a colon, where the first column alone is emphasised, or where the
//!    second column mixes numbers and words. Wider tables are one, on its side, where their rows are of one kind each
//!    and their columns are not. Rows that may as well be several tables below each other have no names.
//! 4. The first row is the header where each cell of it is a name: no number (years over other values are), and
//!    nothing that comes again further down in its column.
//! 5. Two columns on a page are a header's where the first row alone is emphasised, where numbers are below a name,
//!    where the first column repeats itself, or below a title; else they are a form.
//! 6. What is left has no names: its rows stay as they are.

use std::collections::HashSet;

use super::{Origin, Row};

/// A name is no longer than this, in characters.
const LONGEST_NAME: usize = 120;
/// A unit is no longer than this, in letters, such as "euros".
const LONGEST_UNIT: usize = 6;
/// Rows of a table on its side.
const ON_ITS_SIDE: usize = 50;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// The names of the columns.
    Named(Vec<String>),
    /// The first column holds names.
    Form,
    /// The first column holds names, and each further one a record.
    OnItsSide,
    /// No names.
    Plain,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Rows before the header.
    pub titles: usize,
    /// Rows of the header.
    pub header: usize,
    pub reading: Reading,
    /// Whether the document or the values say so, and no custom.
    pub certain: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// Also placeholders, such as a dash or "n/a".
    Empty,
    Number,
    Text,
}

/// A plan by the first rows of a table.
pub fn plan(rows: &[Row], origin: Origin) -> Plan {
    let titles = titles(rows);
    let body: Vec<&Row> = rows[titles..]
        .iter()
        .filter(|row| row.filled() > 0)
        .collect();
    let declared = declared(&rows[titles..]);
    let plan = |header, reading, certain| Plan {
        titles,
        header,
        reading,
        certain,
    };
    if declared > 0 && declared < rows.len() - titles {
        let names = names(&rows[titles..titles + declared]);
        return plan(declared, Reading::Named(names), true);
    }
    let width = body.iter().map(|row| row.slots.len()).max().unwrap_or(0);
    if body.len() < 2 || body.iter().all(|row| row.filled() < 2) {
        let labelled = !body.is_empty() && (pairs(&body) || is_labelled(body[0]));
        let reading = if labelled {
            Reading::Form
        } else {
            Reading::Plain
        };
        return plan(0, reading, false);
    }
    if let Some(reading) = form(&body, width, origin) {
        return plan(0, reading, true);
    }
    let named = may_be_header(body[0], &body[1..], width);
    let certain = named && is_clear(&body, width);
    let header = || {
        let count = header_rows(&rows[titles..]);
        let names = names(&rows[titles..titles + count]);
        plan(count, Reading::Named(names), certain)
    };
    match named {
        true if certain || width > 2 || origin == Origin::Data || titles > 0 => header(),
        _ if width == 2 && origin == Origin::Page && labels_are_distinct(&body) => {
            plan(0, Reading::Form, false)
        }
        true => header(),
        false => plan(0, Reading::Plain, false),
    }
}

/// Whether a block of rows continues a table with these names after an empty row.
pub fn continues(names: &[String], rows: &[Row]) -> bool {
    let named = |column: usize| names.get(column).is_some_and(|name| !name.is_empty());
    let mut filled = rows.iter().flat_map(|row| {
        let slots = row.slots.iter().enumerate();
        slots
            .filter(|(_, slot)| !slot.is_empty())
            .map(|(column, _)| column)
    });
    rows.iter().any(|row| row.filled() > 1) && filled.all(named)
}

fn titles(rows: &[Row]) -> usize {
    let mut filled: Vec<usize> = rows.iter().map(Row::filled).filter(|n| *n > 1).collect();
    filled.sort_unstable();
    let Some(usual) = filled.get(filled.len() / 2).copied() else {
        return 0;
    };
    let is_title = |row: &Row| {
        let cells = row.cells();
        let covered: usize = cells.iter().map(|(columns, _)| columns.len()).sum();
        // Names that span columns are few, and a header may have a single one.
        let spans = cells.len() > 1 && covered >= usual;
        let header = row.heading && covered == 1 && row.slots.len() > 1;
        cells.len() * 2 <= usual && !spans && !header
    };
    let titles = rows.iter().take_while(|row| is_title(row)).count();
    if titles < rows.len() { titles } else { 0 }
}

/// Leading rows that the document calls headers.
fn declared(rows: &[Row]) -> usize {
    rows.iter().take_while(|row| row.is_declared()).count()
}

fn form(body: &[&Row], width: usize, origin: Origin) -> Option<Reading> {
    let first_column = || body.iter().filter_map(|row| row.slot(0));
    let of_headings = first_column().count() > 0 && first_column().all(|slot| slot.heading);
    let below_corner = body[1..].iter().filter_map(|row| row.slot(0));
    // Headings down the first column, below a first row that has none.
    if of_headings
        && body[0]
            .slots
            .iter()
            .skip(1)
            .any(|slot| !slot.heading && !slot.is_empty())
        || pairs(body)
    {
        return Some(Reading::Form);
    }
    if !labels_are_distinct(body) || body.len() > ON_ITS_SIDE {
        return None;
    }
    let beside = |row: &&Row| row.slots.iter().skip(1).any(|slot| slot.strong);
    let column_alone = below_corner.count() > 0
        && first_column().all(|slot| slot.strong)
        && !body.iter().any(beside);
    if width == 2 {
        return (column_alone || is_mixed(body, origin)).then_some(Reading::Form);
    }
    if column_alone {
        return Some(Reading::OnItsSide);
    }
    lies_on_its_side(body, width).then(|| match may_be_stacked(body) {
        true => Reading::Plain,
        false => Reading::OnItsSide,
    })
}

/// Whether the first cell alone is a heading.
fn is_labelled(row: &Row) -> bool {
    let mut cells = row.cells().into_iter().map(|(_, cell)| cell.heading);
    cells.next() == Some(true) && cells.next() == Some(false) && !cells.any(|heading| heading)
}

/// Whether each label ends with a colon and has its value beside it.
fn pairs(body: &[&Row]) -> bool {
    let is_pairs = |row: &&Row| {
        let cells = row.cells();
        cells.len().is_multiple_of(2)
            && cells.chunks(2).all(|pair| {
                pair[0].1.text.ends_with([':', '：']) && !pair[1].1.text.ends_with([':', '：'])
            })
    };
    let mut filled = body.iter().filter(|row| row.filled() > 1).peekable();
    filled.peek().is_some() && filled.all(is_pairs)
}

/// Whether the second of two columns holds words and numbers: no column of a table does.
fn is_mixed(body: &[&Row], origin: Origin) -> bool {
    let rest = body[1..].iter().filter_map(|row| row.slot(1));
    let kinds: Vec<Kind> = rest.map(|slot| kind(&slot.text)).collect();
    let count = |kind| kinds.iter().filter(|one| **one == kind).count();
    let (numbers, words) = (count(Kind::Number), count(Kind::Text));
    // One odd value among many is a remark where data is kept.
    let least = match origin {
        Origin::Data => kinds.len().div_ceil(4),
        Origin::Page => 1,
    };
    body.len() > 2 && numbers.min(words) >= least.max(1)
}

/// Whether rows are of one kind each, while a column has both.
fn lies_on_its_side(body: &[&Row], width: usize) -> bool {
    let kinds = |slots: &mut dyn Iterator<Item = Kind>| -> (bool, bool) {
        slots.fold((false, false), |(number, text), kind| {
            (number || kind == Kind::Number, text || kind == Kind::Text)
        })
    };
    let of_row = |row: &&Row| kinds(&mut row.slots.iter().skip(1).map(|slot| kind(&slot.text)));
    let rows: Vec<(bool, bool)> = body.iter().map(of_row).collect();
    let columns = (1..width).filter(|column| {
        let rest = body[1..].iter().filter_map(|row| row.slot(*column));
        kinds(&mut rest.map(|slot| kind(&slot.text))) == (true, true)
    });
    let full = body.iter().all(|row| row.filled() == width);
    body.len() > 2 && full && !rows.contains(&(true, true)) && columns.count() == width - 1
}

/// Whether a row of distinct words between rows of numbers may be the header of a second table.
fn may_be_stacked(body: &[&Row]) -> bool {
    let kinds = |row: &Row| -> HashSet<Kind> {
        let values = row.slots.iter().skip(1).map(|slot| kind(&slot.text));
        values.filter(|kind| *kind != Kind::Empty).collect()
    };
    let is_header = |row: &Row| {
        let mut seen = HashSet::new();
        let mut slots = row.slots.iter();
        kinds(row) == HashSet::from([Kind::Text])
            && slots.all(|slot| is_short(&slot.text) && seen.insert(&*slot.text))
    };
    let has_numbers = |row: &Row| kinds(row).contains(&Kind::Number);
    let mut three = body.windows(3);
    is_header(body[0])
        && three.any(|rows| has_numbers(rows[0]) && is_header(rows[1]) && has_numbers(rows[2]))
}

fn labels_are_distinct(body: &[&Row]) -> bool {
    let mut seen = HashSet::new();
    body.iter().all(|row| match row.slot(0) {
        Some(slot) => {
            kind(&slot.text) == Kind::Text && is_short(&slot.text) && seen.insert(&*slot.text)
        }
        None => false,
    })
}

/// Whether a first row may name the columns.
fn may_be_header(first: &Row, rest: &[&Row], width: usize) -> bool {
    let filled = first.slots.iter().filter(|slot| !slot.is_empty()).count();
    if filled * 2 < width || first.filled() < 2 {
        return false;
    }
    let mut seen: HashSet<(&str, u32)> = HashSet::new();
    first.slots.iter().enumerate().all(|(column, slot)| {
        if slot.is_empty() {
            return true;
        }
        seen.insert((&slot.text, slot.cell));
        let below = || rest.iter().filter_map(|row| row.slot(column));
        let repeated = below().any(|other| other.text == slot.text && other.cell != slot.cell)
            && !rest.iter().any(|row| row.same_texts(first));
        let named = match kind(&slot.text) {
            Kind::Number => is_year(&slot.text) && !below().any(|other| is_year(&other.text)),
            Kind::Empty => slot.text.chars().any(char::is_alphabetic),
            Kind::Text => is_short(&slot.text),
        };
        named && !repeated
    })
}

/// Whether the values or their look say that the first row is a header.
fn is_clear(body: &[&Row], width: usize) -> bool {
    let strong = |row: &Row| {
        let mut filled = row.slots.iter().filter(|slot| !slot.is_empty());
        filled.all(|slot| slot.strong)
    };
    let beside = |row: &&Row| row.slots.iter().skip(1).any(|slot| slot.strong);
    if strong(body[0]) && !body[1..].iter().any(beside) {
        return true;
    }
    let spans = body[0].cells().iter().any(|(columns, _)| columns.len() > 1);
    let numbers = (0..width).any(|column| {
        let below: Vec<Kind> = body[1..]
            .iter()
            .filter_map(|row| row.slot(column))
            .map(|slot| kind(&slot.text))
            .filter(|kind| *kind != Kind::Empty)
            .collect();
        // One value below one name is as likely a form of two lines.
        let enough = if width > 2 { 1 } else { 2 };
        below.len() >= enough && below.iter().all(|kind| *kind == Kind::Number)
    });
    let mut first: Vec<&str> = body[1..]
        .iter()
        .filter_map(|row| row.slot(0))
        .map(|slot| &*slot.text)
        .collect();
    let all = first.len();
    first.sort_unstable();
    first.dedup();
    spans || numbers || first.len() < all
}

/// Rows of the header: another one below names parts of a name that spans columns.
fn header_rows(rows: &[Row]) -> usize {
    let mut count = 1;
    while let Some([above, below]) = rows.get(count - 1..=count) {
        let spans = above.cells().iter().any(|(columns, _)| columns.len() > 1);
        let parts = above.cells().iter().all(|(columns, cell)| {
            columns.clone().all(|column| match below.slot(column) {
                None => columns.len() == 1,
                Some(slot) if slot.cell == cell.cell => true,
                Some(slot) => {
                    columns.len() > 1 && (kind(&slot.text) == Kind::Text || is_year(&slot.text))
                }
            })
        });
        // Names that go through both rows say so, or values below that are no words.
        let values = rows.get(count + 1).is_some_and(|next| {
            let slots = next.slots.iter().filter(|slot| !slot.is_empty());
            slots
                .filter(|slot| kind(&slot.text) == Kind::Number)
                .count()
                > 0
        });
        let whole = values || above.cells().iter().any(|(columns, _)| columns.len() == 1);
        if !spans || !parts || !whole || count + 1 >= rows.len() {
            break;
        }
        count += 1;
    }
    count
}

/// The names of the columns: where a header has several rows, from the top down.
fn names(header: &[Row]) -> Vec<String> {
    let width = header.iter().map(|row| row.slots.len()).max().unwrap_or(0);
    let name = |column: usize| {
        let mut parts: Vec<&str> = Vec::new();
        for slot in header.iter().filter_map(|row| row.slot(column)) {
            if parts.last() != Some(&&*slot.text) {
                parts.push(&slot.text);
            }
        }
        parts.join(" / ")
    };
    (0..width).map(name).collect()
}

pub(super) fn is_short(text: &str) -> bool {
    text.chars().count() <= LONGEST_NAME
}

fn is_year(text: &str) -> bool {
    text.len() == 4
        && text
            .parse()
            .is_ok_and(|year: u16| (1900..=2200).contains(&year))
}

/// A number with its unit, a share, an amount, a day or a time is a number.
pub(super) fn kind(text: &str) -> Kind {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let begins = text
        .trim_start_matches(|c: char| !c.is_alphanumeric())
        .starts_with(|c: char| c.is_ascii_digit());
    match (digits, letters) {
        (0, letters) if letters <= 1 || letters <= 3 && text.contains(['/', '.']) => Kind::Empty,
        (0, _) => Kind::Text,
        (_, letters) if begins && letters <= LONGEST_UNIT => Kind::Number,
        (_, 3) if is_currency(text) => Kind::Number,
        _ => Kind::Text,
    }
}

/// `EUR 5`, `CHF 1'200.00`
fn is_currency(text: &str) -> bool {
    let Some((code, amount)) = text.split_at_checked(3) else {
        return false;
    };
    code.chars().all(|c| c.is_ascii_uppercase()) && amount.starts_with([' ', '\u{a0}'])
}
