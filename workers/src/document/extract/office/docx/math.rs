//! Formulas on one line: `a^2 + b^2`, `(a + b)/2`, `√(x)`.

use roxmltree::Node;

use crate::document::extract::office::package::{attribute, child, children};

/// Maximum nesting of formulas.
const MAX_DEPTH: usize = 60;

pub(crate) fn read_formula(node: Node<'_, '_>) -> String {
    let text = write_node(node, MAX_DEPTH);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn write_node(node: Node<'_, '_>, depth: usize) -> String {
    if depth == 0 {
        return String::new();
    }
    let part_text = |name: &str| {
        child(node, name).map_or_else(String::new, |part| write_children(part, depth - 1))
    };
    let group = |name: &str| bracket(&part_text(name));
    let parts = |name: &'static str| -> Vec<String> {
        children(node, name)
            .map(|part| write_children(part, depth - 1))
            .collect()
    };
    match node.tag_name().name() {
        "t" => node.text().unwrap_or_default().to_owned(),
        "f" => format!("{}/{}", group("num"), group("den")),
        "sSup" => format!("{}^{}", group("e"), group("sup")),
        "sSub" => format!("{}_{}", group("e"), group("sub")),
        "sSubSup" => format!("{}_{}^{}", group("e"), group("sub"), group("sup")),
        "rad" => format!("{}√({})", part_text("deg"), part_text("e")),
        "nary" => {
            let operator = setting(node, "naryPr", "chr").unwrap_or("∫");
            let bound = |sign: &str, name: &str| match part_text(name).is_empty() {
                true => String::new(),
                false => format!("{sign}{}", group(name)),
            };
            format!(
                "{operator}{}{} {}",
                bound("_", "sub"),
                bound("^", "sup"),
                part_text("e")
            )
        }
        "d" => {
            let separator = setting(node, "dPr", "sepChr").unwrap_or("|");
            let begin = setting(node, "dPr", "begChr").unwrap_or("(");
            let end = setting(node, "dPr", "endChr").unwrap_or(")");
            format!("{begin}{}{end}", parts("e").join(separator))
        }
        "m" => {
            let rows = children(node, "mr").map(|row| write_node(row, depth - 1));
            rows.collect::<Vec<_>>().join("; ")
        }
        "mr" => parts("e").join(", "),
        "eqArr" => parts("e").join("; "),
        "func" => format!("{} {}", part_text("fName"), part_text("e")),
        "limLow" => format!("{}_{}", part_text("e"), group("lim")),
        "limUpp" => format!("{}^{}", part_text("e"), group("lim")),
        _ => write_children(node, depth - 1),
    }
}

fn write_children(node: Node<'_, '_>, depth: usize) -> String {
    let text: String = node
        .children()
        .map(|child| write_node(child, depth))
        .collect();
    text.trim().to_owned()
}

fn setting<'a>(node: Node<'a, '_>, properties: &str, name: &str) -> Option<&'a str> {
    attribute(child(child(node, properties)?, name)?, "val")
}

/// Adds parentheses unless the text is a number or a word.
fn bracket(text: &str) -> String {
    match text.chars().all(|c| c.is_alphanumeric() || c == '.') {
        true => text.to_owned(),
        false => format!("({text})"),
    }
}
