//! Quotes untrusted text so that it cannot end its own quotation.

/// Puts a text between two lines of quotation marks, longer than any sequence of them in the text.
pub(super) fn quote(text: &str) -> String {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '"' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "\"".repeat(3.max(longest + 1));
    format!("{fence}\n{text}\n{fence}")
}

/// Puts a name on one line.
pub(super) fn to_line(name: &str) -> String {
    let is_break = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    name.replace(is_break, " ")
}
