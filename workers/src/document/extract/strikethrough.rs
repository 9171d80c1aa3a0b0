//! Struck text, or text deleted but still displayed, is no longer valid: in every format that marks it (PDF does not)
//! it is left out and reported.

use domain::document::{Omission, OmissionKind};

/// Reports the number of struck passages, if there are any.
pub(super) fn omission(count: usize, page: Option<u32>) -> Option<Omission> {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    (count > 0).then(|| Omission {
        page,
        ..Omission::with_count(OmissionKind::StruckText, count)
    })
}

/// The struck text at the end of the text read so far, and its offset.
#[derive(Default)]
pub(super) struct StruckRun(Option<(usize, String)>);

impl StruckRun {
    /// Adds struck text after the text read so far. Returns whether it is the first visible text of its run.
    pub(super) fn add(&mut self, read: &str, struck: &str) -> bool {
        let (_, run) = self.0.get_or_insert_with(|| (read.len(), String::new()));
        let had_text = !run.trim().is_empty();
        run.push_str(struck);
        !had_text && !run.trim().is_empty()
    }

    /// Ends the run once text follows it: keeps the words around it separate, if the struck text did.
    pub(super) fn end(&mut self, read: &mut String) {
        let Some((position, struck)) = self.0.take_if(|(position, _)| *position < read.len())
        else {
            return;
        };
        let (Some((before, after)), Some(gap)) = (read.split_at_checked(position), gap(&struck))
        else {
            return;
        };
        let is_separator = |c: char| c == '\n' || gap == ' ' && c.is_whitespace();
        if !before.ends_with(is_separator) && !after.starts_with(is_separator) {
            read.insert(position, gap);
        }
    }
}

/// The separator that struck text leaves between the words around it: a line break anywhere in it, or a space at its
/// ends.
pub(super) fn gap(struck: &str) -> Option<char> {
    let has_outer_space =
        |text: &str| text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace);
    match struck.contains('\n') {
        true => Some('\n'),
        false => has_outer_space(struck).then_some(' '),
    }
}

#[cfg(test)]
mod tests {
    use crate::document::extract::office::tests::{read_docx, read_pptx};
    use crate::document::extract::office::xlsx::tests::read_styled;
    use crate::document::extract::{ExtractedDocument, extract};

    /// Asserts that the valid price was read, not the struck one, and that `count` passages were reported.
    fn assert_only_valid_price(found: &ExtractedDocument, count: u32) {
        let text: String = found
            .sections
            .iter()
            .map(|section| section.text.as_str())
            .collect();
        assert!(!text.contains("35") && text.contains("40"), "{text}");
        let counted: Vec<Option<u32>> = found
            .left_out
            .iter()
            .map(|omission| omission.count)
            .collect();
        assert_eq!(counted, [Some(count)], "{text}");
    }

    #[test]
    fn struck_text_still_separates_words() {
        let text = |found: ExtractedDocument| {
            let texts = found.sections.into_iter().map(|section| section.text);
            texts.collect::<String>().trim().to_owned()
        };
        // Struck runs between `Fee` and `40`, and the text that is read.
        for (struck, read) in [
            (&[" 35 "][..], "Fee 40"),
            (&["35 "], "Fee 40"),
            (&[" 35"], "Fee 40"),
            (&[" ", "35"], "Fee 40"),
            (&[" "], "Fee 40"),
            (&["35"], "Fee40"),
            (&["3 ", "5"], "Fee40"),
            (&["\n"], "Fee\n40"),
            (&["35\n", "and more"], "Fee\n40"),
        ] {
            let runs = |section: &dyn Fn(&str) -> String| {
                struck.iter().map(|run| section(run)).collect::<String>()
            };
            let page = runs(&|run| format!("<s>{}</s>", run.replace('\n', "<br>")));
            let page = format!("<p>Fee{page}40</p>");
            let page = extract("text/html", page.as_bytes()).unwrap();
            // Each HTML element is a run of its own.
            if struck.len() == 1 {
                assert_eq!(text(page), read, "{struck:?}");
            }
            let word = |properties: &str, run: &str| {
                let run = run.replace('\n', "</w:t><w:br/><w:t>");
                format!(
                    "<w:r><w:rPr>{properties}</w:rPr><w:t xml:space=\"preserve\">{run}</w:t></w:r>"
                )
            };
            let deleted = |run: &str| {
                let run = run.replace('\n', "</w:delText><w:br/><w:delText>");
                format!(
                    "<w:del><w:r><w:delText xml:space=\"preserve\">{run}</w:delText></w:r></w:del>"
                )
            };
            for between in [runs(&|run| word("<w:strike/>", run)), runs(&deleted)] {
                let body = format!("<w:p>{}{between}{}</w:p>", word("", "Fee"), word("", "40"));
                assert_eq!(text(read_docx(&body, &[])), read, "{struck:?}");
            }
            let between = runs(&|run| {
                let parts: Vec<String> = run
                    .split('\n')
                    .map(|text| {
                        format!("<a:r><a:rPr strike=\"sngStrike\"/><a:t>{text}</a:t></a:r>")
                    })
                    .collect();
                parts.join("<a:br/>")
            });
            let body =
                format!("<a:p><a:r><a:t>Fee</a:t></a:r>{between}<a:r><a:t>40</a:t></a:r></a:p>");
            assert_eq!(text(read_pptx(&[("", &body)])), read, "{struck:?}");
        }
        for (page, read) in [
            ("<p>Fee <s>35 </s>40", "Fee 40"),
            ("<p>Fee<s>35\nand more</s>40", "Fee40"),
            ("<p>Fee<s>\n35</s>40", "Fee 40"),
            ("<p>Fee<s>35 </s> 40", "Fee 40"),
            (
                "Fee<div style='text-decoration: line-through'>35</div>40",
                "Fee\n\n40",
            ),
            ("Fee<s><p>35</p></s>40", "Fee\n\n40"),
            (
                "<ol><li>Fee<li style='text-decoration: line-through'>35<li>40</ol>",
                "1. Fee\n3. 40",
            ),
            ("<pre>Fee<s>\n35</s>40</pre>", "Fee\n40"),
        ] {
            assert_eq!(
                text(extract("text/html", page.as_bytes()).unwrap()),
                read,
                "{page}"
            );
        }
        let page = "<w:p><w:r><w:t>Fee</w:t></w:r><w:r><w:rPr><w:strike/></w:rPr><w:t> 35 </w:t></w:r><w:r><w:t xml:space=\"preserve\"> 40</w:t></w:r></w:p>";
        assert_eq!(text(read_docx(page, &[])), "Fee 40");
    }

    #[test]
    fn struck_text_of_documents_is_left_out() {
        let styles = "<w:style w:type=\"character\" w:styleId=\"Old\"><w:rPr><w:strike/></w:rPr></w:style>\
                      <w:style w:type=\"paragraph\" w:styleId=\"Past\"><w:rPr><w:dstrike/></w:rPr></w:style>";
        let run = |properties: &str, text: &str| {
            format!(
                "<w:r><w:rPr>{properties}</w:rPr><w:t xml:space=\"preserve\">{text}</w:t></w:r>"
            )
        };
        let valid = run("", "40 euros");
        for struck in [
            run("<w:strike/>", "35 "),
            run("<w:dstrike w:val=\"1\"/>", "35 "),
            run("<w:rStyle w:val=\"Old\"/>", "35 "),
            // Two adjacent runs count once.
            run("<w:strike/>", "3") + &run("<w:b/><w:strike/>", "35 "),
            "<w:del><w:r><w:delText>35 </w:delText></w:r></w:del>".to_owned(),
        ] {
            let body = format!(
                "<w:p>{}{struck}{valid}</w:p>",
                run("<w:strike w:val=\"0\"/>", "now ")
            );
            assert_only_valid_price(&read_docx(&body, &[("styles", styles)]), 1);
        }
        let past = format!(
            "<w:p><w:pPr><w:pStyle w:val=\"Past\"/></w:pPr>{}{}</w:p>",
            run("", "35"),
            run("<w:dstrike w:val=\"false\"/>", "40")
        );
        assert_only_valid_price(&read_docx(&past, &[("styles", styles)]), 1);
        let row = |properties: &str, text: &str| {
            format!(
                "<w:tr><w:trPr>{properties}</w:trPr><w:tc><w:p>{}</w:p></w:tc></w:tr>",
                run("", text)
            )
        };
        let table = format!("<w:tbl>{}{}</w:tbl>", row("<w:del/>", "35"), row("", "40"));
        assert_only_valid_price(&read_docx(&table, &[]), 1);
    }

    #[test]
    fn struck_text_of_slides_is_left_out() {
        let run = |properties: &str, text: &str| {
            format!("<a:r><a:rPr {properties}/><a:t>{text}</a:t></a:r>")
        };
        for properties in ["strike=\"sngStrike\"", "strike=\"dblStrike\""] {
            let body = format!(
                "<a:p>{}{}{}</a:p>",
                run(properties, "35"),
                run(properties, " euros"),
                run("strike=\"noStrike\"", "40")
            );
            assert_only_valid_price(&read_pptx(&[("", &body)]), 1);
        }
    }

    #[test]
    fn struck_text_of_sheets_is_left_out() {
        let fonts = "<font><b/></font><font><strike/></font><font><strike val=\"0\"/></font>";
        let inline = |reference: &str, content: &str| {
            format!("<c r=\"{reference}\" t=\"inlineStr\"><is>{content}</is></c>")
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
            // In a struck cell, runs without properties of their own are struck.
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
            let found = read_styled("", &[], fonts, &[("\"A\"", &sheet)]);
            assert_only_valid_price(&found, count);
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
            "<table><tr><td style='text-decoration: line-through'>35<td>40</table>",
            "<table><tr><th>Fee<td>40<tr style='text-decoration:line-through'><th>Fee<td>35</table>",
            "<table><tr><td>40<tbody style='text-decoration:line-through'><tr><td>35</table>",
            "<h1 style='text-decoration:line-through'>35</h1><p>40",
            "<table><caption style='text-decoration:line-through'>35</caption><tr><td>40</table>",
            "<table><caption><s>35</s></caption><tr><td>Fee<td>40</table>",
        ] {
            let found = extract("text/html", html.as_bytes()).unwrap();
            assert_only_valid_price(&found, 1);
            assert!(
                found
                    .sections
                    .iter()
                    .all(|section| !section.headings.join(" ").contains("35"))
            );
        }
    }
}
