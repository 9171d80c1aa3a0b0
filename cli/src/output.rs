//! Data goes to standard output, messages go to standard error. A closed pipe is not an error.

use std::io::Write;

/// Prints a line of data.
pub fn print_data(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Prints text without a line break and flushes it.
pub fn print_text(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}

/// Prints a message for people.
pub fn print_message(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Makes untrusted text safe for a terminal: replaces control characters other than line breaks and tabs.
pub fn sanitize(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            c if c.is_control() => '\u{fffd}',
            // Marks that change the direction of the text after them.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_do_not_reach_the_terminal() {
        assert_eq!(
            sanitize("a\u{1b}[31mb\r\n\tü\u{202e}"),
            "a\u{fffd}[31mb\u{fffd}\n\tü\u{fffd}"
        );
    }
}
