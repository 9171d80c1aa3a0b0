//! Tables as text files: values parted by a mark, which the rows themselves tell.

use std::rc::Rc;

use super::{Origin, Row, Slot, Writer};
use crate::document::extract::{Extracted, Failed, Section};

/// Records that tell the mark.
const SAMPLE: usize = 100;
/// Bytes that tell the mark.
const BEGINNING: usize = 256 * 1024;
/// The part of the records that must have the same number of values.
const MOST: f64 = 0.9;
/// What is about as even.
const ABOUT: f64 = 0.1;
/// Marks, the rarest in ordinary text first.
const MARKS: [u8; 4] = [b'\t', b';', b'|', b','];
/// Line breaks in one value, from which on its quotation mark was none.
const LINES: usize = 200;

/// Values parted by the mark that the first line declares (`sep=;`), else the given one, else the one that parts the
/// records evenly.
pub fn extract(text: &str, mark: Option<u8>) -> Result<Extracted, Failed> {
    let (declared, text) = declared(text);
    let beginning = &text[..text.floor_char_boundary(BEGINNING)];
    let mark = declared.or(mark).unwrap_or_else(|| parting(beginning));
    let quoted = !has_endless_value(beginning, mark);
    let mut writer = Writer::new(Origin::Data);
    for record in reader(text, mark, quoted).records() {
        let record = record.map_err(Failed::unreadable)?;
        if record
            .position()
            .is_some_and(|at| is_below_an_empty_line(text, at.byte()))
        {
            writer.row(Row::default());
        }
        let slots = (1..).zip(&record).map(|(cell, value)| Slot {
            text: Rc::from(value.trim()),
            cell,
            ..Slot::default()
        });
        writer.row(Row {
            slots: slots.collect(),
            heading: false,
        });
    }
    let sections = writer.end().into_iter().map(|part| Section {
        caption: part.caption,
        text: part.text,
        ..Section::default()
    });
    Ok(Extracted {
        sections: sections.collect(),
        ..Extracted::default()
    })
}

/// Whether an empty line is above a record, which the reader passes over: the record begins with it.
fn is_below_an_empty_line(text: &str, begin: u64) -> bool {
    let begin = usize::try_from(begin).unwrap_or(usize::MAX);
    let Some((above, record)) = text.split_at_checked(begin) else {
        return false;
    };
    // The line break of the record before may be cut in two.
    let record = match above.ends_with('\r') {
        true => record.strip_prefix('\n').unwrap_or(record),
        false => record,
    };
    !above.is_empty() && record.starts_with(['\n', '\r'])
}

/// The mark that spreadsheet programs write into a line of its own, and the text behind it.
fn declared(text: &str) -> (Option<u8>, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let first = first.trim_end_matches('\r').trim_matches('"');
    let named = first
        .get(..4)
        .is_some_and(|begin| begin.eq_ignore_ascii_case("sep="));
    match first.as_bytes() {
        [_, _, _, _, mark] if named => (Some(*mark), rest),
        _ => (None, text),
    }
}

/// The mark with which most records have the same number of values.
fn parting(text: &str) -> u8 {
    let evenness = |mark: &u8| {
        let records = reader(text, *mark, true).into_records().take(SAMPLE);
        let counts: Vec<usize> = records.flatten().map(|record| record.len()).collect();
        let count = |wanted: usize| counts.iter().filter(|one| **one == wanted).count();
        let usual = counts
            .iter()
            .copied()
            .filter(|n| *n > 1)
            .max_by_key(|n| count(*n));
        #[allow(clippy::cast_precision_loss, reason = "at most a hundred records")]
        let part = usual.map_or(0.0, |usual| count(usual) as f64 / counts.len() as f64);
        (*mark, part)
    };
    let marks: Vec<(u8, f64)> = MARKS.iter().map(evenness).collect();
    let even = marks.iter().find(|(_, part)| *part >= MOST);
    // Title lines and remarks have other marks or none: then the rarest of those that are about as even as the most even
    // one. Commas are also within titles and numbers.
    let best = marks.iter().map(|(_, part)| *part).fold(0.0, f64::max);
    let most = || {
        marks
            .iter()
            .find(|(_, part)| *part > 0.0 && *part >= best - ABOUT)
    };
    even.or_else(most).map_or(b',', |(mark, _)| *mark)
}

fn has_endless_value(text: &str, mark: u8) -> bool {
    let records = reader(text, mark, true).into_records().take(SAMPLE);
    let mut values = records.flatten().flat_map(|record| {
        let lines = record.iter().map(|value| value.matches('\n').count());
        lines.collect::<Vec<_>>()
    });
    values.any(|lines| lines > LINES)
}

fn reader(text: &str, mark: u8, quoted: bool) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(mark)
        .quoting(quoted)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_in_titles_and_numbers_part_nothing() {
        for (text, mark) in [
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
            assert_eq!(char::from(parting(text)), char::from(mark), "{text}");
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
                let text: String = found.sections.iter().map(|one| one.text.as_str()).collect();
                assert!(text.contains("Port: Oslo; Depth: 12\n"), "{empty:?} {text}");
                assert!(!text.contains("Item: Oslo"), "{empty:?} {text}");
            }
            // One table all the same.
            let lines = ["Item;Price", "Coffee;3", "Tea;2", "", "Milk;1"];
            let found = extract(&lines.join(line_break), None).unwrap();
            assert!(found.sections[0].text.ends_with("Item: Milk; Price: 1\n"));
        }
    }
}
