//! Sections as they are met: each knows the headings above it.

use super::Section;

#[derive(Default)]
pub struct Outline {
    headings: Vec<(usize, String)>,
    text: String,
    sections: Vec<Section>,
}

impl Outline {
    /// Begins a section. Headings of the same level and below end with it.
    pub fn heading(&mut self, level: usize, heading: &str) {
        self.close();
        self.headings.retain(|(above, _)| *above < level);
        self.headings.push((level, heading.to_owned()));
    }

    pub fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// The sections that hold text, and the headings above the end.
    fn end(mut self) -> (Vec<Section>, Vec<String>) {
        self.close();
        (self.sections, texts(&self.headings))
    }

    /// The sections; a document of nothing but headings is about them.
    pub fn end_with_headings(self) -> Vec<Section> {
        let (mut sections, headings) = self.end();
        if sections.is_empty() && !headings.is_empty() {
            sections.push(Section {
                text: headings.join("\n"),
                headings,
                ..Section::default()
            });
        }
        sections
    }

    fn close(&mut self) {
        let text = std::mem::take(&mut self.text);
        if !text.trim().is_empty() {
            self.sections.push(Section {
                headings: texts(&self.headings),
                text,
                ..Section::default()
            });
        }
    }
}

fn texts(headings: &[(usize, String)]) -> Vec<String> {
    headings.iter().map(|(_, text)| text.clone()).collect()
}
