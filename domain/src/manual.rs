//! The built-in manual: its sections are quoted by the built-in model and shown by the server.

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

/// A second-level heading and the text below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub page: &'static str,
    pub title: &'static str,
    pub text: &'static str,
}

impl Section {
    /// The URL fragment of this section.
    pub fn anchor(&self) -> String {
        anchor(self.title)
    }
}

/// Converts a heading to a URL fragment.
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
    fn every_section_has_text_and_a_unique_anchor() {
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
