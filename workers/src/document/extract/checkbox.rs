//! Checkboxes, as Markdown writes them.

pub(super) fn checkbox_mark(is_checked: bool) -> &'static str {
    if is_checked { "[x]" } else { "[ ]" }
}
