//! Attributes of elements.

use html5ever::Attribute;

pub(super) fn value(attributes: &[Attribute], name: &str) -> Option<String> {
    let found = attributes
        .iter()
        .find(|attribute| &*attribute.name.local == name)?;
    Some(found.value.to_string())
}

pub(super) fn parse_number(attributes: &[Attribute], name: &str) -> Option<i64> {
    value(attributes, name)?.trim().parse().ok()
}
