//! JSON: its text as it is written, with escaped characters decoded. Quotation marks and backslashes within strings
//! stay escaped, so that the end of a string is visible.

/// Decodes the escapes of strings (RFC 8259, section 7).
pub(super) fn unescape(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    let mut in_string = false;
    while let Some(position) = rest.find(['"', '\\']) {
        decoded.push_str(&rest[..position]);
        rest = &rest[position..];
        if !in_string || rest.starts_with('"') {
            in_string ^= rest.starts_with('"');
            decoded.push_str(&rest[..1]);
            rest = &rest[1..];
            continue;
        }
        let (character, length) = decode_escape(rest);
        match character {
            Some(c) => decoded.push(c),
            None => decoded.push_str(&rest[..length]),
        }
        rest = &rest[length..];
    }
    decoded.push_str(rest);
    decoded
}

/// The character of an escape, unless it must stay escaped, and the length of the escape in bytes.
fn decode_escape(text: &str) -> (Option<char>, usize) {
    match text.as_bytes().get(1) {
        Some(b'u') => {}
        Some(b'n') => return (Some('\n'), 2),
        // Usually followed by a line break.
        Some(b'r') => {
            return (
                Some(if text[2..].starts_with("\\n") {
                    ' '
                } else {
                    '\n'
                }),
                2,
            );
        }
        Some(b't') => return (Some('\t'), 2),
        Some(b'/') => return (Some('/'), 2),
        Some(byte) if byte.is_ascii() => return (None, 2),
        _ => return (None, 1),
    }
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        u16::from_str_radix(digits, 16).ok().filter(|_| is_hex)
    };
    let Some(first) = unit(0) else {
        return (None, 2);
    };
    let units = [first, unit(6).unwrap_or_default()];
    let c = char::decode_utf16(units).next().and_then(Result::ok);
    let length = if c.is_some_and(|c| c.len_utf16() == 2) {
        12
    } else {
        6
    };
    let visible =
        c.filter(|c| matches!(c, '\n' | '\t') || !c.is_control() && !matches!(c, '"' | '\\'));
    (visible, length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_characters_are_decoded() {
        for (json, read) in [
            (r#"{"city": "M\u00fcnchen"}"#, r#"{"city": "München"}"#),
            (r#"["\u4F1A\u8b70", "\ud83d\ude00"]"#, r#"["会議", "😀"]"#),
            (
                r#"{"a": "one\ntwo\tthree\/four"}"#,
                "{\"a\": \"one\ntwo\tthree/four\"}",
            ),
            (r#"{"a": "one\r\ntwo"}"#, "{\"a\": \"one \ntwo\"}"),
            // Escapes that would hide the end of a string, or are not printable.
            (
                r#"{"a": "say \"x\" \u0022 C:\\new \u005cn"}"#,
                r#"{"a": "say \"x\" \u0022 C:\\new \u005cn"}"#,
            ),
            (
                r#"{"a": "\u0000 \u001b \ud83d \udc00x \uZZZZ \u12"}"#,
                r#"{"a": "\u0000 \u001b \ud83d \udc00x \uZZZZ \u12"}"#,
            ),
            // Outside of strings, and truncated.
            (r"C:\new \u00fc", r"C:\new \u00fc"),
            (r#"{"a": "x\"#, r#"{"a": "x\"#),
            (r#"{"a": "x\u00"#, r#"{"a": "x\u00"#),
            ("{\"a\": \"x\\ü\"}", "{\"a\": \"x\\ü\"}"),
        ] {
            assert_eq!(unescape(json), read);
        }
    }
}
