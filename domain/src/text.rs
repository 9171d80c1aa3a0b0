//! Validation and normalisation of text that people type.

use unicode_normalization::UnicodeNormalization;

/// Why a text is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    #[error("must not be empty")]
    Empty,
    #[error("must have at most {0} characters")]
    TooLong(usize),
    #[error("must not contain U+0000 or other control characters")]
    Control,
    #[error("must not contain characters that change the direction of text, such as U+202E")]
    Direction,
}

impl TextError {
    /// A stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong(_) => "too_long",
            Self::Control => "control_character",
            Self::Direction => "direction_control",
        }
    }
}

/// Validates a name on one line: trimmed, visible, at most `limit` characters, no control characters, and no
/// embeddings, overrides or isolates, which could reorder the text around it. Removes directional marks, which
/// keyboards and pasted text often add.
pub fn parse_line(text: &str, limit: usize) -> Result<String, TextError> {
    let text: String = text.chars().filter(|c| !is_mark(*c)).collect();
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err(TextError::Control);
    }
    if text.chars().any(is_direction_control) {
        return Err(TextError::Direction);
    }
    if !is_visible(text) {
        return Err(TextError::Empty);
    }
    limit_length(text, limit)
}

/// A line to validate. A text equal to the stored one is accepted as it is, even if the rules have become stricter.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    text: &'a str,
    is_stored: bool,
}

impl<'a> From<&'a str> for Line<'a> {
    fn from(text: &'a str) -> Self {
        Self {
            text,
            is_stored: false,
        }
    }
}

impl<'a> Line<'a> {
    /// A line for a field that currently holds `stored`.
    pub fn with_stored(text: &'a str, stored: &str) -> Self {
        Self {
            text,
            is_stored: text == stored,
        }
    }

    /// A line for a list that currently holds `stored`.
    pub fn with_stored_any(text: &'a str, stored: &[String]) -> Self {
        Self {
            text,
            is_stored: stored.iter().any(|line| line == text),
        }
    }

    /// See [`parse_line`].
    pub fn parse(self, limit: usize) -> Result<String, TextError> {
        match self.is_stored {
            true => Ok(self.text.to_owned()),
            false => parse_line(self.text, limit),
        }
    }
}

/// Cleans text from elsewhere so that [`parse_line`] accepts it, unless it is too long or has nothing visible.
pub fn flatten(text: &str) -> String {
    let text = text.chars().filter(|c| !is_direction_control(*c));
    let text: String = text.map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.trim().to_owned()
}

/// Validates a longer text: it may be empty and contain line breaks and tabs.
pub fn parse_prose(text: &str, limit: usize) -> Result<String, TextError> {
    let allowed = |c: char| matches!(c, '\n' | '\r' | '\t') || !c.is_control();
    if !text.chars().all(allowed) {
        return Err(TextError::Control);
    }
    limit_length(text, limit)
}

/// Whether a text has any visible character.
pub fn is_visible(text: &str) -> bool {
    !text
        .chars()
        .all(|c| c.is_whitespace() || c.is_control() || is_blank(c))
}

/// Directional marks of the bidirectional algorithm (UAX #9). They affect only adjacent characters.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}')
}

/// Directional marks, and embeddings, overrides and isolates, which affect all text up to their end.
fn is_direction_control(c: char) -> bool {
    is_mark(c) || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters that are invisible on their own: `Default_Ignorable_Code_Point` of the Unicode character database,
/// interlinear annotation characters, and the blank Braille pattern.
fn is_blank(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

fn limit_length(text: &str, limit: usize) -> Result<String, TextError> {
    if text.chars().count() > limit {
        return Err(TextError::TooLong(limit));
    }
    Ok(text.to_owned())
}

/// Normalises an email address for comparison: NFC, trimmed, Unicode lower case.
pub fn normalise_email(email: &str) -> String {
    email.trim().nfc().collect::<String>().to_lowercase()
}

/// Normalises a password before it is hashed: NFC (RFC 8265), since keyboards compose the same character differently.
pub fn normalise_password(text: &str) -> String {
    text.nfc().collect()
}

/// Validates a new account's email address. Rejects invisible characters and compatibility forms (NFKC), so that they
/// cannot make two different addresses look the same.
pub fn parse_email(text: &str) -> Option<String> {
    let text = parse_email_shape(text)?;
    let is_unambiguous = !text.chars().any(is_blank) && text.nfkc().eq(text.chars());
    is_unambiguous.then_some(text)
}

/// Validates only the shape of an email address, as signing in requires: text, `@`, text, no spaces; at most 254 bytes.
/// An account may have an address from before [`parse_email`] became stricter.
pub fn parse_email_shape(text: &str) -> Option<String> {
    let text: String = text.trim().nfc().collect();
    let (local, host) = text.rsplit_once('@')?;
    let is_allowed = |c: char| !c.is_whitespace() && !c.is_control();
    let is_shaped = !local.is_empty() && !host.is_empty() && text.chars().all(is_allowed);
    (is_shaped && text.len() <= 254).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_trimmed_and_bounded() {
        assert_eq!(parse_line("  Ada  ", 3), Ok("Ada".to_owned()));
        assert_eq!(parse_line(" ", 3), Err(TextError::Empty));
        assert_eq!(parse_line("Adaa", 3), Err(TextError::TooLong(3)));
        assert_eq!(parse_line("A\u{0}a", 3), Err(TextError::Control));
        assert_eq!(parse_line("A\nb", 3), Err(TextError::Control));
    }

    #[test]
    fn a_name_must_be_visible() {
        let invisible = [
            "\u{200b}",
            "\u{3164}",
            "\u{2800}",
            "\u{ad}",
            "\u{fe0f}",
            "\u{feff}",
            "\u{2060}",
            "\u{34f}",
            "\u{1160}",
            "\u{ffa0}",
            "\u{e0041}",
            "\u{180e}",
            "\u{2800}\u{200b} \u{3000}",
            "\u{a0}",
            "\u{2003}\u{200d}",
        ];
        for name in invisible {
            assert_eq!(parse_line(name, 9), Err(TextError::Empty), "{name:?}");
            assert!(!is_visible(name), "{name:?}");
        }
        // Joiners, selectors and soft hyphens are legitimate within a name.
        for name in [
            "👩\u{200d}💻",
            "❤\u{fe0f}",
            "می\u{200c}خواهم",
            "co\u{ad}op",
            "é",
            "日本",
            ".",
        ] {
            assert_eq!(parse_line(name, 20).as_deref(), Ok(name));
        }
    }

    #[test]
    fn a_name_cannot_reorder_the_text_around_it() {
        for control in ["\u{202e}", "\u{202a}", "\u{202c}", "\u{2066}", "\u{2069}"] {
            for name in [
                control.to_owned(),
                format!("gpj{control}.exe"),
                format!("{control}Ada"),
            ] {
                assert_eq!(parse_line(&name, 20), Err(TextError::Direction), "{name:?}");
            }
        }
        assert_eq!(parse_line("שלום", 9).as_deref(), Ok("שלום"));
    }

    #[test]
    fn directional_marks_are_removed_anywhere() {
        for mark in ["\u{200e}", "\u{200f}", "\u{61c}", "\u{200f}\u{200e}\u{61c}"] {
            for (input, expected) in [
                (format!("{mark}שלום"), "שלום"),
                (format!("שלום{mark}"), "שלום"),
                (format!(" {mark} مرحبا {mark} "), "مرحبا"),
                (format!("C{mark}++ בעברית{mark}!"), "C++ בעברית!"),
                (format!("{mark}Ada"), "Ada"),
            ] {
                assert_eq!(parse_line(&input, 20).as_deref(), Ok(expected), "{input:?}");
            }
            // They do not count towards the limit and are not visible.
            assert_eq!(
                parse_line(&format!("{mark}Ada{mark}"), 3).as_deref(),
                Ok("Ada")
            );
            assert_eq!(parse_line(mark, 20), Err(TextError::Empty), "{mark:?}");
            let reordered = format!("{mark}gpj\u{202e}.exe");
            assert_eq!(parse_line(&reordered, 20), Err(TextError::Direction));
            let hidden = format!("A{mark}\u{0}");
            assert_eq!(parse_line(&hidden, 20), Err(TextError::Control));
        }
    }

    #[test]
    fn a_stored_line_is_accepted_and_a_new_one_is_validated() {
        let stored = ["\u{202e}Ada".to_owned(), "\u{200f}שלום".to_owned()];
        for text in &stored {
            assert_eq!(
                Line::with_stored_any(text, &stored).parse(20).as_ref(),
                Ok(text)
            );
        }
        assert_eq!(Line::from("\u{200f}שלום").parse(20).as_deref(), Ok("שלום"));
        for text in ["\u{202e}Ida", "\u{202e}Ada "] {
            let line = Line::with_stored_any(text, &stored).parse(20);
            assert_eq!(line, Err(TextError::Direction), "{text:?}");
        }
    }

    #[test]
    fn flattened_text_is_a_valid_line() {
        for (input, expected) in [
            ("\u{2067}שלום\u{2069}", "שלום"),
            ("\u{202b}مرحبا\u{202c}\u{200f}", "مرحبا"),
            ("a\tb\u{0}", "a b"),
            ("\u{200f} \n", ""),
        ] {
            assert_eq!(flatten(input), expected);
            let line = parse_line(&flatten(input), 20).unwrap_or_default();
            assert_eq!(line, expected);
        }
    }

    #[test]
    fn composed_and_decomposed_passwords_are_equal() {
        assert_eq!(
            normalise_password("pa\u{308}ss"),
            normalise_password("p\u{e4}ss")
        );
        // Compatibility forms are different characters.
        assert_ne!(normalise_password("\u{ff41}"), normalise_password("a"));
    }

    #[test]
    fn new_addresses_have_no_invisible_or_lookalike_characters() {
        for address in [
            "ada\u{200b}@x",
            "\u{202e}ada@x",
            "a\u{ad}da@x",
            "\u{ff41}da@x",
            "ada@ex\u{fb01}n",
            "a\u{3164}@x",
        ] {
            assert_eq!(parse_email(address), None, "{address:?}");
            // Existing accounts with such an address can still sign in.
            assert!(parse_email_shape(address).is_some(), "{address:?}");
        }
        assert_eq!(
            parse_email("zoe\u{308}@bücher.example").as_deref(),
            Some("zoë@bücher.example")
        );
    }

    #[test]
    fn prose_allows_line_breaks_and_rejects_nul() {
        assert_eq!(parse_prose("a\r\n\tb", 9), Ok("a\r\n\tb".to_owned()));
        assert_eq!(parse_prose("a\u{0}", 9), Err(TextError::Control));
    }

    #[test]
    fn addresses_are_compared_ignoring_case_and_composition() {
        assert_eq!(
            normalise_email(" ZOE\u{308}@Example.org "),
            "zoë@example.org"
        );
        assert_eq!(parse_email(" a@b "), Some("a@b".to_owned()));
        for wrong in ["", "@", "a@", "@b", "a b@c", "a"] {
            assert_eq!(parse_email(wrong), None, "{wrong:?}");
        }
    }
}
