//! Serves file content: always as an attachment without a type, in a sandbox, whole or a single range (RFC 9110,
//! section 14).

use futures_util::TryStreamExt;
use poem::Body;
use poem::http::StatusCode;
use poem_openapi::ApiResponse;
use poem_openapi::payload::Binary;
use projections::file::FileView;
use uuid::Uuid;

use crate::http::Problem;
use crate::state::App;

/// Prevents a browser from running anything in a file.
const POLICY: &str = "sandbox; default-src 'none'";

/// The content of a file.
#[derive(ApiResponse)]
pub enum Content {
    #[oai(status = 200)]
    Whole(
        Binary<Body>,
        /// The file name (RFC 6266).
        #[oai(header = "Content-Disposition")]
        String,
        /// Always `bytes`.
        #[oai(header = "Accept-Ranges")]
        String,
        #[oai(header = "Content-Length")] String,
        #[oai(header = "Content-Security-Policy")] String,
    ),
    /// A range of the file.
    #[oai(status = 206)]
    Part(
        Binary<Body>,
        /// The file name (RFC 6266).
        #[oai(header = "Content-Disposition")]
        String,
        /// The returned range and the size of the file.
        #[oai(header = "Content-Range")]
        String,
        #[oai(header = "Content-Length")] String,
        #[oai(header = "Content-Security-Policy")] String,
    ),
}

pub(crate) async fn serve_content(
    app: &App,
    reader: Uuid,
    file: FileView,
    range: Option<&str>,
) -> Result<Content, Problem> {
    let size = u64::try_from(file.size).unwrap_or(0);
    let requested = range.map_or(ByteRange::Whole, |range| parse_range(range, size));
    let (start, end) = match requested {
        ByteRange::Whole => (0, size),
        ByteRange::Part(start, end) => (start, end),
        ByteRange::Unsatisfiable => {
            return Err(Problem::new(
                StatusCode::RANGE_NOT_SATISFIABLE,
                "range_not_satisfiable",
                format!("the file has {size} bytes"),
            ));
        }
    };
    let share = app.limits.download(reader)?;
    let chunks = app.files.read(file.id, (start, end), size).await?;
    let body = Body::from_bytes_stream(chunks.map_err(move |error| {
        // Held until the body is dropped.
        let _ = &share;
        tracing::error!(%error, "reading a file failed");
        std::io::Error::other("the file is incomplete")
    }));
    let (name, length) = (content_disposition(&file.name), (end - start).to_string());
    let policy = POLICY.to_owned();
    Ok(match requested {
        ByteRange::Whole => Content::Whole(Binary(body), name, "bytes".to_owned(), length, policy),
        ByteRange::Part(..) | ByteRange::Unsatisfiable => {
            let range = format!("bytes {start}-{}/{size}", end - 1);
            Content::Part(Binary(body), name, range, length, policy)
        }
    })
}

/// The requested part of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ByteRange {
    Whole,
    /// Start (inclusive) and end (exclusive).
    Part(u64, u64),
    /// A range beyond the end of the file.
    Unsatisfiable,
}

/// Parses a single byte range; anything else is ignored and returns the whole file.
fn parse_range(range: &str, size: u64) -> ByteRange {
    let bytes = range.trim().strip_prefix("bytes=");
    let Some((from, to)) = bytes.and_then(|range| range.split_once('-')) else {
        return ByteRange::Whole;
    };
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if !digits(from) || !digits(to) || (from.is_empty() && to.is_empty()) {
        return ByteRange::Whole;
    }
    // A number that does not fit is beyond the end of every file.
    let number = |text: &str| text.parse::<u64>().unwrap_or(u64::MAX);
    let (start, end) = match (from.is_empty(), to.is_empty()) {
        (true, _) => (size.saturating_sub(number(to)), size),
        (false, true) => (number(from), size),
        (false, false) if number(to) < number(from) => return ByteRange::Whole,
        (false, false) => (number(from), number(to).saturating_add(1).min(size)),
    };
    match start < end {
        true => ByteRange::Part(start, end),
        false => ByteRange::Unsatisfiable,
    }
}

/// `attachment` with the name in ASCII for old clients, and in full as UTF-8 (RFC 8187).
pub(crate) fn content_disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| match c {
            '"' | '\\' | '%' => '_',
            c if c.is_ascii_graphic() || c == ' ' => c,
            _ => '_',
        })
        .collect();
    let whole: String = name
        .bytes()
        .map(|byte| match byte {
            byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_byte_range_is_parsed() {
        for (range, bytes) in [
            ("bytes=0-0", ByteRange::Part(0, 1)),
            ("bytes=2-", ByteRange::Part(2, 10)),
            ("bytes=-3", ByteRange::Part(7, 10)),
            ("bytes=-99", ByteRange::Part(0, 10)),
            ("bytes=4-99", ByteRange::Part(4, 10)),
            ("bytes=10-", ByteRange::Unsatisfiable),
            ("bytes=-0", ByteRange::Unsatisfiable),
            ("bytes=99999999999999999999-", ByteRange::Unsatisfiable),
            ("bytes=5-4", ByteRange::Whole),
            ("bytes=-", ByteRange::Whole),
            ("bytes=0-1,3-4", ByteRange::Whole),
            ("lines=0-1", ByteRange::Whole),
            ("bytes=a-b", ByteRange::Whole),
        ] {
            assert_eq!(parse_range(range, 10), bytes, "{range}");
        }
        assert_eq!(parse_range("bytes=0-", 0), ByteRange::Unsatisfiable);
    }

    #[test]
    fn names_cannot_break_out_of_the_header() {
        assert_eq!(
            content_disposition("a\"b\\c%.txt"),
            "attachment; filename=\"a_b_c_.txt\"; filename*=UTF-8''a%22b%5Cc%25.txt"
        );
        assert_eq!(
            content_disposition("Plan für 世界.pdf"),
            "attachment; filename=\"Plan f_r __.pdf\"; filename*=UTF-8''Plan%20f%C3%BCr%20%E4%B8%96%E7%95%8C.pdf"
        );
    }
}
