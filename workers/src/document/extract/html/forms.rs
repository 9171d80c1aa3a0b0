//! Fields of forms: what is typed, ticked and chosen in a page as it was saved.

use html5ever::Attribute;
use markup5ever_rcdom::{Handle, NodeData};

use super::page::value;
use crate::document::extract::ticked::mark;

/// Fields that are ticked, by their type or their role.
const TICKED: &[&str] = &[
    "checkbox",
    "radio",
    "switch",
    "menuitemcheckbox",
    "menuitemradio",
];
/// Fields that hold no text, or one that is not shown.
const SILENT: &[&str] = &[
    "checkbox", "radio", "hidden", "password", "submit", "button", "reset", "image", "file",
    "color", "range",
];

/// The mark of what can be ticked.
pub fn mark_of(name: &str, attributes: &[Attribute]) -> Option<&'static str> {
    let is = |attribute: &str| {
        let own = value(attributes, attribute)?.to_ascii_lowercase();
        TICKED.contains(&own.trim()).then_some(())
    };
    if name == "input" {
        is("type")?;
        return Some(mark(value(attributes, "checked").is_some()));
    }
    is("role")?;
    Some(mark(
        value(attributes, "aria-checked").as_deref() == Some("true"),
    ))
}

/// What is typed into a field.
pub fn typed(attributes: &[Attribute]) -> Option<String> {
    let kind = value(attributes, "type")
        .unwrap_or_default()
        .to_ascii_lowercase();
    value(attributes, "value").filter(|_| !SILENT.contains(&kind.trim()))
}

/// The options of a list, each with its mark. Where none is chosen, a browser shows the first.
pub fn options(select: &Handle, attributes: &[Attribute]) -> Vec<String> {
    let mut options = Vec::new();
    collect(select, &mut options);
    let size = value(attributes, "size").and_then(|size| size.trim().parse().ok());
    let shows_one =
        value(attributes, "multiple").is_none() && size.is_none_or(|size: u32| size < 2);
    if shows_one
        && !options.iter().any(|(_, is_chosen)| *is_chosen)
        && let Some((_, is_chosen)) = options.first_mut()
    {
        *is_chosen = true;
    }
    let shown = options.into_iter();
    shown
        .map(|(text, is_chosen)| format!("{} {text}", mark(is_chosen)))
        .collect()
}

fn collect(node: &Handle, options: &mut Vec<(String, bool)>) {
    for child in node.children.borrow().iter() {
        let NodeData::Element { name, attrs, .. } = &child.data else {
            continue;
        };
        if &*name.local != "option" {
            collect(child, options);
            continue;
        }
        let attributes = attrs.borrow();
        let text = Some(text(child)).filter(|text| !text.is_empty());
        let text = text
            .or_else(|| value(&attributes, "label"))
            .unwrap_or_default();
        let is_chosen = value(&attributes, "selected").is_some();
        options.push((text, is_chosen));
    }
}

fn text(node: &Handle) -> String {
    let mut text = String::new();
    for child in node.children.borrow().iter() {
        match &child.data {
            NodeData::Text { contents } => text.push_str(&contents.borrow()),
            _ => text.push_str(&self::text(child)),
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
