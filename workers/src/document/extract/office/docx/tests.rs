use crate::document::extract::office::tests::{docx, read_docx};

fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn numbered(list: u32, level: u32, text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr></w:pPr>\
         <w:r><w:t>{text}</w:t></w:r></w:p>"
    )
}

fn level(number: u32, format: &str, text: &str) -> String {
    format!(
        "<w:lvl w:ilvl=\"{number}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/><w:lvlText w:val=\"{text}\"/></w:lvl>"
    )
}

#[test]
fn automatic_numbers_are_read() {
    let numbering = format!(
        "<w:abstractNum w:abstractNumId=\"1\">{}{}{}</w:abstractNum>\
         <w:abstractNum w:abstractNumId=\"2\">{}</w:abstractNum>\
         <w:num w:numId=\"5\"><w:abstractNumId w:val=\"1\"/></w:num>\
         <w:num w:numId=\"6\"><w:abstractNumId w:val=\"2\"/></w:num>\
         <w:num w:numId=\"7\"><w:abstractNumId w:val=\"2\"/><w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"4\"/></w:lvlOverride></w:num>",
        level(0, "decimal", "§ %1"),
        level(1, "decimal", "§ %1 (%2)"),
        level(2, "lowerLetter", "%3)"),
        level(0, "upperRoman", "%1."),
    );
    let body = [
        numbered(5, 0, "Rooms"),
        numbered(5, 1, "quiet"),
        numbered(5, 1, "clean"),
        numbered(5, 2, "floors"),
        numbered(5, 0, "Pets"),
        numbered(5, 1, "small"),
        numbered(6, 0, "first"),
        numbered(7, 0, "fourth"),
        numbered(0, 0, "none"),
    ];
    let found = docx(&body.concat(), &[("numbering", &numbering)]);
    let lines: Vec<&str> = found.split("\n\n").collect();
    assert_eq!(
        lines[..9],
        [
            "§ 1 Rooms",
            "§ 1 (1) quiet",
            "§ 1 (2) clean",
            "a) floors",
            "§ 2 Pets",
            "§ 2 (1) small",
            "I. first",
            "IV. fourth",
            "none"
        ]
    );
}

#[test]
fn superscripts_and_subscripts_do_not_become_digits() {
    let scripted = |alignment: &str, text: &str| {
        format!("<w:r><w:rPr><w:vertAlign w:val=\"{alignment}\"/></w:rPr><w:t>{text}</w:t></w:r>")
    };
    let plain = |text: &str| format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    let body = [
        plain("35"),
        scripted("superscript", "1"),
        plain(" euro, 10"),
        scripted("superscript", "6"),
        plain(" people, H"),
        scripted("subscript", "2"),
        plain("O, 5"),
        scripted("superscript", "th"),
    ];
    let found = docx(&format!("<w:p>{}</w:p>", body.concat()), &[]);
    assert_eq!(found.trim(), "35¹ euro, 10⁶ people, H₂O, 5th");
}

#[test]
fn numbers_from_styles_and_headings_are_read() {
    let styles = "<w:style w:type=\"paragraph\" w:styleId=\"H1\"><w:name w:val=\"heading 1\"/><w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr></w:style>\
                  <w:style w:type=\"paragraph\" w:styleId=\"Own\"><w:basedOn w:val=\"H1\"/></w:style>";
    let numbering = format!(
        "<w:abstractNum w:abstractNumId=\"1\">{}</w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"1\"/></w:num>",
        level(0, "decimal", "Art. %1")
    );
    let heading = |style: &str, text: &str| {
        format!(
            "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
        )
    };
    let body = [
        heading("H1", "Dogs"),
        paragraph("No."),
        heading("Own", "Cats"),
        paragraph("Yes."),
    ]
    .concat();
    let found = docx(&body, &[("styles", styles), ("numbering", &numbering)]);
    assert_eq!(found, "[Art. 1 Dogs]No.\n\n[Art. 2 Cats]Yes.\n\n");
}

#[test]
fn notes_comments_boxes_and_margins_are_read_once() {
    let body = "<w:p><w:r><w:t>Rope</w:t><w:footnoteReference w:id=\"2\"/><w:endnoteReference w:id=\"3\"/>\
                <w:commentReference w:id=\"4\"/></w:r><w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>"
        .to_owned()
        + &paragraph("in a box")
        + "</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>"
        + &paragraph("in a box")
        + "</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>\
           <w:sectPr><w:headerReference r:id=\"header\"/><w:footerReference r:id=\"footer\"/></w:sectPr>";
    let note = |kind: &str, id: u32, text: &str| {
        format!(
            "<w:{kind} w:id=\"{id}\" w:author=\"Grace\">{}</w:{kind}>",
            paragraph(text)
        )
    };
    let found = docx(
        &body,
        &[
            ("footnotes", &note("footnote", 2, "of hemp")),
            ("endnotes", &note("endnote", 3, "from Bergen")),
            ("comments", &note("comment", 4, "too short?")),
            ("header", &paragraph("Harbour office")),
            ("footer", &paragraph("Page 1")),
        ],
    );
    assert_eq!(
        found,
        "Rope\n\nof hemp\n\nfrom Bergen\n\nComment (Grace): too short?\n\nin a box\n\nHarbour officePage 1"
    );
}

#[test]
fn hidden_text_is_not_read() {
    let body = "<w:p><w:r><w:t>Seen</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>canary</w:t></w:r>\
                <w:del><w:r><w:delText>canary</w:delText><w:t>canary</w:t></w:r></w:del><w:ins><w:r><w:t> new</w:t></w:r></w:ins>\
                <w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>Click here</w:t></w:r></w:sdtContent></w:sdt>\
                <w:sdt><w:sdtContent><w:r><w:t> filled</w:t></w:r></w:sdtContent></w:sdt></w:p>";
    assert_eq!(docx(body, &[]), "Seen new filled\n\n");
}

#[test]
fn formulas_are_on_one_line() {
    let t = |text: &str| format!("<m:r><m:t>{text}</m:t></m:r>");
    let formula = format!(
        "<w:p><w:r><w:t>Area: </w:t></w:r><m:oMath>{}<m:f><m:num>{}</m:num><m:den>{}</m:den></m:f>{}\
         <m:sSup><m:e>{}</m:e><m:sup>{}</m:sup></m:sSup><m:rad><m:deg/><m:e>{}</m:e></m:rad></m:oMath></w:p>",
        t("A="),
        t("a+b"),
        t("2"),
        t("·"),
        t("h"),
        t("2"),
        t("x")
    );
    assert_eq!(docx(&formula, &[]), "Area: A=(a+b)/2·h^2√(x)\n\n");
}

#[test]
fn merged_cells_and_nested_tables_are_read() {
    let cell = |properties: &str, content: &str| {
        format!("<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>")
    };
    let row = |cells: &[String]| format!("<w:tr>{}</w:tr>", cells.concat());
    let table = |rows: &[String]| format!("<w:tbl>{}</w:tbl>", rows.concat());
    let merged = "<w:vMerge w:val=\"restart\"/>";
    let found = docx(
        &table(&[
            row(&[
                cell("", &paragraph("Dept")),
                cell("<w:gridSpan w:val=\"2\"/>", &paragraph("Name")),
                cell("", &paragraph("Fee")),
            ]),
            row(&[
                cell(merged, &paragraph("Sales")),
                cell("", &paragraph("Ada")),
                cell("", &paragraph("Lovelace")),
                cell("", &paragraph("35")),
            ]),
            row(&[
                cell("<w:vMerge/>", &paragraph("")),
                cell("", &paragraph("Bob")),
                cell("", &paragraph("Smith")),
                cell("", &paragraph("40")),
            ]),
            format!(
                "<w:tr><w:trPr><w:gridBefore w:val=\"3\"/></w:trPr>{}</w:tr>",
                cell("", &paragraph("75"))
            ),
        ]),
        &[],
    );
    assert_eq!(
        found,
        "Dept | Name | Fee\nDept: Sales; Name: Ada; Name: Lovelace; Fee: 35\n\
         Dept: Sales; Name: Bob; Name: Smith; Fee: 40\nFee: 75\n\n"
    );
    let inner = table(&[row(&[cell("", &paragraph("Inner lemur"))])]);
    let outer = table(&[row(&[cell(
        "",
        &(paragraph("one") + &inner + &paragraph("")),
    )])]);
    assert_eq!(docx(&outer, &[]), "one\nInner lemur\n\n");
}

#[test]
fn checkboxes_and_selected_entries_are_read() {
    let control = |properties: &str, text: &str| {
        format!("<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{text}</w:sdtContent></w:sdt>")
    };
    let symbol = "<w:r><w:t>\u{2612}</w:t></w:r>";
    let field = |data: &str| {
        format!(
            "<w:r><w:fldChar w:fldCharType=\"begin\"><w:ffData>{data}</w:ffData></w:fldChar></w:r>\
             <w:r><w:instrText>FORM</w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>"
        )
    };
    let with_result = |data: &str, result: &str| {
        let separate = "<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>";
        let end = "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>";
        field(data).replace(end, &format!("{separate}{result}{end}"))
    };
    let list = |result: &str| {
        format!(
            "<w:ddList>{result}<w:listEntry w:val=\"red\"/><w:listEntry w:val=\"blue\"/></w:ddList>"
        )
    };
    for (content, read) in [
        (
            control(
                "<w14:checkbox><w14:checked w14:val=\"1\"/></w14:checkbox>",
                symbol,
            ),
            "[x]",
        ),
        (
            control(
                "<w14:checkbox><w14:checked w14:val=\"0\"/></w14:checkbox>",
                symbol,
            ),
            "[ ]",
        ),
        (control("<w14:checkbox/>", symbol), "[ ]"),
        (
            field("<w:checkBox><w:default w:val=\"0\"/><w:checked/></w:checkBox>"),
            "[x]",
        ),
        (
            field("<w:checkBox><w:default w:val=\"1\"/></w:checkBox>"),
            "[x]",
        ),
        (
            field("<w:checkBox><w:default w:val=\"1\"/><w:checked w:val=\"0\"/></w:checkBox>"),
            "[ ]",
        ),
        (field("<w:checkBox><w:sizeAuto/></w:checkBox>"), "[ ]"),
        (field(&list("<w:result w:val=\"1\"/>")), "blue"),
        (field(&list("")), "red"),
        // The selected entry is also in a run after the field.
        (
            with_result(
                &list("<w:result w:val=\"1\"/>"),
                "<w:r><w:t>blue</w:t></w:r>",
            ),
            "blue",
        ),
        (
            with_result(&list(""), "<w:ins><w:r><w:t>red</w:t></w:r></w:ins>"),
            "red",
        ),
        (with_result(&list(""), "<w:r><w:t></w:t></w:r>"), "red"),
        (
            field(&list("")) + &with_result(&list(""), "<w:r><w:t>, blue</w:t></w:r>"),
            "red, blue",
        ),
        (
            "<w:r><w:sym w:font=\"Wingdings\" w:char=\"F0FE\"/></w:r>".to_owned(),
            "[x]",
        ),
        (
            "<w:r><w:sym w:font=\"Wingdings\" w:char=\"F0A8\"/></w:r>".to_owned(),
            "[ ]",
        ),
        (
            "<w:r><w:sym w:font=\"Wingdings 2\" w:char=\"F052\"/></w:r>".to_owned(),
            "[x]",
        ),
        (
            "<w:r><w:sym w:font=\"Arial\" w:char=\"2713\"/></w:r>".to_owned(),
            "\u{2713}",
        ),
    ] {
        let body =
            format!("<w:p>{content}<w:r><w:t xml:space=\"preserve\"> member</w:t></w:r></w:p>");
        assert_eq!(
            docx(&body, &[]).trim(),
            format!("{read} member"),
            "{content}"
        );
    }
    let control = control(
        "<w14:checkbox><w14:checked w14:val=\"true\"/></w14:checkbox>",
        &paragraph("\u{2612}"),
    );
    assert_eq!(
        docx(&format!("{}{control}", paragraph("Member:")), &[]),
        "Member:\n\n[x]\n\n"
    );
}

#[test]
fn captions_are_attached_to_their_table() {
    let styles = "<w:style w:type=\"paragraph\" w:styleId=\"Beschriftung\"><w:name w:val=\"caption\"/></w:style>";
    let caption = "<w:p><w:pPr><w:pStyle w:val=\"Beschriftung\"/></w:pPr><w:r><w:t>Table 1: Berths</w:t></w:r></w:p>";
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", paragraph(text));
    let row = |first: &str, other: &str| format!("<w:tr>{}{}</w:tr>", cell(first), cell(other));
    let table = format!(
        "<w:tbl>{}{}{}</w:tbl>",
        row("Berth", "Depth"),
        row("West", "4"),
        row("East", "5")
    );
    for body in [
        format!("{}{caption}{table}", paragraph("Before.")),
        format!("{table}{caption}"),
    ] {
        let found = read_docx(&(body + &paragraph("Behind.")), &[("styles", styles)]);
        let captioned = found
            .sections
            .iter()
            .filter(|section| section.caption == "Table 1: Berths");
        let captioned: Vec<&str> = captioned.map(|section| section.text.as_str()).collect();
        assert_eq!(captioned.len(), 1);
        assert!(
            captioned[0].contains("Berth: West; Depth: 4"),
            "{captioned:?}"
        );
        let text = docx_text(&found);
        assert_eq!(text.matches("Table 1: Berths").count(), 1, "{text}");
        assert!(text.ends_with("Behind.\n\n"), "{text}");
    }
}

fn docx_text(found: &crate::document::extract::ExtractedDocument) -> String {
    found
        .sections
        .iter()
        .map(|section| section.text.as_str())
        .collect()
}
