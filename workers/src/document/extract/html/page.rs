//! Reads the visible content of a page into blocks.

use html5ever::{Attribute, local_name};
use markup5ever_rcdom::{Handle, NodeData};

use super::attributes::{parse_number, value};
use super::{forms, table};
use crate::document::extract::blocks::Block;
use crate::document::extract::script::{ScriptPosition, to_script};
use crate::document::extract::strikethrough::gap;

/// Elements that are not visible, or not part of the content.
const SKIPPED: &[&str] = &[
    "script", "style", "noscript", "template", "svg", "iframe", "object", "head", "nav", "img",
    "audio", "video", "canvas", "rp",
];

/// Elements that start a new line.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "header",
    "hgroup",
    "hr",
    "html",
    "legend",
    "main",
    "menu",
    "option",
    "p",
    "search",
    "section",
    "summary",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
];

/// Other elements that start a new line, each with a reader of its own.
const SPECIAL_BLOCKS: &[&str] = &[
    "h1", "h2", "h3", "h4", "h5", "h6", "li", "listing", "ol", "pre", "select", "table",
    "textarea", "ul", "xmp",
];

#[derive(Debug, Default)]
pub(super) struct PageReader {
    blocks: Vec<Block>,
    line: String,
    /// Whether white space is significant.
    preformatted: bool,
    /// The enclosing lists, with the number of the last item if the list is ordered.
    lists: Vec<Option<i64>>,
    /// The list marker before the next line.
    mark: String,
    /// Whether the last block is an item of the current list.
    in_items: bool,
    /// Number of struck passages.
    pub struck: usize,
}

impl PageReader {
    pub(super) fn read_node(&mut self, node: &Handle) {
        match &node.data {
            NodeData::Text { contents } => self.push_text(&contents.borrow()),
            NodeData::Element { name, attrs, .. } => {
                let attributes = attrs.borrow();
                if SKIPPED.contains(&&*name.local) || is_hidden(&attributes) {
                    return;
                }
                if is_struck(&name.local, &attributes) {
                    self.skip_struck(node, &name.local);
                    return;
                }
                self.read_element(node, &name.local, &attributes);
            }
            NodeData::Document => self.read_children(node),
            _ => {}
        }
    }

    pub(super) fn into_blocks(mut self) -> Vec<Block> {
        self.end_line();
        self.blocks
    }

    fn read_children(&mut self, node: &Handle) {
        for child in node.children.borrow().iter() {
            self.read_node(child);
        }
    }

    fn read_element(&mut self, node: &Handle, name: &str, attributes: &[Attribute]) {
        if let Some(mark) = forms::field_mark(name, attributes) {
            self.push_word(mark);
        }
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.read_heading(node, name),
            "br" => self.line.push('\n'),
            "sup" => self.read_script(ScriptPosition::Superscript, node),
            "sub" => self.read_script(ScriptPosition::Subscript, node),
            "pre" | "textarea" | "listing" | "xmp" => self.read_preformatted(node),
            "ul" | "ol" | "menu" => self.read_list(node, name, attributes),
            "li" => self.read_item(node, attributes),
            "table" => self.read_table(node, attributes),
            "input" => self.push_word(&forms::field_text(attributes).unwrap_or_default()),
            "select" => {
                self.end_line();
                for option in forms::read_options(node, attributes) {
                    self.push_text(&option);
                    self.end_line();
                }
            }
            name if BLOCKS.contains(&name) => {
                self.end_line();
                self.read_children(node);
                self.end_line();
            }
            _ => self.read_children(node),
        }
    }

    /// Skips struck text, which still separates the words around it and counts as an item of its list.
    fn skip_struck(&mut self, node: &Handle, name: &str) {
        let (mut text, mut has_lines) = (String::new(), false);
        collect_text(node, self.preformatted, &mut text, &mut has_lines);
        self.struck += usize::from(!text.trim().is_empty());
        if name == "li"
            && let Some(Some(last)) = self.lists.last_mut()
        {
            *last += 1;
        }
        match gap(&text) {
            _ if has_lines => self.end_line(),
            Some('\n') => self.line.push('\n'),
            Some(_) if !self.line.ends_with(' ') => self.push_text(" "),
            _ => {}
        }
    }

    /// Reads superscript or subscript text.
    fn read_script(&mut self, script: ScriptPosition, node: &Handle) {
        let start = self.line.len();
        self.read_children(node);
        // Unless a block within it has ended the line.
        if let Some(text) = self.line.get(start..) {
            let text = to_script(text, script);
            self.line.truncate(start);
            self.line.push_str(&text);
        }
    }

    /// Adds a word with spaces around it.
    fn push_word(&mut self, word: &str) {
        if !word.is_empty() {
            self.push_text(" ");
            self.push_text(word);
            self.push_text(" ");
        }
    }

    fn push_text(&mut self, text: &str) {
        if self.preformatted {
            self.line.push_str(text);
            return;
        }
        let mut pending_space = false;
        for c in text.chars() {
            if c.is_ascii_whitespace() {
                pending_space = true;
                continue;
            }
            if pending_space && !self.line.is_empty() && !self.line.ends_with([' ', '\n']) {
                self.line.push(' ');
            }
            pending_space = false;
            self.line.push(c);
        }
        if pending_space && !self.line.is_empty() && !self.line.ends_with([' ', '\n']) {
            self.line.push(' ');
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let line = match self.preformatted {
            true => line.trim_matches('\n').trim_end(),
            false => line.trim(),
        };
        if line.is_empty() {
            return;
        }
        let in_list = !self.lists.is_empty();
        let line = format!("{}{line}", std::mem::take(&mut self.mark));
        match self.blocks.last_mut() {
            // The items of a list form one block.
            Some(Block::Text(above)) if in_list && self.in_items => {
                above.push('\n');
                above.push_str(&line);
            }
            _ => self.blocks.push(Block::Text(line)),
        }
        self.in_items = in_list;
    }

    fn read_heading(&mut self, node: &Handle, name: &str) {
        self.end_line();
        let mut inner = Self::default();
        inner.read_children(node);
        let level = name[1..].parse().unwrap_or(6);
        self.struck += inner.struck;
        let text = super::super::blocks::join_lines(&inner.into_blocks());
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() {
            self.blocks.push(Block::Heading(level, text));
            self.in_items = false;
        }
    }

    fn read_preformatted(&mut self, node: &Handle) {
        self.end_line();
        let outer = std::mem::replace(&mut self.preformatted, true);
        self.read_children(node);
        self.end_line();
        self.preformatted = outer;
    }

    fn read_list(&mut self, node: &Handle, name: &str, attributes: &[Attribute]) {
        self.end_line();
        let start = parse_number(attributes, "start").unwrap_or(1);
        self.lists.push((name == "ol").then_some(start - 1));
        self.read_children(node);
        self.end_line();
        self.lists.pop();
        self.in_items &= !self.lists.is_empty();
    }

    fn read_item(&mut self, node: &Handle, attributes: &[Attribute]) {
        self.end_line();
        let depth = self.lists.len().saturating_sub(1);
        let mark = match self.lists.last_mut() {
            Some(Some(last)) => {
                *last = parse_number(attributes, "value").unwrap_or(*last + 1);
                format!("{last}. ")
            }
            _ => "- ".to_owned(),
        };
        self.mark = format!("{}{mark}", "  ".repeat(depth.min(20)));
        self.read_children(node);
        self.end_line();
        self.mark.clear();
    }

    fn read_table(&mut self, node: &Handle, attributes: &[Attribute]) {
        self.end_line();
        let role = value(attributes, "role");
        let is_layout = matches!(role.as_deref(), Some("presentation" | "none"))
            || table::is_layout_table(node);
        self.in_items = false;
        match is_layout {
            true => {
                self.read_children(node);
                self.end_line();
            }
            false => self.struck += table::read_table(node, &mut self.blocks),
        }
    }
}

fn is_hidden(attributes: &[Attribute]) -> bool {
    is_removed(attributes) || style(attributes).contains("visibility:hidden")
}

/// Whether an element is not rendered at all.
fn is_removed(attributes: &[Attribute]) -> bool {
    let is_hidden_attribute = |attribute: &Attribute| attribute.name.local == local_name!("hidden");
    attributes.iter().any(is_hidden_attribute) || style(attributes).contains("display:none")
}

/// How a part of a table is rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Visibility {
    Visible,
    Struck,
    Invisible,
    /// Not rendered at all; others take its position.
    Removed,
}

pub(super) fn visibility(node: &Handle) -> Visibility {
    let NodeData::Element { name, attrs, .. } = &node.data else {
        return Visibility::Visible;
    };
    let attributes = attrs.borrow();
    if is_removed(&attributes) {
        Visibility::Removed
    } else if is_hidden(&attributes) {
        Visibility::Invisible
    } else if is_struck(&name.local, &attributes) {
        Visibility::Struck
    } else {
        Visibility::Visible
    }
}

pub(super) fn has_text(node: &Handle) -> bool {
    let (mut text, mut has_lines) = (String::new(), false);
    collect_text(node, true, &mut text, &mut has_lines);
    !text.trim().is_empty()
}

/// The inline style of an element.
fn style(attributes: &[Attribute]) -> String {
    let style = value(attributes, "style").unwrap_or_default();
    let characters = style.chars().filter(|c| !c.is_whitespace());
    characters.collect::<String>().to_lowercase()
}

fn is_struck(name: &str, attributes: &[Attribute]) -> bool {
    matches!(name, "s" | "strike" | "del") || style(attributes).contains("line-through")
}

/// Collects the text of a node with its line breaks, and whether it contains block elements.
fn collect_text(node: &Handle, preformatted: bool, text: &mut String, has_lines: &mut bool) {
    match &node.data {
        NodeData::Text { contents } if preformatted => text.push_str(&contents.borrow()),
        NodeData::Text { contents } => text.push_str(&contents.borrow().replace('\n', " ")),
        NodeData::Element { name, .. } => {
            let name = &*name.local;
            if name == "br" {
                text.push('\n');
            }
            *has_lines |= BLOCKS.contains(&name) || SPECIAL_BLOCKS.contains(&name);
        }
        _ => {}
    }
    for child in node.children.borrow().iter() {
        collect_text(child, preformatted, text, has_lines);
    }
}
