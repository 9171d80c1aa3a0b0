//! What styles say of the text that has them.

use std::collections::HashMap;

use roxmltree::Node;

use crate::document::extract::office::package::{attribute, child, children, is_on, value};

/// Styles that build upon another, at most.
const DEEPEST: usize = 20;

#[derive(Debug, Clone)]
pub struct ListOfStyle {
    pub list: String,
    pub level: Option<usize>,
}

#[derive(Debug, Clone, Default)]
struct Style {
    based_on: Option<String>,
    heading: Option<usize>,
    list: Option<ListOfStyle>,
    bold: bool,
    struck: Option<bool>,
    /// Whether it is for the captions of tables and pictures.
    caption: bool,
    /// Of tables: whether the first row and the first column are bold.
    first_row: bool,
    first_column: bool,
}

#[derive(Debug, Default)]
pub struct Styles {
    styles: HashMap<String, Style>,
}

impl Styles {
    pub fn read(root: Node<'_, '_>) -> Self {
        let styles = children(root, "style")
            .filter_map(|node| Some((attribute(node, "styleId")?.to_owned(), style(node))));
        Self {
            styles: styles.collect(),
        }
    }

    /// The level of the headings that have a style, from 1.
    pub fn heading(&self, style: &str) -> Option<usize> {
        self.chain(style)
            .find_map(|style| style.heading)
            .filter(|level| *level <= 9)
    }

    pub fn list(&self, style: &str) -> Option<ListOfStyle> {
        self.chain(style).find_map(|style| style.list.clone())
    }

    pub fn is_caption(&self, style: &str) -> bool {
        self.chain(style).any(|style| style.caption)
    }

    pub fn is_bold(&self, style: &str) -> bool {
        self.chain(style).any(|style| style.bold)
    }

    /// Whether a style strikes its text through, where it says so.
    pub fn is_struck(&self, style: &str) -> Option<bool> {
        self.chain(style).find_map(|style| style.struck)
    }

    /// Whether a table's style sets off its first row, and its first column.
    pub fn sets_off(&self, style: &str) -> (bool, bool) {
        (
            self.chain(style).any(|style| style.first_row),
            self.chain(style).any(|style| style.first_column),
        )
    }

    fn chain(&self, style: &str) -> impl Iterator<Item = &Style> {
        let first = self.styles.get(style);
        let next = |style: &&Style| self.styles.get(style.based_on.as_ref()?);
        std::iter::successors(first, next).take(DEEPEST)
    }
}

/// Whether properties of text strike it through, where they say so.
pub fn strikes(properties: Option<Node<'_, '_>>) -> Option<bool> {
    let named = |name: &'static str| {
        let is_there = properties.is_some_and(|own| child(own, name).is_some());
        is_there.then(|| is_on(properties, name))
    };
    match (named("strike"), named("dstrike")) {
        (None, None) => None,
        (one, other) => Some(one == Some(true) || other == Some(true)),
    }
}

fn style(node: Node<'_, '_>) -> Style {
    let paragraph = child(node, "pPr");
    let list = paragraph.and_then(|properties| child(properties, "numPr"));
    let level = value(paragraph, "outlineLvl").and_then(|level| level.parse::<usize>().ok());
    let name = value(Some(node), "name").unwrap_or_default().to_lowercase();
    let named = match name.as_str() {
        "title" => Some(1),
        "subtitle" => Some(2),
        name => name
            .strip_prefix("heading ")
            .and_then(|level| level.parse().ok()),
    };
    let part = |kind: &str| {
        let mut parts = children(node, "tblStylePr");
        let part = parts.find(|part| attribute(*part, "type") == Some(kind));
        is_on(part.and_then(|part| child(part, "rPr")), "b")
    };
    Style {
        based_on: value(Some(node), "basedOn").map(str::to_owned),
        heading: level.map(|level| level + 1).or(named),
        list: value(list, "numId").map(|id| ListOfStyle {
            list: id.to_owned(),
            level: value(list, "ilvl").and_then(|level| level.parse().ok()),
        }),
        bold: is_on(child(node, "rPr"), "b"),
        struck: strikes(child(node, "rPr")),
        caption: name == "caption",
        first_row: part("firstRow"),
        first_column: part("firstCol"),
    }
}
