//! Checkboxes, as Markdown writes them.

pub fn checkbox_mark(is_checked: bool) -> &'static str {
    if is_checked { "[x]" } else { "[ ]" }
}
