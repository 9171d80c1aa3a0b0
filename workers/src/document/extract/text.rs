//! Plain text and code.

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::{Extracted, Section};

/// Text of any encoding that says what it is: UTF-8, UTF-16 with its mark, else Windows-1252, which reads every byte.
pub fn decode(bytes: &[u8]) -> String {
    let encoding = if bytes.starts_with(&[0xff, 0xfe]) {
        UTF_16LE
    } else if bytes.starts_with(&[0xfe, 0xff]) {
        UTF_16BE
    } else if std::str::from_utf8(bytes).is_ok() {
        UTF_8
    } else {
        WINDOWS_1252
    };
    encoding.decode(bytes).0.into_owned()
}

pub fn extract(bytes: &[u8]) -> Extracted {
    Extracted {
        sections: vec![Section {
            text: decode(bytes),
            ..Section::default()
        }],
        ..Extracted::default()
    }
}

/// What stands in texts and nobody types: letters that fonts join, hyphens that are not seen, and U+0000, which neither
/// the log's views nor a terminal can take.
const SPELLED: [(char, &str); 9] = [
    ('\u{fb00}', "ff"),
    ('\u{fb01}', "fi"),
    ('\u{fb02}', "fl"),
    ('\u{fb03}', "ffi"),
    ('\u{fb04}', "ffl"),
    ('\u{fb05}', "st"),
    ('\u{fb06}', "st"),
    ('\u{ad}', ""),
    ('\0', "\u{fffd}"),
];

/// The text as somebody would type it: so it is found.
pub fn plain(text: &mut String) {
    let spelled = |c: char| SPELLED.iter().find(|(from, _)| *from == c);
    if !text.contains(|c| spelled(c).is_some()) {
        return;
    }
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match spelled(c) {
            Some((_, to)) => plain.push_str(to),
            None => plain.push(c),
        }
    }
    *text = plain;
}

#[cfg(test)]
mod tests {
    use super::{decode, plain};

    #[test]
    fn joined_letters_and_hidden_hyphens_are_spelled_as_one_types_them() {
        let mut text = "Au\u{fb02}\u{f6}sung, o\u{fb03}ce, Mit\u{ad}glied\0".to_owned();
        plain(&mut text);
        assert_eq!(text, "Auflösung, office, Mitglied\u{fffd}");
    }

    #[test]
    fn texts_are_read_in_the_encoding_that_they_have() {
        assert_eq!(decode("Grüße".as_bytes()), "Grüße");
        assert_eq!(decode(b"\xef\xbb\xbfGr"), "Gr");
        assert_eq!(decode(b"Gr\xfc\xdfe"), "Grüße");
        assert_eq!(decode(b"\xff\xfeG\0r\0"), "Gr");
    }
}
