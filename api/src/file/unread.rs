//! Files that a message cannot carry, because nothing in them can be read.

use domain::file::MediaType;
use projections::file::FileView;

/// Why a file is not read, and what to do instead; nothing where it may be.
pub fn reason(file: &FileView) -> Option<String> {
    if file.size == 0 {
        return Some(format!("{} is empty; attach a file with text", file.name));
    }
    let kind = MediaType::from_name(&file.media_type);
    let why = why(&kind)?;
    Some(format!(
        "{} is {why}; attach a PDF, DOCX, XLSX, PPTX, HTML, Markdown, CSV or text file",
        file.name
    ))
}

fn why(kind: &MediaType) -> Option<&'static str> {
    if kind.is_extractable() {
        return None;
    }
    let (class, _) = kind.as_str().split_once('/').unwrap_or_default();
    Some(match (class, kind.as_str()) {
        ("image", _) => "a picture, and pictures are not read",
        ("audio" | "video", _) => "a recording, and recordings are not read",
        (
            _,
            "application/msword" | "application/vnd.ms-excel" | "application/vnd.ms-powerpoint",
        ) => "in an old Office format; save it as DOCX, XLSX or PPTX",
        (_, "application/vnd.ms-outlook") => "an Outlook message; save it as text or PDF",
        (_, "application/x-ole-storage") => {
            "locked with a password or in an old Office format; save it without one, as DOCX, XLSX or PPTX"
        }
        (_, "application/zip" | "application/gzip" | "application/x-tar") => {
            "an archive; unpack it first"
        }
        _ => "of a kind that is not read",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_text_is_refused_by_its_kind() {
        for (kind, word) in [
            ("image/heif", "picture"),
            ("video/mp4", "recording"),
            ("application/vnd.ms-excel", "old Office"),
            ("application/x-ole-storage", "password"),
            ("application/zip", "archive"),
            (MediaType::UNKNOWN, "not read"),
        ] {
            assert!(
                why(&MediaType::from_name(kind)).unwrap().contains(word),
                "{kind}"
            );
        }
        for kind in [
            "text/x-anything",
            "application/pdf",
            "application/json",
            "image/svg+xml",
        ] {
            assert_eq!(why(&MediaType::from_name(kind)), None, "{kind}");
        }
    }
}
