//! Form fields: the text, checkboxes and selected options of a saved page.

use html5ever::Attribute;
use markup5ever_rcdom::{Handle, NodeData};

use super::attributes::value;
use crate::document::extract::checkbox::checkbox_mark;

/// Types and roles of fields that can be checked.
const CHECKABLE: &[&str] = &[
    "checkbox",
    "radio",
    "switch",
    "menuitemcheckbox",
    "menuitemradio",
];
/// Types of fields without visible text.
const WITHOUT_TEXT: &[&str] = &[
    "checkbox", "radio", "hidden", "password", "submit", "button", "reset", "image", "file",
    "color", "range",
];

/// The mark of a field that can be checked.
pub(super) fn field_mark(name: &str, attributes: &[Attribute]) -> Option<&'static str> {
    let check = |attribute: &str| {
        let kind = value(attributes, attribute)?.to_ascii_lowercase();
        CHECKABLE.contains(&kind.trim()).then_some(())
    };
    if name == "input" {
        check("type")?;
        return Some(checkbox_mark(value(attributes, "checked").is_some()));
    }
    check("role")?;
    Some(checkbox_mark(
        value(attributes, "aria-checked").as_deref() == Some("true"),
    ))
}

/// The text of a field.
pub(super) fn field_text(attributes: &[Attribute]) -> Option<String> {
    let kind = value(attributes, "type")
        .unwrap_or_default()
        .to_ascii_lowercase();
    value(attributes, "value").filter(|_| !WITHOUT_TEXT.contains(&kind.trim()))
}

/// The options of a list, each with its mark. If none is selected, a browser shows the first.
pub(super) fn read_options(select: &Handle, attributes: &[Attribute]) -> Vec<String> {
    let mut options = Vec::new();
    collect_options(select, &mut options);
    let size = value(attributes, "size").and_then(|size| size.trim().parse().ok());
    let shows_one =
        value(attributes, "multiple").is_none() && size.is_none_or(|size: u32| size < 2);
    if shows_one
        && !options.iter().any(|(_, is_selected)| *is_selected)
        && let Some((_, is_selected)) = options.first_mut()
    {
        *is_selected = true;
    }
    let marked = options.into_iter();
    marked
        .map(|(text, is_selected)| format!("{} {text}", checkbox_mark(is_selected)))
        .collect()
}

fn collect_options(node: &Handle, options: &mut Vec<(String, bool)>) {
    for child in node.children.borrow().iter() {
        let NodeData::Element { name, attrs, .. } = &child.data else {
            continue;
        };
        if &*name.local != "option" {
            collect_options(child, options);
            continue;
        }
        let attributes = attrs.borrow();
        let text = Some(inner_text(child)).filter(|text| !text.is_empty());
        let text = text
            .or_else(|| value(&attributes, "label"))
            .unwrap_or_default();
        let is_selected = value(&attributes, "selected").is_some();
        options.push((text, is_selected));
    }
}

fn inner_text(node: &Handle) -> String {
    let mut text = String::new();
    for child in node.children.borrow().iter() {
        match &child.data {
            NodeData::Text { contents } => text.push_str(&contents.borrow()),
            _ => text.push_str(&self::inner_text(child)),
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
