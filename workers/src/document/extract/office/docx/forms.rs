//! Fields of forms: what is ticked, and what is chosen.

use roxmltree::Node;

use crate::document::extract::office::package::{attribute, child, children, is_on, value};
use crate::document::extract::ticked::mark;

/// The mark of a content control that is ticked or not.
pub fn ticked(control: Node<'_, '_>) -> Option<&'static str> {
    let own = child(child(control, "sdtPr")?, "checkbox")?;
    Some(mark(is_on(Some(own), "checked")))
}

/// What a field of old forms shows that no run says.
pub fn field(node: Node<'_, '_>) -> Option<String> {
    let data = child(node, "ffData")?;
    if let Some(own) = child(data, "checkBox") {
        let own_state = child(own, "checked").map(|_| is_on(Some(own), "checked"));
        let is_ticked = own_state.unwrap_or_else(|| is_on(Some(own), "default"));
        return Some(mark(is_ticked).to_owned());
    }
    let list = child(data, "ddList").filter(|_| !is_shown(node))?;
    let chosen = value(Some(list), "result").or_else(|| value(Some(list), "default"));
    let chosen = chosen.and_then(|number| number.parse().ok()).unwrap_or(0);
    let entry = children(list, "listEntry").nth(chosen)?;
    attribute(entry, "val").map(str::to_owned)
}

/// Nodes behind the beginning of a field that are looked at for its end.
const FIELD: usize = 1_000;

/// Whether runs say what a field shows: text between its separator and its end.
fn is_shown(begin: Node<'_, '_>) -> bool {
    let Some(run) = begin.parent() else {
        return false;
    };
    let behind = run
        .next_siblings()
        .skip(1)
        .flat_map(|node| node.descendants());
    let (mut depth, mut is_result) = (0_usize, false);
    for node in begin.next_siblings().skip(1).chain(behind).take(FIELD) {
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

/// Boxes and ticks among the signs of Wingdings, and of Wingdings 2.
const BOXES: [(bool, &[u32]); 4] = [
    (true, &[0x78, 0xfd, 0xfe]),
    (false, &[0x6f, 0xa8]),
    (true, &[0x51, 0x52, 0x53, 0x54]),
    (false, &[0x30, 0x2a, 0xa3]),
];

/// A sign of a font by its number; those of symbol fonts are in the private use area.
pub fn symbol(node: Node<'_, '_>) -> Option<String> {
    let number = u32::from_str_radix(attribute(node, "char")?, 16).ok()?;
    let boxes = match attribute(node, "font").unwrap_or_default() {
        "Wingdings" => &BOXES[..2],
        "Wingdings 2" => &BOXES[2..],
        _ => &[],
    };
    let own = boxes
        .iter()
        .find(|(_, signs)| signs.contains(&(number & 0xff)));
    if let Some((is_ticked, _)) = own {
        return Some(mark(*is_ticked).to_owned());
    }
    let sign = char::from_u32(number).filter(|c| !('\u{e000}'..='\u{f8ff}').contains(c));
    sign.map(String::from)
}
