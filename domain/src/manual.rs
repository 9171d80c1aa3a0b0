//! The product's manual, built in: pages of sections that the built-in model quotes and the server shows.

/// A page of the manual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ManualPage {
    pub name: &'static str,
    pub markdown: &'static str,
}

/// All pages, in reading order.
pub const PAGES: &[ManualPage] = &[
    ManualPage {
        name: "getting-started",
        markdown: include_str!("../../docs/manual/getting-started.md"),
    },
    ManualPage {
        name: "conversations",
        markdown: include_str!("../../docs/manual/conversations.md"),
    },
    ManualPage {
        name: "assistants",
        markdown: include_str!("../../docs/manual/assistants.md"),
    },
    ManualPage {
        name: "knowledge",
        markdown: include_str!("../../docs/manual/knowledge.md"),
    },
    ManualPage {
        name: "operation",
        markdown: include_str!("../../docs/manual/operation.md"),
    },
];

/// A passage below a heading of the second level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub page: &'static str,
    pub title: &'static str,
    pub text: &'static str,
}

impl Section {
    /// The part of a URL that opens this passage.
    pub fn anchor(&self) -> String {
        anchor(self.title)
    }
}

/// A heading as the fragment of a URL.
pub fn anchor(title: &str) -> String {
    let words: Vec<String> = title
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("-")
}

/// All sections of all pages.
pub fn sections() -> Vec<Section> {
    PAGES
        .iter()
        .flat_map(|page| {
            let parts = page.markdown.split("\n## ").skip(1);
            parts.filter_map(|part| {
                let (title, text) = part.split_once('\n')?;
                Some(Section {
                    page: page.name,
                    title: title.trim(),
                    text: text.trim(),
                })
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_has_text_and_an_anchor_of_its_own() {
        let sections = sections();
        assert!(sections.len() >= 15);
        let mut anchors: Vec<String> = sections
            .iter()
            .map(|section| format!("{}#{}", section.page, section.anchor()))
            .collect();
        anchors.sort();
        anchors.dedup();
        assert_eq!(anchors.len(), sections.len());
        assert!(sections.iter().all(|section| !section.text.is_empty()));
    }
}
