//! Files that cannot be attached to a message, because no model could read them.

use domain::file::MediaType;
use projections::file::FileView;

/// The largest image that all providers accept.
const MAX_IMAGE_BYTES: i64 = 5 << 20;

/// Why a file cannot be read, and what to do instead; none if it can be read.
pub(super) fn find_reason(file: &FileView) -> Option<String> {
    if file.size == 0 {
        return Some(format!("{} is empty; attach a file with text", file.name));
    }
    let kind = MediaType::from_name(&file.media_type);
    if kind.is_viewable() && file.size > MAX_IMAGE_BYTES {
        return Some(format!(
            "{} is larger than 5 MiB, which models reject; attach a smaller image",
            file.name
        ));
    }
    let reason = kind_reason(&kind)?;
    Some(format!(
        "{} is {reason}; attach a PDF, DOCX, XLSX, PPTX, HTML, Markdown, CSV or text file, or an image (PNG, JPEG, WebP, GIF)",
        file.name
    ))
}

fn kind_reason(kind: &MediaType) -> Option<&'static str> {
    if kind.is_extractable() || kind.is_viewable() {
        return None;
    }
    let (class, _) = kind.as_str().split_once('/').unwrap_or_default();
    Some(match (class, kind.as_str()) {
        ("image", _) => "an image in a format that models do not read; save it as PNG or JPEG",
        ("audio" | "video", _) => "a recording, and recordings are not supported",
        (
            _,
            "application/msword" | "application/vnd.ms-excel" | "application/vnd.ms-powerpoint",
        ) => "in an old Office format; save it as DOCX, XLSX or PPTX",
        (_, "application/vnd.ms-outlook") => "an Outlook message; save it as text or PDF",
        (_, "application/x-ole-storage") => {
            "protected by a password or in an old Office format; save it without a password as DOCX, XLSX or PPTX"
        }
        (_, "application/zip" | "application/gzip" | "application/x-tar") => {
            "an archive; unpack it first"
        }
        _ => "of a type that is not supported",
    })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn images_have_a_size_limit() {
        let photo = |size: i64| FileView {
            id: Uuid::nil(),
            owner_id: Uuid::nil(),
            version: 1,
            name: "photo.jpg".to_owned(),
            media_type: "image/jpeg".to_owned(),
            size,
            sha256: String::new(),
            created_at: DateTime::UNIX_EPOCH,
        };
        assert_eq!(find_reason(&photo(MAX_IMAGE_BYTES)), None);
        let reason = find_reason(&photo(MAX_IMAGE_BYTES + 1)).unwrap();
        assert!(reason.contains("photo.jpg is larger than 5 MiB"));
    }

    #[test]
    fn types_without_text_have_a_reason() {
        for (kind, word) in [
            ("image/heif", "image"),
            ("video/mp4", "recording"),
            ("application/vnd.ms-excel", "old Office"),
            ("application/x-ole-storage", "password"),
            ("application/zip", "archive"),
            (MediaType::UNKNOWN, "not supported"),
        ] {
            assert!(
                kind_reason(&MediaType::from_name(kind))
                    .unwrap()
                    .contains(word),
                "{kind}"
            );
        }
        for kind in [
            "text/x-anything",
            "application/pdf",
            "application/json",
            "image/svg+xml",
            "image/png",
        ] {
            assert_eq!(kind_reason(&MediaType::from_name(kind)), None, "{kind}");
        }
    }
}
