//! What is shown of a page, in blocks.

use html5ever::{Attribute, local_name};
use markup5ever_rcdom::{Handle, NodeData};

use super::{forms, table};
use crate::document::extract::blocks::Block;
use crate::document::extract::raised::{Height, shown};
use crate::document::extract::struck::gap;

/// What is not shown, or is not the document's own.
const SKIPPED: &[&str] = &[
    "script", "style", "noscript", "template", "svg", "iframe", "object", "head", "nav", "img",
    "audio", "video", "canvas", "rp",
];

/// Elements that begin a new line.
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

/// Others that do, and are read in ways of their own.
const OWN_LINES: &[&str] = &[
    "h1", "h2", "h3", "h4", "h5", "h6", "li", "listing", "ol", "pre", "select", "table",
    "textarea", "ul", "xmp",
];

#[derive(Debug, Default)]
pub struct Page {
    blocks: Vec<Block>,
    line: String,
    /// Whether spaces and line breaks count.
    exact: bool,
    /// The lists around, with the number of the last item of those that count.
    lists: Vec<Option<i64>>,
    /// The mark before the next line.
    mark: String,
    /// Whether the last block is an item of the list that goes on.
    in_items: bool,
    /// Stretches that are struck through.
    pub struck: usize,
}

impl Page {
    pub fn node(&mut self, node: &Handle) {
        match &node.data {
            NodeData::Text { contents } => self.text(&contents.borrow()),
            NodeData::Element { name, attrs, .. } => {
                let attributes = attrs.borrow();
                if SKIPPED.contains(&&*name.local) || is_hidden(&attributes) {
                    return;
                }
                if is_struck(&name.local, &attributes) {
                    self.struck(node, &name.local);
                    return;
                }
                self.element(node, &name.local, &attributes);
            }
            NodeData::Document => self.children(node),
            _ => {}
        }
    }

    pub fn into_blocks(mut self) -> Vec<Block> {
        self.end_line();
        self.blocks
    }

    fn children(&mut self, node: &Handle) {
        for child in node.children.borrow().iter() {
            self.node(child);
        }
    }

    fn element(&mut self, node: &Handle, name: &str, attributes: &[Attribute]) {
        if let Some(mark) = forms::mark_of(name, attributes) {
            self.say(mark);
        }
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(node, name),
            "br" => self.line.push('\n'),
            "sup" => self.at(Height::Raised, node),
            "sub" => self.at(Height::Lowered, node),
            "pre" | "textarea" | "listing" | "xmp" => self.exact(node),
            "ul" | "ol" | "menu" => self.list(node, name, attributes),
            "li" => self.item(node, attributes),
            "table" => self.table(node, attributes),
            "input" => self.say(&forms::typed(attributes).unwrap_or_default()),
            "select" => {
                self.end_line();
                for option in forms::options(node, attributes) {
                    self.text(&option);
                    self.end_line();
                }
            }
            name if BLOCKS.contains(&name) => {
                self.end_line();
                self.children(node);
                self.end_line();
            }
            _ => self.children(node),
        }
    }

    /// What is struck through goes on parting the words around it, and counting in its list.
    fn struck(&mut self, node: &Handle, name: &str) {
        let (mut text, mut is_apart) = (String::new(), false);
        struck_text(node, self.exact, &mut text, &mut is_apart);
        self.struck += usize::from(!text.trim().is_empty());
        if name == "li"
            && let Some(Some(last)) = self.lists.last_mut()
        {
            *last += 1;
        }
        match gap(&text) {
            _ if is_apart => self.end_line(),
            Some('\n') => self.line.push('\n'),
            Some(_) if !self.line.ends_with(' ') => self.text(" "),
            _ => {}
        }
    }

    /// What stands above the line, or below it.
    fn at(&mut self, height: Height, node: &Handle) {
        let begun = self.line.len();
        self.children(node);
        // A block within it has ended the line.
        if let Some(told) = self.line.get(begun..) {
            let told = shown(told, height);
            self.line.truncate(begun);
            self.line.push_str(&told);
        }
    }

    /// A word of its own.
    fn say(&mut self, word: &str) {
        if !word.is_empty() {
            self.text(" ");
            self.text(word);
            self.text(" ");
        }
    }

    fn text(&mut self, text: &str) {
        if self.exact {
            self.line.push_str(text);
            return;
        }
        let mut space = false;
        for c in text.chars() {
            if c.is_ascii_whitespace() {
                space = true;
                continue;
            }
            if space && !self.line.is_empty() && !self.line.ends_with([' ', '\n']) {
                self.line.push(' ');
            }
            space = false;
            self.line.push(c);
        }
        if space && !self.line.is_empty() && !self.line.ends_with([' ', '\n']) {
            self.line.push(' ');
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let line = match self.exact {
            true => line.trim_matches('\n').trim_end(),
            false => line.trim(),
        };
        if line.is_empty() {
            return;
        }
        let in_list = !self.lists.is_empty();
        let line = format!("{}{line}", std::mem::take(&mut self.mark));
        match self.blocks.last_mut() {
            // The items of a list belong together.
            Some(Block::Text(above)) if in_list && self.in_items => {
                above.push('\n');
                above.push_str(&line);
            }
            _ => self.blocks.push(Block::Text(line)),
        }
        self.in_items = in_list;
    }

    fn heading(&mut self, node: &Handle, name: &str) {
        self.end_line();
        let mut inner = Self::default();
        inner.children(node);
        let level = name[1..].parse().unwrap_or(6);
        self.struck += inner.struck;
        let text = super::super::blocks::lines(&inner.into_blocks());
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() {
            self.blocks.push(Block::Heading(level, text));
            self.in_items = false;
        }
    }

    fn exact(&mut self, node: &Handle) {
        self.end_line();
        let before = std::mem::replace(&mut self.exact, true);
        self.children(node);
        self.end_line();
        self.exact = before;
    }

    fn list(&mut self, node: &Handle, name: &str, attributes: &[Attribute]) {
        self.end_line();
        let start = number(attributes, "start").unwrap_or(1);
        self.lists.push((name == "ol").then_some(start - 1));
        self.children(node);
        self.end_line();
        self.lists.pop();
        self.in_items &= !self.lists.is_empty();
    }

    fn item(&mut self, node: &Handle, attributes: &[Attribute]) {
        self.end_line();
        let depth = self.lists.len().saturating_sub(1);
        let mark = match self.lists.last_mut() {
            Some(Some(last)) => {
                *last = number(attributes, "value").unwrap_or(*last + 1);
                format!("{last}. ")
            }
            _ => "- ".to_owned(),
        };
        self.mark = format!("{}{mark}", "  ".repeat(depth.min(20)));
        self.children(node);
        self.end_line();
        self.mark.clear();
    }

    fn table(&mut self, node: &Handle, attributes: &[Attribute]) {
        self.end_line();
        let role = value(attributes, "role");
        let arranges = matches!(role.as_deref(), Some("presentation" | "none"))
            || table::arranges_a_page(node);
        self.in_items = false;
        match arranges {
            true => {
                self.children(node);
                self.end_line();
            }
            false => self.struck += table::read(node, &mut self.blocks),
        }
    }
}

fn is_hidden(attributes: &[Attribute]) -> bool {
    is_no_place(attributes) || style(attributes).contains("visibility:hidden")
}

/// Whether an element is hidden, and has no place either.
fn is_no_place(attributes: &[Attribute]) -> bool {
    let is_named = |one: &Attribute| one.name.local == local_name!("hidden");
    attributes.iter().any(is_named) || style(attributes).contains("display:none")
}

/// How a part of a table is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    Shown,
    Struck,
    Empty,
    /// Others stand in its place.
    Gone,
}

pub fn look(node: &Handle) -> Look {
    let NodeData::Element { name, attrs, .. } = &node.data else {
        return Look::Shown;
    };
    let attributes = attrs.borrow();
    if is_no_place(&attributes) {
        Look::Gone
    } else if is_hidden(&attributes) {
        Look::Empty
    } else if is_struck(&name.local, &attributes) {
        Look::Struck
    } else {
        Look::Shown
    }
}

pub fn says_something(node: &Handle) -> bool {
    let (mut text, mut is_apart) = (String::new(), false);
    struck_text(node, true, &mut text, &mut is_apart);
    !text.trim().is_empty()
}

/// What an element says of its own look.
fn style(attributes: &[Attribute]) -> String {
    let style = value(attributes, "style").unwrap_or_default();
    let signs = style.chars().filter(|c| !c.is_whitespace());
    signs.collect::<String>().to_lowercase()
}

fn is_struck(name: &str, attributes: &[Attribute]) -> bool {
    matches!(name, "s" | "strike" | "del") || style(attributes).contains("line-through")
}

/// The text in a node, with its breaks, and whether there are lines of its own in it.
fn struck_text(node: &Handle, exact: bool, text: &mut String, is_apart: &mut bool) {
    match &node.data {
        NodeData::Text { contents } if exact => text.push_str(&contents.borrow()),
        NodeData::Text { contents } => text.push_str(&contents.borrow().replace('\n', " ")),
        NodeData::Element { name, .. } => {
            let name = &*name.local;
            if name == "br" {
                text.push('\n');
            }
            *is_apart |= BLOCKS.contains(&name) || OWN_LINES.contains(&name);
        }
        _ => {}
    }
    for child in node.children.borrow().iter() {
        struck_text(child, exact, text, is_apart);
    }
}

pub fn value(attributes: &[Attribute], name: &str) -> Option<String> {
    let found = attributes.iter().find(|one| &*one.name.local == name)?;
    Some(found.value.to_string())
}

pub fn number(attributes: &[Attribute], name: &str) -> Option<i64> {
    value(attributes, name)?.trim().parse().ok()
}
