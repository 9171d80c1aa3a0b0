//! PDF, page by page.

use pdf_extract::{Document, OutputError, PlainTextOutput, output_doc_page};

use super::{Extracted, Failed, Section, too_many_pages};

pub fn extract(bytes: &[u8]) -> Result<Extracted, Failed> {
    let mut document = Document::load_mem(bytes).map_err(Failed::unreadable)?;
    // Many are encrypted with an empty password, which every reader tries.
    if document.is_encrypted() && document.decrypt("").is_err() {
        return Err(Failed::encrypted());
    }
    let pages = document.get_pages();
    if let Some(failed) = too_many_pages(pages.len()) {
        return Err(failed);
    }
    let mut sections = Vec::new();
    let mut broken = None;
    for number in pages.keys() {
        match page(&document, *number) {
            Ok(text) => sections.push(Section {
                page: Some(*number),
                text: tidied(&text),
                ..Section::default()
            }),
            // One page that cannot be read does not hide the others.
            Err(error) => broken = Some(error),
        }
    }
    match broken {
        Some(error) if sections.is_empty() => Err(Failed::unreadable(error)),
        _ => Ok(Extracted {
            sections,
            pages: u32::try_from(pages.len()).ok(),
            left_out: vec![],
        }),
    }
}

fn page(document: &Document, number: u32) -> Result<String, OutputError> {
    let mut text = String::new();
    let mut output = PlainTextOutput::new(&mut text);
    output_doc_page(document, &mut output, number)?;
    Ok(text)
}

/// Lines of one paragraph joined, words that were broken at the end of a line made whole.
fn tidied(text: &str) -> String {
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
