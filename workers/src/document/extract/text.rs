//! Extracts text files: plain text, source code, and formats such as HTML, Markdown, CSV and mail.

use domain::document::{Omission, OmissionKind};

use super::{
    ExtractError, ExtractedDocument, Section, encoding, html, json, mail, markdown, table,
};

/// Bytes at the beginning by which mail is recognized.
const MAIL_SAMPLE: usize = 64 * 1024;

pub(super) fn extract(media_type: &str, bytes: &[u8]) -> Result<ExtractedDocument, ExtractError> {
    // Each part of a mail has its own encoding.
    if media_type == "message/rfc822" || media_type == "text/plain" && is_mail(bytes) {
        return mail::extract(bytes);
    }
    let text = encoding::decode(bytes)?;
    let lost = count_lost(&text, bytes);
    let mut extracted = match media_type {
        "text/html" => html::extract(&text)?,
        "text/markdown" => markdown::extract(&text),
        "application/json" => plain_text(json::unescape(&text)),
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
    let sample = &bytes[..bytes.len().min(MAIL_SAMPLE)];
    mail::looks_like_mail(&String::from_utf8_lossy(sample))
}

fn plain_text(text: String) -> ExtractedDocument {
    ExtractedDocument {
        sections: vec![Section {
            text,
            ..Section::default()
        }],
        ..ExtractedDocument::default()
    }
}

/// Counts replacement characters that the bytes do not contain themselves.
pub(super) fn count_lost(text: &str, bytes: &[u8]) -> u32 {
    let replaced = text.matches('\u{fffd}').count();
    let original = match replaced {
        0 => 0,
        _ => bytes
            .windows(3)
            .filter(|window| window == b"\xef\xbf\xbd")
            .count(),
    };
    u32::try_from(replaced.saturating_sub(original)).unwrap_or(u32::MAX)
}

/// Characters that nobody types: ligatures, soft hyphens, and U+0000, which neither the database nor a terminal
/// accepts.
const REPLACEMENTS: [(char, &str); 9] = [
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

/// Rewrites the text as somebody would type it, so that it is found.
pub(super) fn normalize(text: &mut String) {
    let replacement = |c: char| REPLACEMENTS.iter().find(|(from, _)| *from == c);
    if !text.contains(|c| replacement(c).is_some()) {
        return;
    }
    let mut normalized = String::with_capacity(text.len());
    for c in text.chars() {
        match replacement(c) {
            Some((_, to)) => normalized.push_str(to),
            None => normalized.push(c),
        }
    }
    *text = normalized;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_characters_are_counted() {
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
    fn ligatures_and_soft_hyphens_are_normalized() {
        let mut text = "Au\u{fb02}\u{f6}sung, o\u{fb03}ce, Mit\u{ad}glied\0".to_owned();
        normalize(&mut text);
        assert_eq!(text, "Auflösung, office, Mitglied\u{fffd}");
    }
}
