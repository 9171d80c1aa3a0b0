//! What is struck through, or deleted and kept in sight, no longer holds: in every format it is left out and told of.

use domain::document::{LeftOut, LeftOutKind};

/// How many stretches are left out, where there are some.
pub fn left_out(count: usize, page: Option<u32>) -> Option<LeftOut> {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    (count > 0).then(|| LeftOut {
        page,
        ..LeftOut::counted(LeftOutKind::StruckText, count)
    })
}

#[cfg(test)]
mod tests {
    use crate::document::extract::office::tests::{read_docx, read_pptx};
    use crate::document::extract::office::xlsx::tests::styled;
    use crate::document::extract::{Extracted, extract};

    /// What is read has the price that holds and not the one that does not, and tells of one stretch.
    fn holds(found: &Extracted, count: u32) {
        let text: String = found.sections.iter().map(|one| one.text.as_str()).collect();
        assert!(!text.contains("35") && text.contains("40"), "{text}");
        let counted: Vec<Option<u32>> = found.left_out.iter().map(|one| one.count).collect();
        assert_eq!(counted, [Some(count)], "{text}");
    }

    #[test]
    fn struck_text_of_documents_is_left_out() {
        let styles = "<w:style w:type=\"character\" w:styleId=\"Old\"><w:rPr><w:strike/></w:rPr></w:style>\
                      <w:style w:type=\"paragraph\" w:styleId=\"Past\"><w:rPr><w:dstrike/></w:rPr></w:style>";
        let run = |own: &str, text: &str| {
            format!("<w:r><w:rPr>{own}</w:rPr><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
        };
        let valid = run("", "40 euros");
        for struck in [
            run("<w:strike/>", "35 "),
            run("<w:dstrike w:val=\"1\"/>", "35 "),
            run("<w:rStyle w:val=\"Old\"/>", "35 "),
            // In two runs it is one stretch.
            run("<w:strike/>", "3") + &run("<w:b/><w:strike/>", "35 "),
            "<w:del><w:r><w:delText>35 </w:delText></w:r></w:del>".to_owned(),
        ] {
            let body = format!(
                "<w:p>{}{struck}{valid}</w:p>",
                run("<w:strike w:val=\"0\"/>", "now ")
            );
            holds(&read_docx(&body, &[("styles", styles)]), 1);
        }
        let past = format!(
            "<w:p><w:pPr><w:pStyle w:val=\"Past\"/></w:pPr>{}{}</w:p>",
            run("", "35"),
            run("<w:dstrike w:val=\"false\"/>", "40")
        );
        holds(&read_docx(&past, &[("styles", styles)]), 1);
        let row = |own: &str, text: &str| {
            format!(
                "<w:tr><w:trPr>{own}</w:trPr><w:tc><w:p>{}</w:p></w:tc></w:tr>",
                run("", text)
            )
        };
        let table = format!("<w:tbl>{}{}</w:tbl>", row("<w:del/>", "35"), row("", "40"));
        holds(&read_docx(&table, &[]), 1);
    }

    #[test]
    fn struck_text_of_slides_is_left_out() {
        let run = |own: &str, text: &str| format!("<a:r><a:rPr {own}/><a:t>{text}</a:t></a:r>");
        for own in ["strike=\"sngStrike\"", "strike=\"dblStrike\""] {
            let body = format!(
                "<a:p>{}{}{}</a:p>",
                run(own, "35"),
                run(own, " euros"),
                run("strike=\"noStrike\"", "40")
            );
            holds(&read_pptx(&[("", &body)]), 1);
        }
    }

    #[test]
    fn struck_text_of_sheets_is_left_out() {
        let fonts = "<font><b/></font><font><strike/></font><font><strike val=\"0\"/></font>";
        let inline = |place: &str, inside: &str| {
            format!("<c r=\"{place}\" t=\"inlineStr\"><is>{inside}</is></c>")
        };
        for (cells, count) in [
            (
                "<c r=\"A1\" s=\"1\"><v>35</v></c><c r=\"B1\" s=\"2\"><v>40</v></c>".to_owned(),
                1,
            ),
            (
                inline(
                    "A1",
                    "<r><rPr><strike/></rPr><t>35</t></r><r><rPr><b/></rPr><t>40</t></r>",
                ),
                1,
            ),
            (
                inline("A1", "<r><rPr><strike/></rPr><t>35</t></r>")
                    + &inline(
                        "B1",
                        "<r><rPr><strike val=\"1\"/></rPr><t>35</t></r><r><t>40</t></r>",
                    ),
                2,
            ),
            // Of a cell that is struck, runs without a look of their own are.
            (
                "<c r=\"A1\" s=\"1\" t=\"inlineStr\"><is><r><t>35</t></r>\
                 <r><rPr><sz val=\"9\"/></rPr><t>40</t></r></is></c>"
                    .to_owned(),
                1,
            ),
            (
                "<c r=\"A1\" s=\"1\" t=\"inlineStr\"><is><r><rPr><strike/></rPr><t>35</t></r>\
                 <r><t>35</t></r><r><rPr/><t>40</t></r></is></c>\
                 <c r=\"B1\" s=\"1\" t=\"inlineStr\"><is><t>35</t></is></c>"
                    .to_owned(),
                2,
            ),
        ] {
            let sheet = format!("<sheetData><row r=\"1\">{cells}</row></sheetData>");
            let found = styled("", &[], fonts, &[("\"A\"", &sheet)]);
            holds(&found, count);
            assert_eq!(found.left_out[0].page, Some(1));
        }
    }

    #[test]
    fn struck_text_of_pages_is_left_out() {
        for html in [
            "<p><s>35</s> 40</p>",
            "<p><strike>35</strike> 40</p>",
            "<h1>Fee <del>35</del></h1><p>40</p>",
            "<p><span style='color: red; text-decoration: line-through'>35</span> 40</p>",
            "<del><p>35</p><p>35</p></del><ins>40</ins><s> </s>",
            "<table><tr><td><s>35</s><td>40</table>",
            "<table><caption><s>35</s></caption><tr><td>Fee<td>40</table>",
        ] {
            let found = extract("text/html", html.as_bytes()).unwrap();
            holds(&found, 1);
            assert!(
                found
                    .sections
                    .iter()
                    .all(|one| !one.headings.join(" ").contains("35"))
            );
        }
    }
}
