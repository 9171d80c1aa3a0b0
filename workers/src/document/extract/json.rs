//! JSON: its text as it is written, but with the characters that stand escaped in it. Quotation marks and backslashes
//! within texts stay escaped, so that it is seen where a text ends.

/// The text with the characters that escapes stand for (RFC 8259, 7).
pub fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    let mut in_text = false;
    while let Some(at) = rest.find(['"', '\\']) {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        if !in_text || rest.starts_with('"') {
            in_text ^= rest.starts_with('"');
            plain.push_str(&rest[..1]);
            rest = &rest[1..];
            continue;
        }
        let (shown, length) = escape(rest);
        match shown {
            Some(c) => plain.push(c),
            None => plain.push_str(&rest[..length]),
        }
        rest = &rest[length..];
    }
    plain.push_str(rest);
    plain
}

/// The character that an escape stands for, where it is shown, and the bytes of the escape.
fn escape(text: &str) -> (Option<char>, usize) {
    match text.as_bytes().get(1) {
        Some(b'u') => {}
        Some(b'n') => return (Some('\n'), 2),
        // Mostly before a line break.
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
    let shown =
        c.filter(|c| matches!(c, '\n' | '\t') || !c.is_control() && !matches!(c, '"' | '\\'));
    (shown, length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_are_escaped_are_read() {
        for (json, read) in [
            (r#"{"city": "M\u00fcnchen"}"#, r#"{"city": "München"}"#),
            (r#"["\u4F1A\u8b70", "\ud83d\ude00"]"#, r#"["会議", "😀"]"#),
            (
                r#"{"a": "one\ntwo\tthree\/four"}"#,
                "{\"a\": \"one\ntwo\tthree/four\"}",
            ),
            (r#"{"a": "one\r\ntwo"}"#, "{\"a\": \"one \ntwo\"}"),
            // What would hide where a text ends, or cannot be shown.
            (
                r#"{"a": "say \"x\" \u0022 C:\\new \u005cn"}"#,
                r#"{"a": "say \"x\" \u0022 C:\\new \u005cn"}"#,
            ),
            (
                r#"{"a": "\u0000 \u001b \ud83d \udc00x \uZZZZ \u12"}"#,
                r#"{"a": "\u0000 \u001b \ud83d \udc00x \uZZZZ \u12"}"#,
            ),
            // Outside of texts, and cut off.
            (r"C:\new \u00fc", r"C:\new \u00fc"),
            (r#"{"a": "x\"#, r#"{"a": "x\"#),
            (r#"{"a": "x\u00"#, r#"{"a": "x\u00"#),
            ("{\"a\": \"x\\ü\"}", "{\"a\": \"x\\ü\"}"),
        ] {
            assert_eq!(unescaped(json), read);
        }
    }
}
