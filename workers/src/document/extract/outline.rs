//! Builds sections in document order, each with the headings above it. Headings without text of their own become the
//! text of a section, unless a section below has them.

use super::Section;

#[derive(Debug, Default)]
pub(super) struct Outline {
    headings: Vec<Heading>,
    text: String,
    sections: Vec<Section>,
    /// Whether the last section consists of headings.
    has_only_headings: bool,
}

#[derive(Debug)]
struct Heading {
    level: usize,
    text: String,
    /// Whether a section has it.
    is_used: bool,
}

impl Outline {
    /// Starts a section. It ends headings of the same level and below.
    pub(super) fn start_section(&mut self, level: usize, heading: &str) {
        self.end_text();
        let above = self
            .headings
            .iter()
            .take_while(|heading| heading.level < level);
        self.end_headings(above.count());
        self.headings.push(Heading {
            level,
            text: heading.to_owned(),
            is_used: false,
        });
    }

    pub(super) fn push_text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Adds a paragraph with an empty line after it.
    pub(super) fn push_paragraph(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.push_text(text.trim_matches(['\n', '\r']));
            self.push_text("\n\n");
        }
    }

    /// Adds a table with its caption as a separate section.
    pub(super) fn push_captioned(&mut self, caption: String, text: String) {
        self.end_text();
        self.push(caption, text);
    }

    pub(super) fn into_sections(mut self) -> Vec<Section> {
        self.end_text();
        self.end_headings(0);
        self.sections
    }

    /// Ends all headings except the first `keep`.
    fn end_headings(&mut self, keep: usize) {
        let used = self
            .headings
            .iter()
            .take_while(|heading| heading.is_used)
            .count();
        let unused = self.headings.split_off(used.max(keep)).into_iter();
        let unused: Vec<String> = unused
            .map(|heading| heading.text)
            .filter(|text| !text.is_empty())
            .collect();
        if !unused.is_empty() {
            self.add_headings(&unused);
        }
        self.headings.truncate(keep);
    }

    fn add_headings(&mut self, unused: &[String]) {
        let text = unused.join("\n") + "\n";
        let headings = self.headings.iter().map(|heading| &heading.text);
        match self.sections.last_mut() {
            Some(last) if self.has_only_headings && headings.eq(&last.headings) => {
                last.text.push_str(&text);
            }
            _ => {
                self.push(String::new(), text);
                self.has_only_headings = true;
            }
        }
    }

    fn end_text(&mut self) {
        let text = std::mem::take(&mut self.text);
        if !text.trim().is_empty() {
            self.push(String::new(), text);
        }
    }

    fn push(&mut self, caption: String, text: String) {
        self.headings
            .iter_mut()
            .for_each(|heading| heading.is_used = true);
        let headings = self.headings.iter().map(|heading| heading.text.clone());
        self.sections.push(Section {
            headings: headings.collect(),
            caption,
            text,
            ..Section::default()
        });
        self.has_only_headings = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_sections(document: &str) -> Vec<(String, String)> {
        let mut outline = Outline::default();
        for line in document.lines() {
            match line.chars().take_while(|c| *c == '#').count() {
                0 => outline.push_text(line),
                level => outline.start_section(level, line[level..].trim()),
            }
        }
        let sections = outline.into_sections().into_iter();
        sections
            .map(|section| (section.headings.join(">"), section.text))
            .collect()
    }

    #[test]
    fn headings_without_text_are_read_once() {
        for (document, expected) in [
            ("# A\n# B\ntext", &[("", "A\n"), ("B", "text")][..]),
            ("# A\n## B\n### C\ntext", &[("A>B>C", "text")]),
            (
                "# A\n## B\n## C\n## D\ntext",
                &[("A", "B\nC\n"), ("A>D", "text")],
            ),
            ("# A\ntext\n## B\n## C", &[("A", "text"), ("A", "B\nC\n")]),
            ("# A\n## B\n# C\n## D", &[("", "A\nB\nC\nD\n")]),
            (
                "# A\n### B\n## C\ntext\n# D",
                &[("A", "B\n"), ("A>C", "text"), ("", "D\n")],
            ),
            ("### A\n# B", &[("", "A\nB\n")]),
        ] {
            let expected: Vec<(String, String)> = expected
                .iter()
                .map(|(headings, text)| ((*headings).to_owned(), (*text).to_owned()))
                .collect();
            assert_eq!(read_sections(document), expected, "{document}");
        }
    }
}
