//! Decodes PDF strings.

/// The characters of `PDFDocEncoding` from 0x80 to 0x9F; the rest is ISO 8859-1.
const PDF_DOC_CHARACTERS: [char; 32] = [
    '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚', '™',
    'ﬁ', 'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{fffd}',
];

/// Decodes a string: UTF-16 or UTF-8 if it has a byte order mark.
pub(super) fn decode_text(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, rest @ ..] => encoding_rs::UTF_16BE
            .decode_without_bom_handling(rest)
            .0
            .into_owned(),
        [0xff, 0xfe, rest @ ..] => encoding_rs::UTF_16LE
            .decode_without_bom_handling(rest)
            .0
            .into_owned(),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|byte| character(*byte)).collect(),
    }
}

fn character(byte: u8) -> char {
    match byte {
        0x80..=0x9f => PDF_DOC_CHARACTERS[usize::from(byte - 0x80)],
        0xa0 => '€',
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::decode_text;

    #[test]
    fn strings_are_decoded_in_each_encoding() {
        assert_eq!(
            decode_text(b"Gr\xfc\xdfe \xa0 5 \x84 \x8dso\x8e"),
            "Grüße € 5 — “so”"
        );
        assert_eq!(decode_text(b"\xfe\xff\x04\x16\xd8\x3d\xde\x00"), "Ж😀");
        assert_eq!(decode_text(b"\xff\xfe\x16\x04"), "Ж");
        assert_eq!(decode_text(b"\xef\xbb\xbf\xd0\x96"), "Ж");
    }
}
