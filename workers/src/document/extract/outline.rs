//! Sections as they are met: each knows the headings above it. Headings without a text of their own are the text of a
//! section, unless a section below them has them.

use super::Section;

#[derive(Debug, Default)]
pub struct Outline {
    headings: Vec<Heading>,
    text: String,
    sections: Vec<Section>,
    /// Whether the last section is made of headings.
    is_of_headings: bool,
}

#[derive(Debug)]
struct Heading {
    level: usize,
    text: String,
    /// Whether a section knows it.
    known: bool,
}

impl Outline {
    /// Begins a section. Headings of the same level and below end with it.
    pub fn heading(&mut self, level: usize, heading: &str) {
        self.close();
        let above = self.headings.iter().take_while(|own| own.level < level);
        self.leave(above.count());
        self.headings.push(Heading {
            level,
            text: heading.to_owned(),
            known: false,
        });
    }

    pub fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// A text with an empty line behind it.
    pub fn paragraph(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.text(text.trim_matches(['\n', '\r']));
            self.text("\n\n");
        }
    }

    /// A table below its caption, or above it: a section of its own.
    pub fn captioned(&mut self, caption: String, text: String) {
        self.close();
        self.push(caption, text);
    }

    pub fn end(mut self) -> Vec<Section> {
        self.close();
        self.leave(0);
        self.sections
    }

    /// Ends headings but for the first ones.
    fn leave(&mut self, kept: usize) {
        let known = self.headings.iter().take_while(|own| own.known).count();
        let lost = self.headings.split_off(known.max(kept)).into_iter();
        let lost: Vec<String> = lost
            .map(|own| own.text)
            .filter(|text| !text.is_empty())
            .collect();
        if !lost.is_empty() {
            self.add_headings(&lost);
        }
        self.headings.truncate(kept);
    }

    fn add_headings(&mut self, lost: &[String]) {
        let text = lost.join("\n") + "\n";
        let headings = self.headings.iter().map(|heading| &heading.text);
        match self.sections.last_mut() {
            Some(last) if self.is_of_headings && headings.eq(&last.headings) => {
                last.text.push_str(&text);
            }
            _ => {
                self.push(String::new(), text);
                self.is_of_headings = true;
            }
        }
    }

    fn close(&mut self) {
        let text = std::mem::take(&mut self.text);
        if !text.trim().is_empty() {
            self.push(String::new(), text);
        }
    }

    fn push(&mut self, caption: String, text: String) {
        self.headings.iter_mut().for_each(|own| own.known = true);
        let headings = self.headings.iter().map(|own| own.text.clone());
        self.sections.push(Section {
            headings: headings.collect(),
            caption,
            text,
            ..Section::default()
        });
        self.is_of_headings = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(document: &str) -> Vec<(String, String)> {
        let mut outline = Outline::default();
        for line in document.lines() {
            match line.chars().take_while(|c| *c == '#').count() {
                0 => outline.text(line),
                level => outline.heading(level, line[level..].trim()),
            }
        }
        let sections = outline.end().into_iter();
        sections
            .map(|section| (section.headings.join(">"), section.text))
            .collect()
    }

    #[test]
    fn headings_without_a_text_of_their_own_are_read_once() {
        for (document, wanted) in [
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
            let wanted: Vec<(String, String)> = wanted
                .iter()
                .map(|(headings, text)| ((*headings).to_owned(), (*text).to_owned()))
                .collect();
            assert_eq!(told(document), wanted, "{document}");
        }
    }
}
