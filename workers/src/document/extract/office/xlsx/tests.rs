use domain::document::{Omission, OmissionKind};

use crate::document::extract::ExtractedDocument;
use crate::document::extract::office::extract;
use crate::document::extract::office::tests::{archive, main_part, relations, root};

/// Reads a workbook of sheets: their names with attributes, and their content.
fn read_workbook(properties: &str, formats: &[&str], sheets: &[(&str, &str)]) -> ExtractedDocument {
    read_styled(properties, formats, "", sheets)
}

/// Reads a workbook whose cells have these fonts by index.
pub(crate) fn read_styled(
    properties: &str,
    formats: &[&str],
    fonts: &str,
    sheets: &[(&str, &str)],
) -> ExtractedDocument {
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
    let mut targets_by_id: Vec<(&str, &str, &str)> = ids
        .iter()
        .zip(&targets)
        .map(|(id, target)| (id.as_str(), "worksheet", target.as_str()))
        .collect();
    targets_by_id.push(("st", "styles", "styles.xml"));
    parts.push(("xl/_rels/workbook.xml.rels", relations(&targets_by_id)));
    let codes: String = (200..)
        .zip(formats)
        .map(|(id, code)| {
            let code = code.replace('<', "&lt;");
            format!("<numFmt numFmtId=\"{id}\" formatCode='{code}'/>")
        })
        .collect();
    let cells: String = (200..)
        .zip(formats)
        .map(|(id, _)| format!("<xf numFmtId=\"{id}\"/>"))
        .collect();
    let with_fonts: String = (0..fonts.matches("<font>").count())
        .map(|id| format!("<xf numFmtId=\"0\" fontId=\"{id}\"/>"))
        .collect();
    let styles = format!(
        "<numFmts>{codes}</numFmts><fonts>{fonts}</fonts><cellXfs>{cells}{with_fonts}</cellXfs>"
    );
    parts.push(("xl/styles.xml", root("styleSheet", &styles)));
    for (name, (_, content)) in names.iter().zip(sheets) {
        parts.push((name, root("worksheet", content)));
    }
    extract(&archive(&parts)).unwrap()
}

/// Formats a number with a format code.
fn format_number(number: &str, format: &str, properties: &str) -> String {
    let sheet = format!(
        "<sheetData><row r=\"1\"><c r=\"A1\" s=\"0\"><v>{number}</v></c></row></sheetData>"
    );
    let found = read_workbook(properties, &[format], &[("\"A\"", &sheet)]);
    found.sections[0].text.trim().to_owned()
}

#[test]
fn numbers_are_read_as_displayed() {
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
        ("5", "0 \"kg\"", "5 kg"),
        ("2.5", "0.0 \"m²\"", "2.5 m²"),
        ("5", "0 \"Std.\";[Red]-0 \"Std.\"", "5 Std."),
        ("7", "\"Nr. \"000", "Nr. 007"),
        ("7", "0\\ \\k\\g", "7 kg"),
        ("1234", "#,##0.00\\ \"EUR\"_-", "1,234.00 EUR"),
        ("35", "[$CHF-807] #,##0.00", "CHF 35.00"),
        ("5", "General \"pieces\"", "5 pieces"),
        ("0", "\"yes\";\"yes\";\"no\"", "no"),
        ("1", "[=1]\"ja\";\"nein\"", "ja"),
        ("130", "0\" h \"00\" min\"", "1 h 30 min"),
        ("5", "0 \"Days ago; [about]\"", "5 Days ago; [about]"),
        ("5", "\"General: \"0", "General: 5"),
        ("5", "0 \"d\"", "5 d"),
        ("21.5", "0.0\" °C\"", "21.5 °C"),
        ("0", "+0;-0;\"none\"", "none"),
        ("7", "0 \"of 10\"", "7 of 10"),
        ("5", "0 [$kg]", "5 kg"),
        ("5", "0.0 [$m/s-407]", "5.0 m/s"),
        ("12500000", "0.0,,\" Mio. €\"", "12.5 Mio. €"),
        ("5", "0\"%\"", "5%"),
        ("3", "\"Q\"0", "Q3"),
        ("3", "\"1/\"0", "1/3"),
        ("1234.5", "_-* #,##0.00\\ \"€\"_-", "1,234.50 €"),
        ("123456", "00\\-00\\-00", "12-34-56"),
        ("-5", "0 \"up\";0 \"down\"", "5 down"),
        ("0.6041666666666666", "h \"Uhr\" mm", "14 Uhr 30"),
        ("1.5", "[h] \"Std.\"", "36 Std."),
        ("5", "General\" kg\"", "5 kg"),
        ("1234.56", "General\\ \"Stk\"", "1234.56 Stk"),
        ("5", "\"kg \"General", "kg 5"),
        ("5", "0 \"Stück\"", "5 Stück"),
        ("5", "#,##0 \"pcs.\";[Red]\"minus \"#,##0", "5 pcs."),
        ("0.25", "0 \"kg\"%", "25 kg%"),
        ("-5", "\"kg \"General;\"minus kg \"General", "minus kg 5"),
        ("-5", "General\" kg\"", "-5 kg"),
        ("4006381333931", "\"EAN \"General", "EAN 4006381333931"),
        ("46082", "[$-D07041E]d mmmm yyyy", "1 มีนาคม 2569"),
        ("46082", "[$-404]e\"/\"m\"/\"d", "115/3/1"),
        ("46082", "[$-1F]d mmmm yyyy", "1 Mart 2026"),
        ("46082", "[$-407]d. mmmm yyyy", "1. März 2026"),
        ("46082", "[$-407]ddd, d. mmm yy", "So, 1. Mär 26"),
        ("46082", "[$-40C]dddd d mmmm yyyy", "dimanche 1 mars 2026"),
        ("46082", "[$-de-DE]dddd", "Sonntag"),
        ("46082", "[$-415]d mmmm yyyy", "1 marca 2026"),
        ("46082", "[$-419]d mmmm yyyy;@", "1 марта 2026"),
        ("46082", "[$-F800]d. mmmm", "2026-03-01"),
        ("46082", "[$-411]ggge\"年\"m\"月\"d\"日\"", "令和8年3月1日"),
        ("32516", "[$-411]ge.m.d", "H1.1.8"),
        ("32515", "[$-411]gge\"年\"", "昭64年"),
        ("46082", "[$-41E]d mmmm bbbb", "1 มีนาคม 2569"),
        ("46082", "[$-409]mmmm d, yyyy", "March 1, 2026"),
        ("46082", "[$-407]\"Juli\" yyyy", "Juli 2026"),
    ] {
        assert_eq!(format_number(number, format, ""), text, "{format}");
    }
    let era_code = "[$-411]ggge";
    assert_eq!(format_number("44620", era_code, "date1904=\"1\""), "令和8");
    assert_eq!(
        format_number("44620", "yyyy-mm-dd", "date1904=\"1\""),
        "2026-03-01"
    );
    assert_eq!(format_number("1.5", "[h]:mm", "date1904=\"true\""), "36:00");
}

#[test]
fn units_months_and_signs_of_codes_are_distinguished() {
    for (number, format, text) in [
        // Letters of units are not eras.
        ("5", "#,##0 kg", "5 kg"),
        ("5", "0\\ g", "5 g"),
        ("5", "0.0 gb", "5.0 gb"),
        ("5", "0 b", "5 b"),
        ("46082", "[$-411]GGGE\"年\"", "令和8年"),
        ("46082", "[$-411]GGGE\"年\"M\"月\"", "令和8年3月"),
        // The languages that share a number with Croatian.
        ("46082", "[$-41A]d. mmmm yyyy", "1. ožujka 2026"),
        ("46082", "[$-C1A]d. mmmm yyyy", "1. март 2026"),
        ("46082", "[$-241A]d. mmmm yyyy", "1. mart 2026"),
        ("46082", "[$-81A]d. mmmm yyyy", "1. mart 2026"),
        ("46082", "[$-141A]d. mmmm yyyy", "1. Mart 2026"),
        ("46082", "[$-sr-Latn-RS]d. mmmm yyyy", "1. mart 2026"),
        // A month without its day.
        ("46082", "[$-415]mmmm yyyy", "marzec 2026"),
        ("46082", "[$-419]mmmm yyyy", "Март 2026"),
        ("46082", "[$-41A]mmmm yyyy", "ožujak 2026"),
        ("46082", "[$-415]dd mmmm", "01 marca"),
        ("46082", "[$-de]dddd", "Sonntag"),
        ("46082", "[$-CA]mmmm yyyy", "març 2026"),
        // Sections with a condition keep the sign.
        ("-5", "[>=1000]#,##0;General", "-5"),
        ("-5", "[>=1000]#,##0;0", "-5"),
        ("-5", "[<1000]0\" kg\";0.0", "-5 kg"),
        ("-1205", "[>=0]0;00\\-00", "-12-05"),
        ("-5", "[<0]\"minus \"0;0", "minus 5"),
        ("-5", "[>=1000]#,##0;0;\"none\"", "5"),
        ("-5", "[=1]\"ja\";\"nein\"", "nein"),
        ("1234", "[>=1000]#,##0;General", "1,234"),
    ] {
        assert_eq!(format_number(number, format, ""), text, "{format}");
    }
}

#[test]
fn hidden_cells_and_sheets_are_left_out_and_listed() {
    let cell = |reference: &str, text: &str| {
        format!("<c r=\"{reference}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
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
    let found = read_workbook(
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
    let cells = Omission {
        page: Some(1),
        ..Omission::with_count(OmissionKind::HiddenCells, 2)
    };
    assert_eq!(
        found.left_out,
        [cells, Omission::with_count(OmissionKind::HiddenSheet, 2)]
    );
}

#[test]
fn cells_are_placed_by_merged_areas_and_references() {
    let cell =
        |reference: &str, text: &str| format!("<c r=\"{reference}\" t=\"str\"><v>{text}</v></c>");
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
    let found = read_workbook("", &[], &[("\"A\"", &sheet)]);
    assert_eq!(
        found.sections[0].text,
        "Club & crew\nName | Fee\nName: Ada; Name: Lovelace; Fee: 35\nName: Ada; Name: Byron; Fee: 40\n\
         Name: Total; Fee: 75\nName: Now; Fee: =NOW()\n"
    );
}

#[test]
fn superscripts_and_subscripts_are_kept() {
    let run = |alignment: &str, text: &str| {
        format!(
            "<r><rPr><vertAlign val=\"{alignment}\"/></rPr><t xml:space=\"preserve\">{text}</t></r>"
        )
    };
    let fonts = "<font><b/></font><font><vertAlign val=\"superscript\"/></font>";
    for (cell, read) in [
        (
            format!(
                "<c r=\"A1\" t=\"inlineStr\"><is><r><t>35 m</t></r>{}</is></c>",
                run("superscript", "2")
            ),
            "35 m²",
        ),
        (
            format!(
                "<c r=\"A1\" t=\"inlineStr\"><is><r><t>H</t></r>{}<r><t>O</t></r></is></c>",
                run("subscript", "2")
            ),
            "H₂O",
        ),
        (
            format!(
                "<c r=\"A1\" t=\"inlineStr\"><is><r><t>5</t></r>{}</is></c>",
                run("baseline", "2")
            ),
            "52",
        ),
        ("<c r=\"A1\" s=\"1\"><v>3</v></c>".to_owned(), "³"),
        (
            "<c r=\"A1\" s=\"1\" t=\"inlineStr\"><is><r><t>3</t></r><r><rPr><b/></rPr><t>4</t></r></is></c>"
                .to_owned(),
            "³4",
        ),
        ("<c r=\"A1\" s=\"0\"><v>3</v></c>".to_owned(), "3"),
    ] {
        let sheet = format!("<sheetData><row r=\"1\">{cell}</row></sheetData>");
        let found = read_styled("", &[], fonts, &[("\"A\"", &sheet)]);
        assert_eq!(found.sections[0].text.trim(), read);
    }
}

#[test]
fn each_table_of_a_sheet_has_its_own_names() {
    let cell = |reference: String, text: &str| match text.parse::<f64>() {
        Ok(_) => format!("<c r=\"{reference}\"><v>{text}</v></c>"),
        Err(_) => format!("<c r=\"{reference}\" t=\"str\"><v>{text}</v></c>"),
    };
    let sheet = |rows: &[&str]| {
        let rows = (1..).zip(rows).map(|(number, row)| {
            let cells = ('A'..)
                .zip(row.split('|'))
                .filter(|(_, text)| !text.is_empty());
            let cells: String = cells
                .map(|(column, text)| cell(format!("{column}{number}"), text))
                .collect();
            format!("<row r=\"{number}\">{cells}</row>")
        });
        format!("<sheetData>{}</sheetData>", rows.collect::<String>())
    };
    for rows in [
        &[
            "Goods",
            "Item|Price",
            "Coffee|3",
            "Tea|2",
            "",
            "Berths",
            "Port|Depth",
            "Oslo|12",
            "Turku|9",
        ][..],
        &[
            "Item|Price",
            "Coffee|3",
            "Tea|2",
            "",
            "Port|Depth|Flag",
            "Oslo|12|NO",
            "Turku|9|FI",
        ],
        &[
            "Goods|||Berths",
            "Item|Price||Port|Depth",
            "Coffee|3||Oslo|12",
            "Tea|2||Turku|9",
        ],
    ] {
        let found = read_workbook(
            "",
            &[],
            &[("\"A\"", &sheet(rows)), ("\"B\"", &sheet(&["x"]))],
        );
        let text: String = found
            .sections
            .iter()
            .map(|section| section.text.as_str())
            .collect();
        assert!(
            text.contains("Item: Coffee; Price: 3\nItem: Tea; Price: 2\n"),
            "{text}"
        );
        assert!(text.contains("\nPort: Oslo; Depth: 12"), "{text}");
        assert!(
            !text.contains("Item: Oslo") && !text.contains("Price: 3; "),
            "{text}"
        );
        for section in &found.sections {
            let titled = section.text.starts_with("Berths");
            assert_eq!(titled, section.caption == "Berths", "{section:?}");
        }
        assert_eq!(found.sections.last().unwrap().page, Some(2));
        assert_eq!(found.pages, Some(2));
    }
}

#[test]
fn row_numbers_may_have_any_value() {
    let row = |attributes: &str, text: &str| {
        format!("<row {attributes}><c t=\"inlineStr\"><is><t>{text}</t></is></c></row>")
    };
    let rows = row("r=\"4294967295\"", "one") + &row("", "two") + &row("r=\"1\"", "three");
    let merged = "<mergeCells><mergeCell ref=\"C4294967295:D4294967295\"/></mergeCells>";
    let sheet = format!("<sheetData>{rows}</sheetData>{merged}");
    let found = read_workbook("", &[], &[("\"A\"", &sheet)]);
    for text in ["one", "two", "three"] {
        assert!(found.sections[0].text.contains(text), "{found:?}");
    }
}
