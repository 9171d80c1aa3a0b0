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
/// it or its neighbours read in another order. Single marks of direction, which keyboards and pasted text bring along,
/// are left out.
pub fn line(text: &str, limit: usize) -> Result<String, TextFault> {
    let text: String = text.chars().filter(|c| !is_mark(*c)).collect();
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

/// A line that is given, or the one that is stored: what was taken once stays, whatever the rules are by now.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    text: &'a str,
    stored: bool,
}

impl<'a> From<&'a str> for Line<'a> {
    fn from(text: &'a str) -> Self {
        Self {
            text,
            stored: false,
        }
    }
}

impl<'a> Line<'a> {
    /// A line for an object that has this one already.
    pub fn kept(text: &'a str, stored: &str) -> Self {
        Self {
            text,
            stored: text == stored,
        }
    }

    /// A line for an object that has these already.
    pub fn among(text: &'a str, stored: &[String]) -> Self {
        Self {
            text,
            stored: stored.iter().any(|line| line == text),
        }
    }

    /// See [`line`].
    pub fn parse(self, limit: usize) -> Result<String, TextFault> {
        match self.stored {
            true => Ok(self.text.to_owned()),
            false => line(self.text, limit),
        }
    }
}

/// A text of others with nothing in it that [`line`] refuses but its length, and perhaps nothing at all.
pub fn flattened(text: &str) -> String {
    let text = text.chars().filter(|c| !turns_direction(*c));
    let text: String = text.map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.trim().to_owned()
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

/// Marks of the bidirectional algorithm (UAX #9), which act on their neighbours alone.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}')
}

/// Marks of direction, and embeddings, overrides and isolates, which act on everything up to their end.
fn turns_direction(c: char) -> bool {
    is_mark(c) || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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
        for sign in ["\u{202e}", "\u{202a}", "\u{202c}", "\u{2066}", "\u{2069}"] {
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
    fn marks_of_direction_are_left_out_wherever_they_are() {
        for mark in ["\u{200e}", "\u{200f}", "\u{61c}", "\u{200f}\u{200e}\u{61c}"] {
            for (given, kept) in [
                (format!("{mark}שלום"), "שלום"),
                (format!("שלום{mark}"), "שלום"),
                (format!(" {mark} مرحبا {mark} "), "مرحبا"),
                (format!("C{mark}++ בעברית{mark}!"), "C++ בעברית!"),
                (format!("{mark}Ada"), "Ada"),
            ] {
                assert_eq!(line(&given, 20).as_deref(), Ok(kept), "{given:?}");
            }
            // They do not count, and are nothing to see.
            assert_eq!(line(&format!("{mark}Ada{mark}"), 3).as_deref(), Ok("Ada"));
            assert_eq!(line(mark, 20), Err(TextFault::Empty), "{mark:?}");
            let turned = format!("{mark}gpj\u{202e}.exe");
            assert_eq!(line(&turned, 20), Err(TextFault::Direction));
            let hidden = format!("A{mark}\u{0}");
            assert_eq!(line(&hidden, 20), Err(TextFault::Control));
        }
    }

    #[test]
    fn what_is_stored_stays_and_what_is_new_follows_the_rules() {
        let stored = ["\u{202e}Ada".to_owned(), "\u{200f}שלום".to_owned()];
        for text in &stored {
            assert_eq!(Line::among(text, &stored).parse(20).as_ref(), Ok(text));
        }
        assert_eq!(Line::from("\u{200f}שלום").parse(20).as_deref(), Ok("שלום"));
        for text in ["\u{202e}Ida", "\u{202e}Ada "] {
            let line = Line::among(text, &stored).parse(20);
            assert_eq!(line, Err(TextFault::Direction), "{text:?}");
        }
    }

    #[test]
    fn flattened_text_is_a_line() {
        for (given, flat) in [
            ("\u{2067}שלום\u{2069}", "שלום"),
            ("\u{202b}مرحبا\u{202c}\u{200f}", "مرحبا"),
            ("a\tb\u{0}", "a b"),
            ("\u{200f} \n", ""),
        ] {
            assert_eq!(flattened(given), flat);
            let line = line(&flattened(given), 20).unwrap_or_default();
            assert_eq!(line, flat);
        }
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
