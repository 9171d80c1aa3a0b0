//! Delimited text files. The delimiter is detected from the rows.

use std::rc::Rc;

use super::{Origin, Row, Slot, TableWriter};
use crate::document::extract::{ExtractError, ExtractedDocument, Section};

/// Number of records that are sampled to detect the delimiter.
const SAMPLE: usize = 100;
/// Bytes that are sampled to detect the delimiter.
const SAMPLE_BYTES: usize = 256 * 1024;
/// The share of records that must have the same number of values.
const MIN_EVEN_SHARE: f64 = 0.9;
/// Tolerance between nearly equal shares.
const SHARE_TOLERANCE: f64 = 0.1;
/// Delimiters, the rarest in ordinary text first.
const DELIMITERS: [u8; 4] = [b'\t', b';', b'|', b','];
/// Maximum number of line breaks in a value; beyond, its quotation mark was not one.
const MAX_VALUE_LINES: usize = 200;

/// Splits values at the delimiter that the first line declares (`sep=;`), else at the given one, else at the one with
/// the most even records.
pub(crate) fn extract(
    text: &str,
    delimiter: Option<u8>,
) -> Result<ExtractedDocument, ExtractError> {
    let (declared, text) = declared_delimiter(text);
    let sample = &text[..text.floor_char_boundary(SAMPLE_BYTES)];
    let delimiter = declared
        .or(delimiter)
        .unwrap_or_else(|| detect_delimiter(sample));
    let quoted = !has_unclosed_quote(sample, delimiter);
    let mut writer = TableWriter::new(Origin::Data);
    for record in new_reader(text, delimiter, quoted).records() {
        let record = record.map_err(ExtractError::unreadable)?;
        if record
            .position()
            .is_some_and(|position| follows_empty_line(text, position.byte()))
        {
            writer.add_row(Row::default());
        }
        let slots = (1..).zip(&record).map(|(cell, value)| Slot {
            text: Rc::from(value.trim()),
            cell,
            ..Slot::default()
        });
        writer.add_row(Row {
            slots: slots.collect(),
            heading: false,
        });
    }
    let sections = writer.end().into_iter().map(|part| Section {
        caption: part.caption,
        text: part.text,
        ..Section::default()
    });
    Ok(ExtractedDocument {
        sections: sections.collect(),
        ..ExtractedDocument::default()
    })
}

/// Whether an empty line precedes a record. The reader skips it, so the record starts with it.
fn follows_empty_line(text: &str, start: u64) -> bool {
    let start = usize::try_from(start).unwrap_or(usize::MAX);
    let Some((above, record)) = text.split_at_checked(start) else {
        return false;
    };
    // The CRLF of the previous record may be split.
    let record = match above.ends_with('\r') {
        true => record.strip_prefix('\n').unwrap_or(record),
        false => record,
    };
    !above.is_empty() && record.starts_with(['\n', '\r'])
}

/// The delimiter that spreadsheet programs declare in the first line, and the text after it.
fn declared_delimiter(text: &str) -> (Option<u8>, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let first = first.trim_end_matches('\r').trim_matches('"');
    let is_declaration = first
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("sep="));
    match first.as_bytes() {
        [_, _, _, _, delimiter] if is_declaration => (Some(*delimiter), rest),
        _ => (None, text),
    }
}

/// Returns the delimiter with which most records have the same number of values.
fn detect_delimiter(text: &str) -> u8 {
    let evenness = |delimiter: &u8| {
        let records = new_reader(text, *delimiter, true)
            .into_records()
            .take(SAMPLE);
        let counts: Vec<usize> = records.flatten().map(|record| record.len()).collect();
        let count = |length: usize| counts.iter().filter(|other| **other == length).count();
        let typical = counts
            .iter()
            .copied()
            .filter(|n| *n > 1)
            .max_by_key(|n| count(*n));
        #[expect(clippy::cast_precision_loss, reason = "at most a hundred records")]
        let share = typical.map_or(0.0, |typical| count(typical) as f64 / counts.len() as f64);
        (*delimiter, share)
    };
    let shares: Vec<(u8, f64)> = DELIMITERS.iter().map(evenness).collect();
    let even = shares.iter().find(|(_, share)| *share >= MIN_EVEN_SHARE);
    // Title lines and remarks have other delimiters or none: then take the rarest of those that are nearly as even as
    // the best. Commas also occur within titles and numbers.
    let best = shares.iter().map(|(_, share)| *share).fold(0.0, f64::max);
    let nearly_best = || {
        shares
            .iter()
            .find(|(_, share)| *share > 0.0 && *share >= best - SHARE_TOLERANCE)
    };
    even.or_else(nearly_best)
        .map_or(b',', |(delimiter, _)| *delimiter)
}

fn has_unclosed_quote(text: &str, delimiter: u8) -> bool {
    let records = new_reader(text, delimiter, true)
        .into_records()
        .take(SAMPLE);
    let mut values = records.flatten().flat_map(|record| {
        let lines = record.iter().map(|value| value.matches('\n').count());
        lines.collect::<Vec<_>>()
    });
    values.any(|lines| lines > MAX_VALUE_LINES)
}

fn new_reader(text: &str, delimiter: u8, quoted: bool) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .quoting(quoted)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_in_titles_and_numbers_are_not_delimiters() {
        for (text, delimiter) in [
            (
                "Umsatz, Werk Ulm\nArtikel;Preis\nBolt;1,5\nNut;2,5\nPin;3,5\n",
                b';',
            ),
            (
                "Ventes, 2026\nArticle;Prix;Lieu\nVis;1,5;Lyon\nClou;2,5;Nice\n",
                b';',
            ),
            ("Sales, 2026\nName\tFee\nAda\t1,5\nBob\t2,5\n", b'\t'),
            ("Name,Fee\nAda,5\nBob,7\n", b','),
            (
                "a title; with a mark\nName,Fee\nAda,5\nBob,7\nEve,8\n",
                b',',
            ),
        ] {
            assert_eq!(
                char::from(detect_delimiter(text)),
                char::from(delimiter),
                "{text}"
            );
        }
    }

    #[test]
    fn an_empty_line_ends_a_table() {
        for line_break in ["\n", "\r\n", "\r"] {
            for empty in ["", ";", "  "] {
                let lines = [
                    "Item;Price",
                    "Coffee;3",
                    "Tea;2",
                    empty,
                    "Port;Depth",
                    "Oslo;12",
                    "Turku;9",
                ];
                let found = extract(&lines.join(line_break), None).unwrap();
                let text: String = found
                    .sections
                    .iter()
                    .map(|section| section.text.as_str())
                    .collect();
                assert!(text.contains("Port: Oslo; Depth: 12\n"), "{empty:?} {text}");
                assert!(!text.contains("Item: Oslo"), "{empty:?} {text}");
            }
            // The rows after the empty line continue the table.
            let lines = ["Item;Price", "Coffee;3", "Tea;2", "", "Milk;1"];
            let found = extract(&lines.join(line_break), None).unwrap();
            assert!(found.sections[0].text.ends_with("Item: Milk; Price: 1\n"));
        }
    }
}
