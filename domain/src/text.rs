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
    #[error("must not contain characters that change the direction of text, such as U+202E")]
    Direction,
}

impl TextFault {
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

/// A name on one line: trimmed, something to see in it, at most `limit` characters, no controls, and nothing that makes
/// it or its neighbours read in another order.
pub fn line(text: &str, limit: usize) -> Result<String, TextFault> {
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err(TextFault::Control);
    }
    if text.chars().any(turns_direction) {
        return Err(TextFault::Direction);
    }
    if !is_visible(text) {
        return Err(TextFault::Empty);
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

/// Whether there is anything to see in a text.
pub fn is_visible(text: &str) -> bool {
    !text
        .chars()
        .all(|c| c.is_whitespace() || c.is_control() || is_blank(c))
}

/// Embeddings, overrides, isolates and marks of the bidirectional algorithm (UAX #9).
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What shows nothing by itself: `Default_Ignorable_Code_Point` of the Unicode character database, the anchors of
/// annotations, and the empty pattern of Braille.
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

/// The form in which a password is hashed: NFC (RFC 8265), since keyboards compose the same signs differently.
pub fn password(text: &str) -> String {
    text.nfc().collect()
}

/// An e-mail address that an account may be given. Nothing in it is invisible or has a compatibility form (NFKC), so that
/// no two accounts have addresses that look the same for that reason.
pub fn email(text: &str) -> Option<String> {
    let text = shaped_email(text)?;
    let clear = !text.chars().any(is_blank) && text.nfkc().eq(text.chars());
    clear.then_some(text)
}

/// Text in the shape of an e-mail address: something, `@`, something with no space; at most 254 bytes.
pub fn shaped_email(text: &str) -> Option<String> {
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
    fn a_name_shows_something() {
        let unseen = [
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
        for name in unseen {
            assert_eq!(line(name, 9), Err(TextFault::Empty), "{name:?}");
            assert!(!is_visible(name), "{name:?}");
        }
        // Joiners, selectors and soft hyphens within a name have their use.
        for name in [
            "👩\u{200d}💻",
            "❤\u{fe0f}",
            "می\u{200c}خواهم",
            "co\u{ad}op",
            "é",
            "日本",
            ".",
        ] {
            assert_eq!(line(name, 20).as_deref(), Ok(name));
        }
    }

    #[test]
    fn a_name_does_not_turn_what_is_beside_it() {
        for sign in [
            "\u{202e}", "\u{202a}", "\u{2066}", "\u{2069}", "\u{200f}", "\u{200e}", "\u{61c}",
        ] {
            for name in [
                sign.to_owned(),
                format!("gpj{sign}.exe"),
                format!("{sign}Ada"),
            ] {
                assert_eq!(line(&name, 20), Err(TextFault::Direction), "{name:?}");
            }
        }
        assert_eq!(line("שלום", 9).as_deref(), Ok("שלום"));
    }

    #[test]
    fn passwords_are_the_same_however_their_signs_are_composed() {
        assert_eq!(password("pa\u{308}ss"), password("p\u{e4}ss"));
        // Compatibility forms stay: they are other signs.
        assert_ne!(password("\u{ff41}"), password("a"));
    }

    #[test]
    fn new_addresses_are_what_they_look_like() {
        for address in [
            "ada\u{200b}@x",
            "\u{202e}ada@x",
            "a\u{ad}da@x",
            "\u{ff41}da@x",
            "ada@ex\u{fb01}n",
            "a\u{3164}@x",
        ] {
            assert_eq!(email(address), None, "{address:?}");
            // Whoever has such an address from before may still log in.
            assert!(shaped_email(address).is_some(), "{address:?}");
        }
        assert_eq!(
            email("zoe\u{308}@bücher.example").as_deref(),
            Some("zoë@bücher.example")
        );
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
