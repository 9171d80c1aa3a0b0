//! Decides how the rows of a table are read, from the rows themselves.
//!
//! The rules, in this order:
//! 1. Leading rows with at most half as many filled cells as a typical row are title lines.
//! 2. Declared header rows are the header; declared header cells in the first column make a form.
//! 3. Two columns are a form if labels end with a colon, if only the first column is emphasized, or if the second column
//!    mixes numbers and words. Wider tables are transposed forms if each row has values of one kind and the columns do
//!    not. Rows that may also be several stacked tables have no names.
//! 4. The first row is the header if each of its cells is a name: not a number (except years above other values), and
//!    not repeated further down in its column.
//! 5. Two columns on a page have a header if only the first row is emphasized, if numbers are below a name, if the first
//!    column repeats itself, or below a title; else they are a form.
//! 6. Other tables have no names: their rows stay as they are.

use std::collections::HashSet;

use super::{Origin, Row};

/// Maximum length of a name, in characters.
const MAX_NAME: usize = 120;
/// Maximum length of a unit such as "euros", in letters.
const MAX_UNIT: usize = 6;
/// Maximum number of rows of a transposed table.
const MAX_TRANSPOSED_ROWS: usize = 50;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RowLayout {
    /// The names of the columns.
    Named(Vec<String>),
    /// The first column holds names.
    Form,
    /// The first column holds names, and each other column a record.
    Transposed,
    /// The columns have no names.
    Plain,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TableLayout {
    /// Rows before the header.
    pub titles: usize,
    /// Rows of the header.
    pub header: usize,
    pub row_layout: RowLayout,
    /// Whether the document or the values say so, and not a mere heuristic.
    pub is_certain: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum ValueKind {
    /// Includes placeholders such as a dash or "n/a".
    Empty,
    Number,
    Text,
}

/// Chooses the layout from the first rows of a table.
pub(super) fn choose_layout(rows: &[Row], origin: Origin) -> TableLayout {
    let titles = count_titles(rows);
    let body: Vec<&Row> = rows[titles..]
        .iter()
        .filter(|row| row.cell_count() > 0)
        .collect();
    let declared = count_declared_headers(&rows[titles..]);
    let layout = |header, row_layout, is_certain| TableLayout {
        titles,
        header,
        row_layout,
        is_certain,
    };
    if declared > 0 && declared < rows.len() - titles {
        let names = column_names(&rows[titles..titles + declared]);
        return layout(declared, RowLayout::Named(names), true);
    }
    let width = body.iter().map(|row| row.slots.len()).max().unwrap_or(0);
    if body.len() < 2 || body.iter().all(|row| row.cell_count() < 2) {
        let is_form = !body.is_empty() && (are_label_pairs(&body) || is_labeled(body[0]));
        let row_layout = if is_form {
            RowLayout::Form
        } else {
            RowLayout::Plain
        };
        return layout(0, row_layout, false);
    }
    if let Some(row_layout) = detect_form(&body, width, origin) {
        return layout(0, row_layout, true);
    }
    let may_have_header = may_be_header(body[0], &body[1..], width);
    let is_certain = may_have_header && is_clear_header(&body, width);
    let header = || {
        let count = count_header_rows(&rows[titles..]);
        let names = column_names(&rows[titles..titles + count]);
        layout(count, RowLayout::Named(names), is_certain)
    };
    match may_have_header {
        true if is_certain || width > 2 || origin == Origin::Data || titles > 0 => header(),
        _ if width == 2 && origin == Origin::Page && labels_are_distinct(&body) => {
            layout(0, RowLayout::Form, false)
        }
        true => header(),
        false => layout(0, RowLayout::Plain, false),
    }
}

/// Whether a block of rows continues a table with these names after an empty row.
pub(super) fn continues_table(names: &[String], rows: &[Row]) -> bool {
    let has_name = |column: usize| names.get(column).is_some_and(|name| !name.is_empty());
    let mut filled = rows.iter().flat_map(|row| {
        let slots = row.slots.iter().enumerate();
        slots
            .filter(|(_, slot)| !slot.is_empty())
            .map(|(column, _)| column)
    });
    rows.iter().any(|row| row.cell_count() > 1) && filled.all(has_name)
}

fn count_titles(rows: &[Row]) -> usize {
    let mut counts: Vec<usize> = rows
        .iter()
        .map(Row::cell_count)
        .filter(|n| *n > 1)
        .collect();
    counts.sort_unstable();
    let Some(typical) = counts.get(counts.len() / 2).copied() else {
        return 0;
    };
    let is_title = |row: &Row| {
        let cells = row.cells();
        let spanned: usize = cells.iter().map(|(columns, _)| columns.len()).sum();
        // A header row may have few names if they span columns, or a single one.
        let is_spanning = cells.len() > 1 && spanned >= typical;
        let is_header = row.heading && spanned == 1 && row.slots.len() > 1;
        cells.len() * 2 <= typical && !is_spanning && !is_header
    };
    let titles = rows.iter().take_while(|row| is_title(row)).count();
    if titles < rows.len() { titles } else { 0 }
}

/// Counts leading declared header rows.
fn count_declared_headers(rows: &[Row]) -> usize {
    rows.iter().take_while(|row| row.is_declared()).count()
}

fn detect_form(body: &[&Row], width: usize, origin: Origin) -> Option<RowLayout> {
    let first_column = || body.iter().filter_map(|row| row.slot(0));
    let has_header_column = first_column().count() > 0 && first_column().all(|slot| slot.heading);
    let below_corner = body[1..].iter().filter_map(|row| row.slot(0));
    // Header cells in the first column, but not in the rest of the first row.
    if has_header_column
        && body[0]
            .slots
            .iter()
            .skip(1)
            .any(|slot| !slot.heading && !slot.is_empty())
        || are_label_pairs(body)
    {
        return Some(RowLayout::Form);
    }
    if !labels_are_distinct(body) || body.len() > MAX_TRANSPOSED_ROWS {
        return None;
    }
    let emphasizes_values = |row: &&Row| row.slots.iter().skip(1).any(|slot| slot.strong);
    let only_labels_emphasized = below_corner.count() > 0
        && first_column().all(|slot| slot.strong)
        && !body.iter().any(emphasizes_values);
    if width == 2 {
        return (only_labels_emphasized || is_mixed(body, origin)).then_some(RowLayout::Form);
    }
    if only_labels_emphasized {
        return Some(RowLayout::Transposed);
    }
    is_transposed(body, width).then(|| match may_be_stacked(body) {
        true => RowLayout::Plain,
        false => RowLayout::Transposed,
    })
}

/// Whether only the first cell is a header cell.
fn is_labeled(row: &Row) -> bool {
    let mut cells = row.cells().into_iter().map(|(_, cell)| cell.heading);
    cells.next() == Some(true) && cells.next() == Some(false) && !cells.any(|heading| heading)
}

/// Whether each label ends with a colon and is followed by its value.
fn are_label_pairs(body: &[&Row]) -> bool {
    let has_pairs = |row: &&Row| {
        let cells = row.cells();
        cells.len().is_multiple_of(2)
            && cells.chunks(2).all(|pair| {
                pair[0].1.text.ends_with([':', '：']) && !pair[1].1.text.ends_with([':', '：'])
            })
    };
    let mut filled = body.iter().filter(|row| row.cell_count() > 1).peekable();
    filled.peek().is_some() && filled.all(has_pairs)
}

/// Whether the second of two columns mixes words and numbers, unlike the columns of a table.
fn is_mixed(body: &[&Row], origin: Origin) -> bool {
    let values = body[1..].iter().filter_map(|row| row.slot(1));
    let kinds: Vec<ValueKind> = values.map(|slot| value_kind(&slot.text)).collect();
    let count = |value_kind| kinds.iter().filter(|other| **other == value_kind).count();
    let (numbers, words) = (count(ValueKind::Number), count(ValueKind::Text));
    // In data, a single different value among many is a remark.
    let required = match origin {
        Origin::Data => kinds.len().div_ceil(4),
        Origin::Page => 1,
    };
    body.len() > 2 && numbers.min(words) >= required.max(1)
}

/// Whether each row has values of one kind, while each column has both.
fn is_transposed(body: &[&Row], width: usize) -> bool {
    let kinds = |slots: &mut dyn Iterator<Item = ValueKind>| -> (bool, bool) {
        slots.fold((false, false), |(number, text), value_kind| {
            (
                number || value_kind == ValueKind::Number,
                text || value_kind == ValueKind::Text,
            )
        })
    };
    let row_kinds =
        |row: &&Row| kinds(&mut row.slots.iter().skip(1).map(|slot| value_kind(&slot.text)));
    let rows: Vec<(bool, bool)> = body.iter().map(row_kinds).collect();
    let columns = (1..width).filter(|column| {
        let rest = body[1..].iter().filter_map(|row| row.slot(*column));
        kinds(&mut rest.map(|slot| value_kind(&slot.text))) == (true, true)
    });
    let is_full = body.iter().all(|row| row.cell_count() == width);
    body.len() > 2 && is_full && !rows.contains(&(true, true)) && columns.count() == width - 1
}

/// Whether a row of distinct words between rows of numbers may be the header row of a second table.
fn may_be_stacked(body: &[&Row]) -> bool {
    let kinds = |row: &Row| -> HashSet<ValueKind> {
        let values = row.slots.iter().skip(1).map(|slot| value_kind(&slot.text));
        values.filter(|kind| *kind != ValueKind::Empty).collect()
    };
    let is_header = |row: &Row| {
        let mut seen = HashSet::new();
        let mut slots = row.slots.iter();
        kinds(row) == HashSet::from([ValueKind::Text])
            && slots.all(|slot| is_short(&slot.text) && seen.insert(&*slot.text))
    };
    let has_numbers = |row: &Row| kinds(row).contains(&ValueKind::Number);
    let mut triples = body.windows(3);
    is_header(body[0])
        && triples.any(|rows| has_numbers(rows[0]) && is_header(rows[1]) && has_numbers(rows[2]))
}

fn labels_are_distinct(body: &[&Row]) -> bool {
    let mut seen = HashSet::new();
    body.iter().all(|row| match row.slot(0) {
        Some(slot) => {
            value_kind(&slot.text) == ValueKind::Text
                && is_short(&slot.text)
                && seen.insert(&*slot.text)
        }
        None => false,
    })
}

/// Whether the first row may name the columns.
fn may_be_header(first: &Row, rest: &[&Row], width: usize) -> bool {
    let filled = first.slots.iter().filter(|slot| !slot.is_empty()).count();
    if filled * 2 < width || first.cell_count() < 2 {
        return false;
    }
    let mut seen: HashSet<(&str, u32)> = HashSet::new();
    first.slots.iter().enumerate().all(|(column, slot)| {
        if slot.is_empty() {
            return true;
        }
        seen.insert((&slot.text, slot.cell));
        let below = || rest.iter().filter_map(|row| row.slot(column));
        let is_repeated = below().any(|other| other.text == slot.text && other.cell != slot.cell)
            && !rest.iter().any(|row| row.has_same_texts(first));
        let is_name = match value_kind(&slot.text) {
            ValueKind::Number => is_year(&slot.text) && !below().any(|other| is_year(&other.text)),
            ValueKind::Empty => slot.text.chars().any(char::is_alphabetic),
            ValueKind::Text => is_short(&slot.text),
        };
        is_name && !is_repeated
    })
}

/// Whether the values or their emphasis show that the first row is a header.
fn is_clear_header(body: &[&Row], width: usize) -> bool {
    let is_strong = |row: &Row| {
        let mut filled = row.slots.iter().filter(|slot| !slot.is_empty());
        filled.all(|slot| slot.strong)
    };
    let emphasizes_values = |row: &&Row| row.slots.iter().skip(1).any(|slot| slot.strong);
    if is_strong(body[0]) && !body[1..].iter().any(emphasizes_values) {
        return true;
    }
    let has_merged_cells = body[0].cells().iter().any(|(columns, _)| columns.len() > 1);
    let has_numeric_column = (0..width).any(|column| {
        let below: Vec<ValueKind> = body[1..]
            .iter()
            .filter_map(|row| row.slot(column))
            .map(|slot| value_kind(&slot.text))
            .filter(|kind| *kind != ValueKind::Empty)
            .collect();
        // One value below one name may also be a form of two lines.
        let required = if width > 2 { 1 } else { 2 };
        below.len() >= required && below.iter().all(|kind| *kind == ValueKind::Number)
    });
    let mut first: Vec<&str> = body[1..]
        .iter()
        .filter_map(|row| row.slot(0))
        .map(|slot| &*slot.text)
        .collect();
    let total = first.len();
    first.sort_unstable();
    first.dedup();
    has_merged_cells || has_numeric_column || first.len() < total
}

/// Counts the header rows: a second row divides names that span columns.
fn count_header_rows(rows: &[Row]) -> usize {
    let mut count = 1;
    while let Some([above, below]) = rows.get(count - 1..=count) {
        let has_merged_cells = above.cells().iter().any(|(columns, _)| columns.len() > 1);
        let divides = above.cells().iter().all(|(columns, cell)| {
            columns.clone().all(|column| match below.slot(column) {
                None => columns.len() == 1,
                Some(slot) if slot.cell == cell.cell => true,
                Some(slot) => {
                    columns.len() > 1
                        && (value_kind(&slot.text) == ValueKind::Text || is_year(&slot.text))
                }
            })
        });
        // Names that span both rows confirm it, or numbers below.
        let precedes_values = rows.get(count + 1).is_some_and(|next| {
            let slots = next.slots.iter().filter(|slot| !slot.is_empty());
            slots
                .filter(|slot| value_kind(&slot.text) == ValueKind::Number)
                .count()
                > 0
        });
        let is_header =
            precedes_values || above.cells().iter().any(|(columns, _)| columns.len() == 1);
        if !has_merged_cells || !divides || !is_header || count + 1 >= rows.len() {
            break;
        }
        count += 1;
    }
    count
}

/// The names of the columns. Several header rows are joined from top to bottom.
fn column_names(header: &[Row]) -> Vec<String> {
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
    text.chars().count() <= MAX_NAME
}

fn is_year(text: &str) -> bool {
    text.len() == 4
        && text
            .parse()
            .is_ok_and(|year: u16| (1900..=2200).contains(&year))
}

/// A number with a unit, a percentage, an amount, a date or a time counts as a number.
pub(super) fn value_kind(text: &str) -> ValueKind {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let starts_with_digit = text
        .trim_start_matches(|c: char| !c.is_alphanumeric())
        .starts_with(|c: char| c.is_ascii_digit());
    match (digits, letters) {
        (0, letters) if letters <= 1 || letters <= 3 && text.contains(['/', '.']) => {
            ValueKind::Empty
        }
        (0, _) => ValueKind::Text,
        (_, letters) if starts_with_digit && letters <= MAX_UNIT => ValueKind::Number,
        (_, 3) if is_currency(text) => ValueKind::Number,
        _ => ValueKind::Text,
    }
}

/// `EUR 5`, `CHF 1'200.00`
fn is_currency(text: &str) -> bool {
    let Some((code, amount)) = text.split_at_checked(3) else {
        return false;
    };
    code.chars().all(|c| c.is_ascii_uppercase()) && amount.starts_with([' ', '\u{a0}'])
}
