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
        pages: None,
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn texts_are_read_in_the_encoding_that_they_have() {
        assert_eq!(decode("Grüße".as_bytes()), "Grüße");
        assert_eq!(decode(b"\xef\xbb\xbfGr"), "Gr");
        assert_eq!(decode(b"Gr\xfc\xdfe"), "Grüße");
        assert_eq!(decode(b"\xff\xfeG\0r\0"), "Gr");
    }
}
