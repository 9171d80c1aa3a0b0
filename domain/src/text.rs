//! Rules for text that people type.

use unicode_normalization::UnicodeNormalization;

/// Why a text cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextFault {
    #[error("must not be empty")]
    Empty,
    #[error("must have at most {0} characters")]
    TooLong(usize),
    #[error("must not contain U+0000 or other control characters")]
    Control,
}

impl TextFault {
    /// A stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong(_) => "too_long",
            Self::Control => "control_character",
        }
    }
}

/// A name on one line: trimmed, not empty, at most `limit` characters, no control characters.
pub fn line(text: &str, limit: usize) -> Result<String, TextFault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TextFault::Empty);
    }
    if text.chars().any(char::is_control) {
        return Err(TextFault::Control);
    }
    within(text, limit)
}

/// A longer text: line breaks and tabs are allowed, it may be empty.
pub fn prose(text: &str, limit: usize) -> Result<String, TextFault> {
    let allowed = |c: char| matches!(c, '\n' | '\r' | '\t') || !c.is_control();
    if !text.chars().all(allowed) {
        return Err(TextFault::Control);
    }
    within(text, limit)
}

fn within(text: &str, limit: usize) -> Result<String, TextFault> {
    if text.chars().count() > limit {
        return Err(TextFault::TooLong(limit));
    }
    Ok(text.to_owned())
}

/// The form in which e-mail addresses are compared: NFC, trimmed, Unicode lower case.
pub fn comparable_email(email: &str) -> String {
    email.trim().nfc().collect::<String>().to_lowercase()
}

/// An e-mail address as it is kept, where it has the shape of one: something, `@`, something with no space.
pub fn email(text: &str) -> Option<String> {
    let text: String = text.trim().nfc().collect();
    let (local, host) = text.rsplit_once('@')?;
    let plain = |c: char| !c.is_whitespace() && !c.is_control();
    let shaped = !local.is_empty() && !host.is_empty() && text.chars().all(plain);
    (shaped && text.len() <= 254).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_trimmed_and_bounded() {
        assert_eq!(line("  Ada  ", 3), Ok("Ada".to_owned()));
        assert_eq!(line(" ", 3), Err(TextFault::Empty));
        assert_eq!(line("Adaa", 3), Err(TextFault::TooLong(3)));
        assert_eq!(line("A\u{0}a", 3), Err(TextFault::Control));
        assert_eq!(line("A\nb", 3), Err(TextFault::Control));
    }

    #[test]
    fn prose_keeps_line_breaks_and_refuses_nul() {
        assert_eq!(prose("a\r\n\tb", 9), Ok("a\r\n\tb".to_owned()));
        assert_eq!(prose("a\u{0}", 9), Err(TextFault::Control));
    }

    #[test]
    fn addresses_compare_without_regard_to_case_and_composition() {
        assert_eq!(
            comparable_email(" ZOE\u{308}@Example.org "),
            "zoë@example.org"
        );
        assert_eq!(email(" a@b "), Some("a@b".to_owned()));
        for wrong in ["", "@", "a@", "@b", "a b@c", "a"] {
            assert_eq!(email(wrong), None, "{wrong:?}");
        }
    }
}
