//! Boxes that are ticked or not, as Markdown writes them.

pub fn mark(is_ticked: bool) -> &'static str {
    if is_ticked { "[x]" } else { "[ ]" }
}
