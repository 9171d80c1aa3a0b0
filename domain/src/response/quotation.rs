//! Quoting what others have written, so that it cannot end its own quotation.

/// A text between two lines of quotation marks, more than it has in a row anywhere.
pub(super) fn quoted(text: &str) -> String {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '"' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "\"".repeat(3.max(longest + 1));
    format!("{fence}\n{text}\n{fence}")
}

/// A name on one line.
pub(super) fn one_line(name: &str) -> String {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    name.replace(breaks, " ")
}
