//! Files of Office programs before 2007, and newer files with a password: both are compound files (MS-CFB).

use std::io::Cursor;

use crate::document::extract::ExtractError;
use domain::document::FailureCode;

const MAGIC: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// Formats by the name of a stream of the compound file.
const FORMATS: [(&str, &str, &str); 6] = [
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

pub(crate) fn is_compound(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Explains why a compound file cannot be read, and what to do instead.
pub(crate) fn refusal(bytes: &[u8]) -> ExtractError {
    let names = stream_names(bytes);
    let has = |name: &str| names.iter().any(|other| other.eq_ignore_ascii_case(name));
    if has("EncryptedPackage") {
        return ExtractError::encrypted();
    }
    let format = FORMATS.iter().find(|(stream, ..)| has(stream));
    let (old, newer) = format.map_or(
        ("office document", "DOCX, XLSX, PPTX or PDF"),
        |(_, old, newer)| (old, newer),
    );
    ExtractError::new(
        FailureCode::UnsupportedType,
        format!(
            "the file is in an old Office format, {old}; save it as {newer} and upload it again"
        ),
    )
}

/// The names of the top-level streams; none if the file is broken.
fn stream_names(bytes: &[u8]) -> Vec<String> {
    let Ok(file) = cfb::CompoundFile::open(Cursor::new(bytes)) else {
        return vec![];
    };
    file.read_root_storage()
        .map(|entry| entry.name().to_owned())
        .collect()
}
