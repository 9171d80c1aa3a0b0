use domain::document::{LeftOut, LeftOutKind};

use crate::document::extract::Extracted;
use crate::document::extract::office::extract;
use crate::document::extract::office::tests::{archive, main_part, relations, root};

/// A workbook of sheets: their names with what the list says of them, and what is in them.
fn workbook(properties: &str, formats: &[&str], sheets: &[(&str, &str)]) -> Extracted {
    let mut parts = vec![main_part("xl/workbook.xml")];
    let names: Vec<String> = (1..=sheets.len())
        .map(|n| format!("xl/worksheets/sheet{n}.xml"))
        .collect();
    let ids: Vec<String> = (1..=sheets.len()).map(|n| format!("s{n}")).collect();
    let list: String = ids
        .iter()
        .zip(sheets)
        .map(|(id, (name, _))| format!("<sheet name={name} r:id=\"{id}\"/>"))
        .collect();
    parts.push((
        "xl/workbook.xml",
        root(
            "workbook",
            &format!("<workbookPr {properties}/><sheets>{list}</sheets>"),
        ),
    ));
    let targets: Vec<String> = names.iter().map(|name| format!("/{name}")).collect();
    let mut all: Vec<(&str, &str, &str)> = ids
        .iter()
        .zip(&targets)
        .map(|(id, target)| (id.as_str(), "worksheet", target.as_str()))
        .collect();
    all.push(("st", "styles", "styles.xml"));
    parts.push(("xl/_rels/workbook.xml.rels", relations(&all)));
    let codes: String = (200..)
        .zip(formats)
        .map(|(id, code)| format!("<numFmt numFmtId=\"{id}\" formatCode='{code}'/>"))
        .collect();
    let cells: String = (200..)
        .zip(formats)
        .map(|(id, _)| format!("<xf numFmtId=\"{id}\"/>"))
        .collect();
    let styles = format!("<numFmts>{codes}</numFmts><cellXfs>{cells}</cellXfs>");
    parts.push(("xl/styles.xml", root("styleSheet", &styles)));
    for (name, (_, inside)) in names.iter().zip(sheets) {
        parts.push((name, root("worksheet", inside)));
    }
    extract(&archive(&parts)).unwrap()
}

/// One number as a cell shows it.
fn shown(number: &str, format: &str, properties: &str) -> String {
    let sheet = format!(
        "<sheetData><row r=\"1\"><c r=\"A1\" s=\"0\"><v>{number}</v></c></row></sheetData>"
    );
    let found = workbook(properties, &[format], &[("\"A\"", &sheet)]);
    found.sections[0].text.trim().to_owned()
}

#[test]
fn numbers_are_read_as_they_are_shown() {
    for (number, format, text) in [
        ("0.125", "0.0%", "12.5%"),
        ("1234.5", "#,##0.00 \"€\"", "1,234.50 €"),
        ("-1234.5", "#,##0.00;(#,##0.00)", "(1,234.50)"),
        ("1234", "00000", "01234"),
        ("0.6041666666666666", "hh:mm", "14:30"),
        ("1.5", "[h]:mm", "36:00"),
        ("46082", "yyyy-mm-dd", "2026-03-01"),
        ("46082", "dd.mm.yyyy", "01.03.2026"),
        ("46082.75", "yyyy-mm-dd hh:mm:ss", "2026-03-01 18:00:00"),
        ("46082", "[$-F800]dddd, mmmm dd, yyyy", "2026-03-01"),
        ("0.30000000000000004", "General", "0.3"),
        ("1234567", "0.0,,\" Mio\"", "1.2 Mio"),
        ("5", "0\" boats\"", "5 boats"),
        ("0.5", "# ?/?", "1/2"),
    ] {
        assert_eq!(shown(number, format, ""), text, "{format}");
    }
    assert_eq!(shown("44620", "yyyy-mm-dd", "date1904=\"1\""), "2026-03-01");
    assert_eq!(shown("1.5", "[h]:mm", "date1904=\"true\""), "36:00");
}

#[test]
fn what_is_hidden_is_left_out_and_told() {
    let cell = |place: &str, text: &str| {
        format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
    };
    let sheet = format!(
        "<cols><col min=\"2\" max=\"3\" hidden=\"1\"/></cols><sheetData><row r=\"1\">{}{}{}</row>\
         <row r=\"2\" hidden=\"1\">{}</row><row r=\"3\">{}{}</row></sheetData>",
        cell("A1", "Seen"),
        cell("B1", "canary"),
        cell("D1", "Next"),
        cell("A2", "canary"),
        cell("A3", "Ada"),
        cell("D3", "5")
    );
    let secret = format!(
        "<sheetData><row r=\"1\">{}</row></sheetData>",
        cell("A1", "canary")
    );
    let found = workbook(
        "",
        &[],
        &[
            ("\"One\" state=\"hidden\"", &secret),
            ("\"Two\"", &sheet),
            ("\"Three\" state=\"veryHidden\"", &secret),
        ],
    );
    assert_eq!(found.sections.len(), 1);
    assert_eq!(found.sections[0].page_name.as_deref(), Some("Two"));
    assert_eq!(found.sections[0].text, "Seen | Next\nSeen: Ada; Next: 5\n");
    let cells = LeftOut {
        page: Some(1),
        ..LeftOut::counted(LeftOutKind::HiddenCells, 2)
    };
    assert_eq!(
        found.left_out,
        [cells, LeftOut::counted(LeftOutKind::HiddenSheet, 2)]
    );
}

#[test]
fn cells_are_placed_by_what_is_merged_and_by_their_names() {
    let cell = |place: &str, text: &str| format!("<c r=\"{place}\" t=\"str\"><v>{text}</v></c>");
    let sheet = format!(
        "<sheetData><row r=\"1\">{}</row><row r=\"3\">{}{}</row><row r=\"4\">{}{}<c r=\"C4\"><v>35</v></c></row>\
         <row r=\"5\">{}<c r=\"C5\"><v>40</v></c></row><row r=\"7\">{}<c r=\"C7\"><f>SUM(C4:C5)</f><v>75</v></c></row>\
         <row r=\"8\">{}<c r=\"C8\"><f>NOW()</f></c></row></sheetData>\
         <mergeCells><mergeCell ref=\"A1:C1\"/><mergeCell ref=\"A3:B3\"/><mergeCell ref=\"A4:A5\"/></mergeCells>",
        cell("A1", "Club &amp; crew"),
        cell("A3", "Name"),
        cell("C3", "Fee"),
        cell("A4", "Ada"),
        cell("B4", "Lovelace"),
        cell("B5", "Byron"),
        cell("A7", "Total"),
        cell("A8", "Now")
    );
    let found = workbook("", &[], &[("\"A\"", &sheet)]);
    assert_eq!(
        found.sections[0].text,
        "Club & crew\nName | Fee\nName: Ada; Name: Lovelace; Fee: 35\nName: Ada; Name: Byron; Fee: 40\n\
         Name: Total; Fee: 75\nName: Now; Fee: =NOW()\n"
    );
}
