//! What a file is: its bytes decide, and its name only among kinds of text.

use domain::file::MediaType;

/// Bytes that are looked at.
pub const HEAD: usize = 16 * 1024;

/// Kinds of text that nothing but the name tells apart.
const TEXTS: &[(&str, &str)] = &[
    ("md", "text/markdown"),
    ("markdown", "text/markdown"),
    ("csv", "text/csv"),
    ("tsv", "text/tab-separated-values"),
    ("html", "text/html"),
    ("htm", "text/html"),
    ("xhtml", "text/html"),
    ("json", "application/json"),
    ("xml", "application/xml"),
    ("svg", "image/svg+xml"),
    ("yaml", "application/yaml"),
    ("yml", "application/yaml"),
    ("toml", "application/toml"),
    ("css", "text/css"),
    ("js", "text/javascript"),
];

/// Office documents are archives; their parts have names of their own.
const OFFICE: &[(&[u8], &str)] = &[
    (
        b"word/",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    (
        b"xl/",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    (
        b"ppt/",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
];

/// The media type of a file by its first bytes.
pub fn media_type(head: &[u8], name: &str) -> MediaType {
    if let Some(kind) = infer::get(head)
        && !kind.mime_type().starts_with("text/")
    {
        return MediaType::of(match kind.mime_type() {
            "application/zip" => office(head).unwrap_or("application/zip"),
            kind => kind,
        });
    }
    if !is_text(head) {
        return MediaType::of(MediaType::UNKNOWN);
    }
    let extension = name
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_lowercase());
    let named = extension.and_then(|extension| {
        let found = TEXTS.iter().find(|(known, _)| *known == extension);
        found.map(|(_, kind)| *kind)
    });
    let begins = String::from_utf8_lossy(&head[..head.len().min(512)]).to_lowercase();
    let begins = begins.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
    let html = begins.starts_with("<!doctype html") || begins.starts_with("<html");
    MediaType::of(match (html, named) {
        (true, _) => "text/html",
        (false, Some(kind)) => kind,
        (false, None) => "text/plain",
    })
}

fn office(head: &[u8]) -> Option<&'static str> {
    let holds = |name: &[u8]| head.windows(name.len()).any(|part| part == name);
    let found = OFFICE.iter().find(|(name, _)| holds(name));
    found.map(|(_, kind)| *kind)
}

/// UTF-8, perhaps cut off within a character, or UTF-16 that says so.
fn is_text(head: &[u8]) -> bool {
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return true;
    }
    let text = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    let legacy = head
        .iter()
        .all(|byte| *byte >= 0x20 || b"\t\n\r\x0c\x1b".contains(byte));
    (text || legacy) && !head.contains(&0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(head: &[u8], name: &str) -> String {
        media_type(head, name).as_str().to_owned()
    }

    #[test]
    fn bytes_decide_and_names_only_among_texts() {
        assert_eq!(of(b"%PDF-1.7\n", "note.txt"), "application/pdf");
        assert_eq!(of(b"\x89PNG\r\n\x1a\n", "a.html"), "image/png");
        assert_eq!(
            of(b"MZ\x90\x00", "a.txt"),
            "application/vnd.microsoft.portable-executable"
        );
        assert_eq!(of(b"# Title", "a.md"), "text/markdown");
        assert_eq!(of(b"a;b\n1;2", "a.CSV"), "text/csv");
        assert_eq!(of("Grüße".as_bytes(), "a"), "text/plain");
        assert_eq!(of(b"Gr\xfc\xdfe", "a.txt"), "text/plain");
        assert_eq!(of(b" <!DOCTYPE html><p>", "a.txt"), "text/html");
        assert_eq!(of(b"\x00\x01\x02", "a.txt"), MediaType::UNKNOWN);
        assert_eq!(of(b"", "a.txt"), "text/plain");
    }

    #[test]
    fn office_documents_are_known_by_their_parts() {
        let zip = |part: &str| [b"PK\x03\x04........", part.as_bytes()].concat();
        assert!(of(&zip("word/document.xml"), "a").ends_with("wordprocessingml.document"));
        assert!(of(&zip("xl/workbook.xml"), "a").ends_with("spreadsheetml.sheet"));
        assert!(of(&zip("ppt/presentation.xml"), "a").ends_with("presentationml.presentation"));
        assert_eq!(of(&zip("x"), "a.docx"), "application/zip");
    }
}
