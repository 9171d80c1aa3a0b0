//! Files of office programs before 2007, and of newer ones with a password: both are compound files (MS-CFB).

use std::io::Cursor;

use crate::document::extract::Failed;
use domain::document::FailureCode;

const MAGIC: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// What a compound file holds, by the name of one of its streams.
const KINDS: [(&str, &str, &str); 6] = [
    ("WordDocument", "Word (.doc)", "DOCX"),
    ("Workbook", "Excel (.xls)", "XLSX"),
    ("Book", "Excel (.xls)", "XLSX"),
    ("PowerPoint Document", "PowerPoint (.ppt)", "PPTX"),
    ("VisioDocument", "Visio (.vsd)", "PDF"),
    (
        "__properties_version1.0",
        "Outlook message (.msg)",
        "PDF or text",
    ),
];

pub fn is_compound(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Why a compound file is not read, and what to do instead.
pub fn refused(bytes: &[u8]) -> Failed {
    let names = names(bytes);
    let has = |name: &str| names.iter().any(|one| one.eq_ignore_ascii_case(name));
    if has("EncryptedPackage") {
        return Failed::encrypted();
    }
    let kind = KINDS.iter().find(|(stream, ..)| has(stream));
    let (what, newer) = kind.map_or(
        ("office document", "DOCX, XLSX, PPTX or PDF"),
        |(_, what, newer)| (what, newer),
    );
    Failed::new(
        FailureCode::UnsupportedType,
        format!(
            "the file is in an old Office format, {what}; save it as {newer} and upload it again"
        ),
    )
}

/// The names at the top of a compound file; none where it is broken.
fn names(bytes: &[u8]) -> Vec<String> {
    let Ok(file) = cfb::CompoundFile::open(Cursor::new(bytes)) else {
        return vec![];
    };
    file.read_root_storage()
        .map(|entry| entry.name().to_owned())
        .collect()
}
