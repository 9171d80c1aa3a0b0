//! Formulas on one line: `a^2 + b^2`, `(a + b)/2`, `√(x)`.

use roxmltree::Node;

use crate::document::extract::office::package::{attribute, child, children};

/// Formulas nest no deeper than this.
const DEEPEST: usize = 60;

pub fn formula(node: Node<'_, '_>) -> String {
    let text = written(node, DEEPEST);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn written(node: Node<'_, '_>, left: usize) -> String {
    if left == 0 {
        return String::new();
    }
    let part =
        |name: &str| child(node, name).map_or_else(String::new, |part| inside(part, left - 1));
    let group = |name: &str| grouped(&part(name));
    let all = |name: &'static str| -> Vec<String> {
        children(node, name)
            .map(|part| inside(part, left - 1))
            .collect()
    };
    match node.tag_name().name() {
        "t" => node.text().unwrap_or_default().to_owned(),
        "f" => format!("{}/{}", group("num"), group("den")),
        "sSup" => format!("{}^{}", group("e"), group("sup")),
        "sSub" => format!("{}_{}", group("e"), group("sub")),
        "sSubSup" => format!("{}_{}^{}", group("e"), group("sub"), group("sup")),
        "rad" => format!("{}√({})", part("deg"), part("e")),
        "nary" => {
            let sign = setting(node, "naryPr", "chr").unwrap_or("∫");
            let bound = |mark: &str, name: &str| match part(name).is_empty() {
                true => String::new(),
                false => format!("{mark}{}", group(name)),
            };
            format!(
                "{sign}{}{} {}",
                bound("_", "sub"),
                bound("^", "sup"),
                part("e")
            )
        }
        "d" => {
            let separator = setting(node, "dPr", "sepChr").unwrap_or("|");
            let begin = setting(node, "dPr", "begChr").unwrap_or("(");
            let end = setting(node, "dPr", "endChr").unwrap_or(")");
            format!("{begin}{}{end}", all("e").join(separator))
        }
        "m" => {
            let rows = children(node, "mr").map(|row| written(row, left - 1));
            rows.collect::<Vec<_>>().join("; ")
        }
        "mr" => all("e").join(", "),
        "eqArr" => all("e").join("; "),
        "func" => format!("{} {}", part("fName"), part("e")),
        "limLow" => format!("{}_{}", part("e"), group("lim")),
        "limUpp" => format!("{}^{}", part("e"), group("lim")),
        _ => inside(node, left - 1),
    }
}

fn inside(node: Node<'_, '_>, left: usize) -> String {
    let text: String = node.children().map(|child| written(child, left)).collect();
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
