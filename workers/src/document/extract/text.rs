//! Texts: plain ones and code, and those that have a form of their own.

use domain::document::{Omission, OmissionKind};

use super::{Extracted, Failed, Section, encoding, html, json, mail, markdown, table};

/// Bytes that tell whether a text is mail.
const BEGINNING: usize = 64 * 1024;

pub fn extract(media_type: &str, bytes: &[u8]) -> Result<Extracted, Failed> {
    // Each part of a mail has its own encoding.
    if media_type == "message/rfc822" || media_type == "text/plain" && is_mail(bytes) {
        return mail::extract(bytes);
    }
    let text = encoding::decode(bytes)?;
    let lost = count_lost(&text, bytes);
    let mut extracted = match media_type {
        "text/html" => html::extract(&text)?,
        "text/markdown" => markdown::extract(&text),
        "application/json" => plain_text(json::unescaped(&text)),
        "text/csv" => table::delimited::extract(&text, None)?,
        "text/tab-separated-values" => table::delimited::extract(&text, Some(b'\t'))?,
        _ => plain_text(text),
    };
    if lost > 0 {
        let lost = Omission::with_count(OmissionKind::UnknownCharacters, lost);
        extracted.left_out.push(lost);
    }
    Ok(extracted)
}

fn is_mail(bytes: &[u8]) -> bool {
    let beginning = &bytes[..bytes.len().min(BEGINNING)];
    mail::is_one(&String::from_utf8_lossy(beginning))
}

fn plain_text(text: String) -> Extracted {
    Extracted {
        sections: vec![Section {
            text,
            ..Section::default()
        }],
        ..Extracted::default()
    }
}

/// Characters that are not in the bytes as such.
pub fn count_lost(text: &str, bytes: &[u8]) -> u32 {
    let replaced = text.matches('\u{fffd}').count();
    let written = match replaced {
        0 => 0,
        _ => bytes
            .windows(3)
            .filter(|three| three == b"\xef\xbf\xbd")
            .count(),
    };
    u32::try_from(replaced.saturating_sub(written)).unwrap_or(u32::MAX)
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
    use super::*;

    #[test]
    fn characters_that_are_lost_are_counted() {
        let found = extract(
            "text/plain",
            b"M\xc3\xbcller f\xc3\xa4llt aus\xff\xef\xbf\xbd",
        )
        .unwrap();
        let lost = Omission::with_count(OmissionKind::UnknownCharacters, 1);
        assert_eq!(found.left_out, [lost]);
        assert_eq!(extract("text/plain", b"fine").unwrap().left_out, []);
    }

    #[test]
    fn joined_letters_and_hidden_hyphens_are_spelled_as_one_types_them() {
        let mut text = "Au\u{fb02}\u{f6}sung, o\u{fb03}ce, Mit\u{ad}glied\0".to_owned();
        plain(&mut text);
        assert_eq!(text, "Auflösung, office, Mitglied\u{fffd}");
    }
}
