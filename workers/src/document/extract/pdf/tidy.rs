//! Text of a page as one reads it: paragraphs and whole words.

/// Lines of one paragraph joined, words that were broken at the end of a line made whole.
pub fn tidied(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    // A soft hyphen is seen at the end of a line alone, where a hyphen may follow it.
    let text = text
        .replace("\u{ad}\u{2010}", "-")
        .replace("\u{ad}\n", "-\n");
    for line in text.lines() {
        // Lines of even width are made with spaces.
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = line.as_str();
        if line.is_empty() {
            if !tidy.is_empty() && !tidy.ends_with("\n\n") {
                tidy.truncate(tidy.trim_end().len());
                tidy.push_str("\n\n");
            }
            continue;
        }
        let goes_on = line.starts_with(char::is_lowercase);
        let broken = ["- ", "-\n", "\u{2010}\n"];
        match broken.iter().find_map(|end| tidy.strip_suffix(end)) {
            Some(kept) if goes_on && kept.ends_with(char::is_alphabetic) => {
                tidy.truncate(kept.len());
            }
            _ => {}
        }
        tidy.push_str(line);
        tidy.push('\n');
    }
    tidy
}

#[cfg(test)]
mod tests {
    use super::tidied;

    #[test]
    fn broken_words_are_made_whole_and_paragraphs_kept() {
        assert_eq!(
            tidied("An exam-\nple of it.\n\n\n Next - one.\nPart-\nTime"),
            "An example of it.\n\nNext - one.\nPart-\nTime\n"
        );
        assert_eq!(
            tidied(
                "wide   words, unter\u{ad}\u{2010}\nschreibt und auf\u{ad}\nnimmt, ein\u{2010}\nmal"
            ),
            "wide words, unterschreibt und aufnimmt, einmal\n"
        );
    }
}
