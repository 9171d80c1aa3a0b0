//! Form fields: checkboxes and selected entries.

use roxmltree::Node;

use crate::document::extract::checkbox::checkbox_mark;
use crate::document::extract::office::package::{attribute, child, children, is_on, value};

/// The mark of a checkbox content control.
pub(super) fn control_mark(control: Node<'_, '_>) -> Option<&'static str> {
    let checkbox = child(child(control, "sdtPr")?, "checkbox")?;
    Some(checkbox_mark(is_on(Some(checkbox), "checked")))
}

/// The value of a legacy form field that no run shows.
pub(super) fn field_value(node: Node<'_, '_>) -> Option<String> {
    let data = child(node, "ffData")?;
    if let Some(checkbox) = child(data, "checkBox") {
        let checked = child(checkbox, "checked").map(|_| is_on(Some(checkbox), "checked"));
        let is_checked = checked.unwrap_or_else(|| is_on(Some(checkbox), "default"));
        return Some(checkbox_mark(is_checked).to_owned());
    }
    let list = child(data, "ddList").filter(|_| !has_result_run(node))?;
    let selected = value(Some(list), "result").or_else(|| value(Some(list), "default"));
    let selected = selected.and_then(|number| number.parse().ok()).unwrap_or(0);
    let entry = children(list, "listEntry").nth(selected)?;
    attribute(entry, "val").map(str::to_owned)
}

/// Maximum number of nodes searched for the end of a field.
const MAX_FIELD_NODES: usize = 1_000;

/// Whether runs show the result of a field: text between its separator and its end.
fn has_result_run(begin: Node<'_, '_>) -> bool {
    let Some(run) = begin.parent() else {
        return false;
    };
    let following = run
        .next_siblings()
        .skip(1)
        .flat_map(|node| node.descendants());
    let (mut depth, mut is_result) = (0_usize, false);
    for node in begin
        .next_siblings()
        .skip(1)
        .chain(following)
        .take(MAX_FIELD_NODES)
    {
        let kind = || attribute(node, "fldCharType").unwrap_or_default();
        match node.tag_name().name() {
            "fldChar" => match kind() {
                "begin" => depth += 1,
                "end" if depth == 0 => return false,
                "end" => depth -= 1,
                _ => is_result |= depth == 0,
            },
            "t" | "delText" if is_result && node.text().is_some_and(|t| !t.trim().is_empty()) => {
                return true;
            }
            _ => {}
        }
    }
    false
}

/// Checkbox glyphs of Wingdings and of Wingdings 2.
const CHECKBOX_GLYPHS: [(bool, &[u32]); 4] = [
    (true, &[0x78, 0xfd, 0xfe]),
    (false, &[0x6f, 0xa8]),
    (true, &[0x51, 0x52, 0x53, 0x54]),
    (false, &[0x30, 0x2a, 0xa3]),
];

/// A character of a symbol font; those in the private use area have no meaning outside of their font.
pub(super) fn read_symbol(node: Node<'_, '_>) -> Option<String> {
    let number = u32::from_str_radix(attribute(node, "char")?, 16).ok()?;
    let glyphs = match attribute(node, "font").unwrap_or_default() {
        "Wingdings" => &CHECKBOX_GLYPHS[..2],
        "Wingdings 2" => &CHECKBOX_GLYPHS[2..],
        _ => &[],
    };
    let checkbox = glyphs
        .iter()
        .find(|(_, codes)| codes.contains(&(number & 0xff)));
    if let Some((is_checked, _)) = checkbox {
        return Some(checkbox_mark(*is_checked).to_owned());
    }
    let character = char::from_u32(number).filter(|c| !('\u{e000}'..='\u{f8ff}').contains(c));
    character.map(String::from)
}
