//! The properties of styles.

use std::collections::HashMap;

use roxmltree::Node;

use crate::document::extract::office::package::{attribute, child, children, is_on, value};

/// Maximum length of a chain of styles based on each other.
const MAX_CHAIN: usize = 20;

#[derive(Debug, Clone)]
pub(super) struct StyleList {
    pub list: String,
    pub level: Option<usize>,
}

#[derive(Debug, Clone, Default)]
struct Style {
    based_on: Option<String>,
    heading: Option<usize>,
    list: Option<StyleList>,
    bold: bool,
    struck: Option<bool>,
    /// Whether it is the style of captions.
    caption: bool,
    /// For tables: whether the first row and the first column are bold.
    first_row: bool,
    first_column: bool,
}

#[derive(Debug, Default)]
pub(super) struct Styles {
    styles: HashMap<String, Style>,
}

impl Styles {
    pub(super) fn read(root: Node<'_, '_>) -> Self {
        let styles = children(root, "style")
            .filter_map(|node| Some((attribute(node, "styleId")?.to_owned(), read_style(node))));
        Self {
            styles: styles.collect(),
        }
    }

    /// The heading level of a style, from 1.
    pub(super) fn heading(&self, style: &str) -> Option<usize> {
        self.chain(style)
            .find_map(|style| style.heading)
            .filter(|level| *level <= 9)
    }

    pub(super) fn list(&self, style: &str) -> Option<StyleList> {
        self.chain(style).find_map(|style| style.list.clone())
    }

    pub(super) fn is_caption(&self, style: &str) -> bool {
        self.chain(style).any(|style| style.caption)
    }

    pub(super) fn is_bold(&self, style: &str) -> bool {
        self.chain(style).any(|style| style.bold)
    }

    /// Whether a style strikes its text, if it specifies that.
    pub(super) fn is_struck(&self, style: &str) -> Option<bool> {
        self.chain(style).find_map(|style| style.struck)
    }

    /// Whether a table style emphasizes the first row, and the first column.
    pub(super) fn emphasized_parts(&self, style: &str) -> (bool, bool) {
        (
            self.chain(style).any(|style| style.first_row),
            self.chain(style).any(|style| style.first_column),
        )
    }

    fn chain(&self, style: &str) -> impl Iterator<Item = &Style> {
        let first = self.styles.get(style);
        let next = |style: &&Style| self.styles.get(style.based_on.as_ref()?);
        std::iter::successors(first, next).take(MAX_CHAIN)
    }
}

/// Whether text properties strike the text, if they specify that.
pub(super) fn strike_property(properties: Option<Node<'_, '_>>) -> Option<bool> {
    let property = |name: &'static str| {
        let is_present = properties.is_some_and(|node| child(node, name).is_some());
        is_present.then(|| is_on(properties, name))
    };
    match (property("strike"), property("dstrike")) {
        (None, None) => None,
        (strike, double) => Some(strike == Some(true) || double == Some(true)),
    }
}

fn read_style(node: Node<'_, '_>) -> Style {
    let paragraph = child(node, "pPr");
    let list = paragraph.and_then(|properties| child(properties, "numPr"));
    let level = value(paragraph, "outlineLvl").and_then(|level| level.parse::<usize>().ok());
    let name = value(Some(node), "name").unwrap_or_default().to_lowercase();
    let level_by_name = match name.as_str() {
        "title" => Some(1),
        "subtitle" => Some(2),
        name => name
            .strip_prefix("heading ")
            .and_then(|level| level.parse().ok()),
    };
    let has_bold_part = |kind: &str| {
        let mut parts = children(node, "tblStylePr");
        let part = parts.find(|part| attribute(*part, "type") == Some(kind));
        is_on(part.and_then(|part| child(part, "rPr")), "b")
    };
    Style {
        based_on: value(Some(node), "basedOn").map(str::to_owned),
        heading: level.map(|level| level + 1).or(level_by_name),
        list: value(list, "numId").map(|id| StyleList {
            list: id.to_owned(),
            level: value(list, "ilvl").and_then(|level| level.parse().ok()),
        }),
        bold: is_on(child(node, "rPr"), "b"),
        struck: strike_property(child(node, "rPr")),
        caption: name == "caption",
        first_row: has_bold_part("firstRow"),
        first_column: has_bold_part("firstCol"),
    }
}
