//! Detects the media type of a file by its bytes; the name only decides between kinds of text.

use domain::file::MediaType;

/// Bytes at the start that are inspected.
const HEAD: usize = 16 * 1024;
/// Bytes at the end that are inspected, where ZIP archives have their directory.
const TAIL: usize = 64 * 1024;

/// Kinds of text, by file name extension.
const TEXTS: &[(&str, &str)] = &[
    ("md", "text/markdown"),
    ("markdown", "text/markdown"),
    ("csv", "text/csv"),
    ("tsv", "text/tab-separated-values"),
    ("html", "text/html"),
    ("htm", "text/html"),
    ("xhtml", "text/html"),
    ("json", "application/json"),
    ("jsonl", "application/json"),
    ("ndjson", "application/json"),
    ("geojson", "application/json"),
    ("ipynb", "application/json"),
    ("eml", "message/rfc822"),
    ("xml", "application/xml"),
    ("svg", "image/svg+xml"),
    ("yaml", "application/yaml"),
    ("yml", "application/yaml"),
    ("toml", "application/toml"),
    ("css", "text/css"),
    ("js", "text/javascript"),
];

/// Office documents are ZIP archives with these folders.
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

/// Compound files (MS-CFB) contain old Office documents, and new ones with a password.
const COMPOUND: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];
const ANY_COMPOUND: &str = "application/x-ole-storage";
/// Types of compound files by the name of one of their streams. Encryption takes precedence.
const STREAMS: &[(&str, &str)] = &[
    ("EncryptedPackage", ANY_COMPOUND),
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("__properties_version1.0", "application/vnd.ms-outlook"),
];

/// Inspects a file while it is received.
#[derive(Debug, Default)]
pub(super) struct Sniffer {
    head: Vec<u8>,
    tail: Vec<u8>,
    /// Which names in `STREAMS` were found.
    streams: [bool; STREAMS.len()],
}

impl Sniffer {
    pub(super) fn add(&mut self, chunk: &[u8]) {
        let more = HEAD.saturating_sub(self.head.len()).min(chunk.len());
        self.head.extend_from_slice(&chunk[..more]);
        let before = self.tail.len();
        self.tail.extend_from_slice(chunk);
        if self.head.starts_with(COMPOUND) {
            // A name may start in the previous chunk.
            let new = &self.tail[before.saturating_sub(64)..];
            for (found, (name, _)) in self.streams.iter_mut().zip(STREAMS) {
                *found |= contains(new, &utf16(name));
            }
        }
        let old = self.tail.len().saturating_sub(TAIL);
        self.tail.drain(..old);
    }

    /// The media type of the whole file.
    pub(super) fn media_type(&self, name: &str) -> MediaType {
        let head = &self.head;
        if head.starts_with(COMPOUND) {
            let found = STREAMS.iter().zip(self.streams).find(|(_, found)| *found);
            return MediaType::from_name(found.map_or(ANY_COMPOUND, |((_, kind), _)| kind));
        }
        if let Some(kind) = infer::get(head)
            && !kind.mime_type().starts_with("text/")
            && !is_text_by_chance(kind.mime_type(), head)
        {
            return MediaType::from_name(match kind.mime_type() {
                "application/zip" => self.office_type().unwrap_or("application/zip"),
                kind => kind,
            });
        }
        if !is_text(head) {
            return MediaType::from_name(MediaType::UNKNOWN);
        }
        text_type(head, name)
    }

    /// The type of an Office document, in whatever order its parts are stored.
    fn office_type(&self) -> Option<&'static str> {
        let names = archive_names(&self.tail);
        let has = |start: &[u8]| names.iter().any(|name| name.starts_with(start));
        let found = OFFICE.iter().find(|(name, _)| has(name));
        let found = found.or_else(|| OFFICE.iter().find(|(name, _)| contains(&self.head, name)));
        found.map(|(_, kind)| *kind)
    }
}

fn text_type(head: &[u8], name: &str) -> MediaType {
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
    MediaType::from_name(match (html, named) {
        (true, _) => "text/html",
        (false, Some(kind)) => kind,
        (false, None) => "text/plain",
    })
}

/// The names in the directory at the end of an archive (APPNOTE, 4.3.12).
fn archive_names(tail: &[u8]) -> Vec<&[u8]> {
    let mut names = Vec::new();
    let mut rest = tail;
    while let Some(at) = rest.windows(4).position(|bytes| bytes == b"PK\x01\x02") {
        rest = &rest[at..];
        let length = rest
            .get(28..30)
            .map(|two| usize::from(u16::from_le_bytes([two[0], two[1]])));
        names.extend(length.and_then(|length| rest.get(46..46 + length)));
        rest = &rest[4..];
    }
    names
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// The encoding of names in compound files.
fn utf16(name: &str) -> Vec<u8> {
    name.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// The signatures of some image and audio formats are two letters, with which a text may also start.
fn is_text_by_chance(kind: &str, head: &[u8]) -> bool {
    let class = kind.split('/').next().unwrap_or_default();
    matches!(class, "image" | "audio" | "video" | "font")
        && head.len() > 8
        && is_utf_8(head)
        && !head.contains(&0)
}

/// Whether this looks like text: UTF-8 (possibly cut off, or with a stray byte), UTF-16, UTF-32, or a legacy encoding.
fn is_text(head: &[u8]) -> bool {
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) || is_utf16_or_utf32(head)
    {
        return true;
    }
    let zeros = zeros(head, 0, 1);
    let legacy = head
        .iter()
        .all(|byte| *byte >= 0x20 || b"\t\n\r\x0c\x1b".contains(byte));
    match zeros {
        0 => is_utf_8(head) || legacy,
        // Some programs leave stray zero bytes in a text.
        zeros => zeros * 50 <= head.len() && is_utf_8(head) && controls(head) == zeros,
    }
}

/// Counts zero bytes at every `step`-th position from `first`.
fn zeros(head: &[u8], first: usize, step: usize) -> usize {
    let places = head.iter().skip(first).step_by(step);
    places.filter(|byte| **byte == 0).count()
}

fn is_utf_8(head: &[u8]) -> bool {
    match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    }
}

fn controls(head: &[u8]) -> usize {
    head.iter()
        .filter(|byte| **byte < 0x20 && !b"\t\n\r\x0c\x1b".contains(byte))
        .count()
}

/// UTF-16 or UTF-32, with or without a byte order mark: the zero bytes are at regular positions.
fn is_utf16_or_utf32(head: &[u8]) -> bool {
    let whole = head.len() - head.len() % 4;
    let words = || head[..whole].chunks_exact(4);
    let printed = |c: Option<char>| c.is_some_and(|c| !c.is_control() || "\t\n\r\u{c}".contains(c));
    let word = |bytes: &[u8]| -> [u8; 4] { [bytes[0], bytes[1], bytes[2], bytes[3]] };
    // Most characters are in the basic multilingual plane.
    let four = |number: fn([u8; 4]) -> u32| {
        let plain = words()
            .filter(|bytes| number(word(bytes)) < 0x1_0000)
            .count();
        plain * 10 >= whole / 4 * 9
            && words().all(|bytes| printed(char::from_u32(number(word(bytes)))))
    };
    if whole >= 8 && (four(u32::from_le_bytes) || four(u32::from_be_bytes)) {
        return true;
    }
    let (high, low) = (zeros(head, 0, 2), zeros(head, 1, 2));
    let two = |number: fn([u8; 2]) -> u16| {
        let units = head
            .chunks_exact(2)
            .map(|bytes| number([bytes[0], bytes[1]]));
        // The inspected bytes may end within a character.
        let mut characters = char::decode_utf16(units).collect::<Vec<_>>();
        if characters.last().is_some_and(Result::is_err) {
            characters.pop();
        }
        characters.into_iter().all(|c| printed(c.ok()))
    };
    low > high * 8 && two(u16::from_le_bytes) || high > low * 8 && two(u16::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sniff(bytes: &[u8], name: &str) -> String {
        // In chunks, as it arrives.
        let mut sniffer = Sniffer::default();
        bytes.chunks(1_000).for_each(|chunk| sniffer.add(chunk));
        sniffer.media_type(name).as_str().to_owned()
    }

    #[test]
    fn bytes_decide_and_names_only_among_texts() {
        assert_eq!(sniff(b"%PDF-1.7\n", "note.txt"), "application/pdf");
        assert_eq!(sniff(b"\x89PNG\r\n\x1a\n", "a.html"), "image/png");
        assert_eq!(
            sniff(b"MZ\x90\x00", "a.txt"),
            "application/vnd.microsoft.portable-executable"
        );
        assert_eq!(sniff(b"# Title", "a.md"), "text/markdown");
        assert_eq!(sniff(b"a;b\n1;2", "a.CSV"), "text/csv");
        assert_eq!(sniff("Grüße".as_bytes(), "a"), "text/plain");
        assert_eq!(sniff(b"Gr\xfc\xdfe", "a.txt"), "text/plain");
        assert_eq!(sniff(b" <!DOCTYPE html><p>", "a.txt"), "text/html");
        assert_eq!(sniff(b"\x00\x01\x02", "a.txt"), MediaType::UNKNOWN);
        assert_eq!(sniff(b"", "a.txt"), "text/plain");
        assert_eq!(
            sniff(b"From: a@example.org\r\n\r\nHi", "a.EML"),
            "message/rfc822"
        );
        assert_eq!(sniff(b"{\"a\": 1}\n{}", "a.jsonl"), "application/json");
        assert_eq!(sniff(b"\x00\x01\x02\x03", "a"), MediaType::UNKNOWN);
        assert_eq!(sniff(&[0, 1, 2, 3].repeat(9), "a"), MediaType::UNKNOWN);
    }

    #[test]
    fn office_documents_are_detected_by_their_parts() {
        let zip = |part: &str| [b"PK\x03\x04........", part.as_bytes()].concat();
        assert!(sniff(&zip("word/document.xml"), "a").ends_with("wordprocessingml.document"));
        assert!(sniff(&zip("xl/workbook.xml"), "a").ends_with("spreadsheetml.sheet"));
        assert!(sniff(&zip("ppt/presentation.xml"), "a").ends_with("presentationml.presentation"));
        assert_eq!(sniff(&zip("x"), "a.docx"), "application/zip");
    }

    /// A ZIP archive without compression.
    fn archive(parts: &[(&str, usize)]) -> Vec<u8> {
        let (mut bytes, mut directory) = (Vec::new(), Vec::new());
        for (name, size) in parts {
            let length = u16::try_from(name.len()).unwrap().to_le_bytes();
            bytes.extend(
                [
                    b"PK\x03\x04".as_slice(),
                    &[0; 22],
                    &length,
                    &[0; 2],
                    name.as_bytes(),
                ]
                .concat(),
            );
            bytes.extend(std::iter::repeat_n(7, *size));
            directory.extend(
                [
                    b"PK\x01\x02".as_slice(),
                    &[0; 24],
                    &length,
                    &[0; 16],
                    name.as_bytes(),
                ]
                .concat(),
            );
        }
        [bytes, directory, b"PK\x05\x06".to_vec(), vec![0; 18]].concat()
    }

    #[test]
    fn office_documents_are_detected_whichever_part_comes_first() {
        for first in [
            "docProps/thumbnail.jpeg",
            "[trash]/0000.dat",
            "customXml/item1.xml",
            "mimetype",
        ] {
            for (main, kind) in [
                ("word/document.xml", "wordprocessingml.document"),
                ("xl/workbook.xml", "spreadsheetml.sheet"),
                ("ppt/presentation.xml", "presentationml.presentation"),
            ] {
                let bytes = archive(&[
                    (first, 20_000),
                    ("[Content_Types].xml", 50),
                    (main, 100_000),
                ]);
                assert!(sniff(&bytes, "a").ends_with(kind), "{first} {main}");
            }
        }
        assert_eq!(
            sniff(&archive(&[("swords/a.txt", 20_000)]), "a.docx"),
            "application/zip"
        );
    }

    #[test]
    fn compound_files_are_distinguished_by_their_streams() {
        for (stream, kind) in STREAMS {
            let bytes = [COMPOUND, &[0; 2_000], &utf16(stream), &[0; 3_000]].concat();
            assert_eq!(sniff(&bytes, "a.docx"), *kind, "{stream}");
            let split = [COMPOUND, &[0; 990], &utf16(stream), &[0; 3_000]].concat();
            assert_eq!(sniff(&split, "a.docx"), *kind, "{stream}");
        }
        assert_eq!(
            sniff(&[COMPOUND, &[0; 600]].concat(), "a.doc"),
            ANY_COMPOUND
        );
    }

    #[test]
    fn text_in_any_encoding_or_with_a_stray_byte_is_text() {
        let text = "Tide tables, 12 m\n".repeat(3_000);
        let two: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let four: Vec<u8> = text
            .chars()
            .flat_map(|c| u32::from(c).to_le_bytes())
            .collect();
        for bytes in [two, big, four] {
            assert_eq!(sniff(&bytes, "a.txt"), "text/plain");
        }
        let wrong = [text.as_bytes(), b"\xff"].concat();
        assert_eq!(sniff(&wrong, "a.txt"), "text/plain");
        assert_eq!(
            sniff(&[text.as_bytes(), b"\0"].concat(), "a.txt"),
            "text/plain"
        );
        // Their first letters are also signatures of images.
        assert_eq!(
            sniff(b"BM25 is a way to rank passages.", "a.txt"),
            "text/plain"
        );
        assert_eq!(
            sniff(b"P6 is the name of a berth at the pier.", "a.txt"),
            "text/plain"
        );
    }
}
