//! HTML: what is shown, as Markdown. Nothing is fetched.

use htmd::HtmlToMarkdown;

use super::{Extracted, Failed, markdown};

/// What is not shown, or is not the document's own.
const SKIPPED: &[&str] = &[
    "script", "style", "noscript", "template", "svg", "iframe", "object", "head", "nav", "img",
];
/// How deep elements may be nested: the tree is walked by recursion.
const DEEPEST: usize = 2_000;

pub fn extract(html: &str) -> Result<Extracted, Failed> {
    if nested(html) > DEEPEST {
        return Err(Failed::too_large("the elements are nested too deeply"));
    }
    let converter = HtmlToMarkdown::builder()
        .skip_tags(SKIPPED.to_vec())
        .build();
    let text = converter.convert(html).map_err(Failed::unreadable)?;
    Ok(markdown::extract(&text))
}

/// About how deep elements are nested: end tags that are left out count as such.
fn nested(html: &str) -> usize {
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
                if !closed && !VOID.contains(&name.as_str()) {
                    depth += 1;
                    deepest = deepest.max(depth);
                }
            }
            _ => {}
        }
    }
    deepest
}

/// Elements that are not closed, or need not be.
const VOID: &[&str] = &[
    "br", "img", "hr", "meta", "link", "input", "area", "base", "col", "embed", "source", "track",
    "wbr", "p", "li", "dt", "dd", "tr", "td", "th", "option", "thead", "tbody", "tfoot",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_read_below_its_headings() {
        let found = extract(
            "<head><title>T</title></head><script>alert(1)</script><h1>Leave</h1><p>Thirty <b>days</b>.</p>\
             <h2>Sick</h2><ul><li>Call in</ul>",
        )
        .unwrap();
        assert_eq!(found.sections.len(), 2);
        assert_eq!(found.sections[0].headings, ["Leave"]);
        assert!(found.sections[0].text.contains("Thirty **days**."));
        assert_eq!(found.sections[1].headings, ["Leave", "Sick"]);
        assert!(found.sections[1].text.contains("Call in"));
        assert!(!found.sections.iter().any(|s| s.text.contains("alert")));
    }

    #[test]
    fn bottomless_nesting_is_refused() {
        let failed = extract(&"<div>".repeat(100_000)).unwrap_err();
        assert_eq!(failed.code, domain::document::FailureCode::TooLarge);
    }
}
