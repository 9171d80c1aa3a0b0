//! Formulas on one line: `a^2 + b^2`, `(a + b)/2`, `√(x)`.

use roxmltree::Node;

use crate::document::extract::office::package::{attribute, child, children};

/// Formulas nest no deeper than this.
const DEEPEST: usize = 60;

pub fn formula(node: Node<'_, '_>) -> String {
    let mut text = String::new();
    write(node, &mut text, DEEPEST);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn write(node: Node<'_, '_>, text: &mut String, left: usize) {
    if left == 0 {
        return;
    }
    let part = |name: &str| part(node, name, left - 1);
    match node.tag_name().name() {
        "t" => text.push_str(node.text().unwrap_or_default()),
        "f" => *text += &format!("{}/{}", grouped(&part("num")), grouped(&part("den"))),
        "sSup" => *text += &format!("{}^{}", grouped(&part("e")), grouped(&part("sup"))),
        "sSub" => *text += &format!("{}_{}", grouped(&part("e")), grouped(&part("sub"))),
        "sSubSup" => {
            let (base, sub, sup) = (part("e"), part("sub"), part("sup"));
            *text += &format!("{}_{}^{}", grouped(&base), grouped(&sub), grouped(&sup));
        }
        "rad" => *text += &format!("{}√({})", part("deg"), part("e")),
        "nary" => {
            let sign = setting(node, "naryPr", "chr").unwrap_or("∫");
            let bound = |mark: &str, name: &str| match part(name) {
                bound if bound.is_empty() => String::new(),
                bound => format!("{mark}{}", grouped(&bound)),
            };
            *text += &format!(
                "{sign}{}{} {}",
                bound("_", "sub"),
                bound("^", "sup"),
                part("e")
            );
        }
        "d" => {
            let parts: Vec<String> = children(node, "e").map(|e| inside(e, left - 1)).collect();
            text.push_str(setting(node, "dPr", "begChr").unwrap_or("("));
            text.push_str(&parts.join(setting(node, "dPr", "sepChr").unwrap_or("|")));
            text.push_str(setting(node, "dPr", "endChr").unwrap_or(")"));
        }
        "m" | "eqArr" => {
            let rows = node
                .children()
                .filter(|row| matches!(row.tag_name().name(), "mr" | "e"));
            let rows: Vec<String> = rows.map(|row| inside(row, left - 1)).collect();
            text.push_str(&rows.join("; "));
        }
        "mr" => {
            let cells: Vec<String> = children(node, "e").map(|e| inside(e, left - 1)).collect();
            text.push_str(&cells.join(", "));
        }
        "func" => *text += &format!("{} {}", part("fName"), part("e")),
        "limLow" => *text += &format!("{}_{}", part("e"), grouped(&part("lim"))),
        "limUpp" => *text += &format!("{}^{}", part("e"), grouped(&part("lim"))),
        _ => node
            .children()
            .for_each(|child| write(child, text, left - 1)),
    }
}

fn part(node: Node<'_, '_>, name: &str, left: usize) -> String {
    child(node, name).map_or_else(String::new, |part| inside(part, left))
}

fn inside(node: Node<'_, '_>, left: usize) -> String {
    let mut text = String::new();
    match node.tag_name().name() {
        "mr" => write(node, &mut text, left),
        _ => node
            .children()
            .for_each(|child| write(child, &mut text, left)),
    }
    text.trim().to_owned()
}

fn setting<'a>(node: Node<'a, '_>, properties: &str, name: &str) -> Option<&'a str> {
    attribute(child(child(node, properties)?, name)?, "val")
}

/// In brackets, where it is more than a number or a word.
fn grouped(text: &str) -> String {
    match text.chars().all(|c| c.is_alphanumeric() || c == '.') {
        true => text.to_owned(),
        false => format!("({text})"),
    }
}
