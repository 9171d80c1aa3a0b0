//! HTML: the visible text below its headings. Nothing is fetched.

mod attributes;
mod forms;
mod page;
mod table;

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::RcDom;

use self::page::PageReader;
use super::blocks::build_sections;
use super::{ExtractError, ExtractedDocument, strikethrough};

/// Maximum nesting of elements: the tree is walked recursively.
const MAX_DEPTH: usize = 2_000;

pub(super) fn extract(html: &str) -> Result<ExtractedDocument, ExtractError> {
    if nesting_depth(html) > MAX_DEPTH {
        return Err(ExtractError::too_large(
            "the elements are nested too deeply",
        ));
    }
    let tree = parse_document(RcDom::default(), ParseOpts::default()).one(html);
    let mut reader = PageReader::default();
    reader.read_node(&tree.document);
    let left_out = strikethrough::omission(reader.struck, None)
        .into_iter()
        .collect();
    Ok(ExtractedDocument {
        sections: build_sections(&reader.into_blocks()),
        left_out,
        ..ExtractedDocument::default()
    })
}

/// The approximate nesting depth of elements.
fn nesting_depth(html: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for tag in html.split('<').skip(1) {
        match tag.as_bytes().first() {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(first) if first.is_ascii_alphabetic() => {
                let name: String = tag
                    .chars()
                    .take_while(char::is_ascii_alphanumeric)
                    .collect::<String>()
                    .to_ascii_lowercase();
                let closed = tag.split('>').next().is_some_and(|tag| tag.ends_with('/'));
                if !closed && !UNCLOSED.contains(&name.as_str()) {
                    depth += 1;
                    deepest = deepest.max(depth);
                }
            }
            _ => {}
        }
    }
    deepest
}

/// Elements without an end tag, or with an optional one.
const UNCLOSED: &[&str] = &[
    "br", "img", "hr", "meta", "link", "input", "area", "base", "col", "embed", "source", "track",
    "wbr", "p", "li", "dt", "dd", "tr", "td", "th", "option", "thead", "tbody", "tfoot",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visible_text_is_read_below_its_headings() {
        let found = extract(
            "<head><title>T</title></head><script>alert(1)</script><h1>Leave</h1><p>Thirty <b>days</b>.</p>\
             <h2>Sick</h2><ul><li>Call in</ul>",
        )
        .unwrap();
        assert_eq!(found.sections.len(), 2);
        assert_eq!(found.sections[0].headings, ["Leave"]);
        assert!(found.sections[0].text.contains("Thirty days."));
        assert_eq!(found.sections[1].headings, ["Leave", "Sick"]);
        assert!(found.sections[1].text.contains("Call in"));
        assert!(!found.sections.iter().any(|s| s.text.contains("alert")));
    }

    #[test]
    fn excessive_nesting_is_refused() {
        let failed = extract(&"<div>".repeat(100_000)).unwrap_err();
        assert_eq!(failed.code, domain::document::FailureCode::TooLarge);
    }

    fn text(html: &str) -> String {
        let found = extract(html).unwrap();
        found
            .sections
            .iter()
            .map(|section| section.text.as_str())
            .collect()
    }

    #[test]
    fn special_characters_are_preserved() {
        for literal in [
            r"C:\new\table and a_b and *c* and `d` and [e](f)",
            "1. no list, # no heading, > no quote, - no item, | no cell",
            "x < y && z > 1 ~~ \"q\" <b>bold</b> &amp; \\\\server\\share",
        ] {
            let escaped = literal.replace('&', "&amp;").replace('<', "&lt;");
            assert_eq!(text(&format!("<p>{escaped}</p>")).trim(), literal);
        }
        assert_eq!(
            text("<p>a<b>b</b>\n <i> c</i>d</p><pre>x\n  y_z\n</pre>"),
            "ab cd\n\nx\n  y_z\n\n"
        );
        assert_eq!(
            text("<ul><li>one<li>two<ol><li>deep</ol></ul><p>end"),
            "- one\n- two\n  1. deep\n\nend\n\n"
        );
        assert_eq!(
            text("<p hidden>no<p style='display: none'>no<p>yes<br>no more"),
            "yes\nno more\n\n"
        );
    }

    #[test]
    fn cells_are_placed_by_their_spans() {
        let found = text(
            "<table><tr><th colspan=2>Name<th>Fee<tr><td>Ada<td>Lovelace<td>35\
             <tr><td rowspan=2>Bob<td>Smith<td>40<tr><td>Jones<td>50</table>",
        );
        assert_eq!(
            found.trim(),
            "Name | Fee\nName: Ada; Name: Lovelace; Fee: 35\nName: Bob; Name: Smith; Fee: 40\n\
             Name: Bob; Name: Jones; Fee: 50"
        );
    }

    #[test]
    fn hidden_rows_and_cells_are_not_read() {
        let found = text(
            "<table><tr><th>Name<th style='display:none'>Key<th>Fee<tr><td>Ada<td hidden>canary<td>35\
             <tr hidden><td>canary<td>canary<td>50<tr><td>Bob<td hidden>x<td style='visibility: hidden'>canary\
             <tbody hidden><tr><td>canary</table>",
        );
        assert_eq!(found.trim(), "Name | Fee\nName: Ada; Fee: 35\nName: Bob");
    }

    #[test]
    fn header_cells_next_to_values_are_read_as_a_form() {
        let single = "<table><tr><th>Key<td>brass</table>";
        assert_eq!(text(single).trim(), "Key: brass");
        let several = "<table><tr><th>Key<td>brass<tr><th>Lock<td>iron</table>";
        assert_eq!(text(several).trim(), "Key: brass\nLock: iron");
    }

    #[test]
    fn nested_tables_and_layout_tables_are_read() {
        let inner = "<table><tr><th>Boat<th>Fee<tr><td>Ada<td>35</table>";
        assert_eq!(
            text(&format!("<table><tr><td>Left<td>{inner}</table>")).trim(),
            "Left\nBoat | Fee\nBoat: Ada; Fee: 35"
        );
        let outer = format!(
            "<table><tr><th>Port<th>Prices<tr><td>Bergen<td>{inner}<tr><td>Oslo<td>none</table>"
        );
        assert!(
            text(&outer).contains("Port: Bergen; Prices: Boat | Fee / Boat: Ada; Fee: 35\n"),
            "{}",
            text(&outer)
        );
        let found =
            extract("<table><tr><td><h1>Rules</h1><p>No dogs.<td><h2>More</h2>Quiet.</table>")
                .unwrap();
        assert_eq!(found.sections[1].headings, ["Rules", "More"]);
    }

    #[test]
    fn superscripts_and_subscripts_do_not_become_digits() {
        let page = "<p>35<sup>1</sup> euro, 10<sup>-6</sup> m, H<sub>2</sub>O, the 5<sup>th</sup>.<table><tr><th>Price<tr><td>120<sup>2</sup></table>";
        let found = text(page);
        assert!(
            found.starts_with("35¹ euro, 10⁻⁶ m, H₂O, the 5th."),
            "{found}"
        );
        assert!(found.contains("120²"), "{found}");
    }

    #[test]
    fn form_fields_checkboxes_and_options_are_read() {
        for (html, read) in [
            (
                "<p><label><input type=checkbox checked> Member</label>",
                "[x] Member",
            ),
            (
                "<p><label><input type=CHECKBOX>Member</label>",
                "[ ] Member",
            ),
            (
                "<p>Pays: <input type=radio> cash <input type=radio checked> card",
                "Pays: [ ] cash [x] card",
            ),
            (
                "<p><span role=checkbox aria-checked=true>Member</span>",
                "[x] Member",
            ),
            (
                "<p><span role=switch aria-checked=false>Member</span>",
                "[ ] Member",
            ),
            (
                "<p>Name: <input value='Grace'> <input type=hidden value=canary><input type=submit value=Send>",
                "Name: Grace",
            ),
            (
                "<p>Flag<select><option>NO<option selected>SE</select>",
                "Flag\n\n[ ] NO\n\n[x] SE",
            ),
            (
                "<p>Flag<select><option>NO<optgroup><option value=1 label=SE></optgroup></select>",
                "Flag\n\n[x] NO\n\n[ ] SE",
            ),
            (
                "<p>Flag<select multiple><option>NO<option>SE</select>",
                "Flag\n\n[ ] NO\n\n[ ] SE",
            ),
        ] {
            assert_eq!(text(html).trim(), read, "{html}");
        }
        let table = "<table><tr><th>Name<th>Paid<tr><td>Ada<td><input type=checkbox checked><tr><td>Bob<td><input type=checkbox></table>";
        assert!(text(table).contains("Name: Ada; Paid: [x]\nName: Bob; Paid: [ ]"));
    }
}
