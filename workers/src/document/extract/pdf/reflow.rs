//! Reflows the text of a page: joins paragraphs and hyphenated words.

/// Normalizes spaces and empty lines, and joins words that were hyphenated at the end of a line.
pub(super) fn reflow(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    // A soft hyphen is visible only at the end of a line, where a hyphen may follow it.
    let text = text
        .replace("\u{ad}\u{2010}", "-")
        .replace("\u{ad}\n", "-\n");
    for line in text.lines() {
        // Justified lines are padded with spaces.
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = line.as_str();
        if line.is_empty() {
            if !result.is_empty() && !result.ends_with("\n\n") {
                result.truncate(result.trim_end().len());
                result.push_str("\n\n");
            }
            continue;
        }
        let continues = line.starts_with(char::is_lowercase);
        let hyphens = ["- ", "-\n", "\u{2010}\n"];
        match hyphens.iter().find_map(|end| result.strip_suffix(end)) {
            Some(prefix) if continues && prefix.ends_with(char::is_alphabetic) => {
                result.truncate(prefix.len());
            }
            _ => {}
        }
        result.push_str(line);
        result.push('\n');
    }
    result
}

#[cfg(test)]
mod tests {
    use super::reflow;

    #[test]
    fn hyphenated_words_are_joined_and_paragraphs_are_kept() {
        assert_eq!(
            reflow("An exam-\nple of it.\n\n\n Next - one.\nPart-\nTime"),
            "An example of it.\n\nNext - one.\nPart-\nTime\n"
        );
        assert_eq!(
            reflow(
                "wide   words, unter\u{ad}\u{2010}\nschreibt und auf\u{ad}\nnimmt, ein\u{2010}\nmal"
            ),
            "wide words, unterschreibt und aufnimmt, einmal\n"
        );
    }
}
