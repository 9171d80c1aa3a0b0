//! Serving bytes: always as an attachment of no type, in a sandbox, whole or one range (RFC 9110, section 14).

use futures_util::TryStreamExt;
use poem::Body;
use poem::http::StatusCode;
use poem_openapi::ApiResponse;
use poem_openapi::payload::Binary;
use projections::file::FileView;
use uuid::Uuid;

use crate::problem::Problem;
use crate::state::App;

/// Nothing of a file is ever run, whoever opens it where.
const POLICY: &str = "sandbox; default-src 'none'";

/// The bytes of a file.
#[derive(ApiResponse)]
pub enum Content {
    #[oai(status = 200)]
    Whole(
        Binary<Body>,
        /// The file's name (RFC 6266).
        #[oai(header = "Content-Disposition")]
        String,
        /// Ranges are of bytes.
        #[oai(header = "Accept-Ranges")]
        String,
        #[oai(header = "Content-Length")] String,
        #[oai(header = "Content-Security-Policy")] String,
    ),
    /// A range of it.
    #[oai(status = 206)]
    Part(
        Binary<Body>,
        /// The file's name (RFC 6266).
        #[oai(header = "Content-Disposition")]
        String,
        /// Which bytes these are, and of how many.
        #[oai(header = "Content-Range")]
        String,
        #[oai(header = "Content-Length")] String,
        #[oai(header = "Content-Security-Policy")] String,
    ),
}

pub(crate) async fn content(
    app: &App,
    reader: Uuid,
    file: FileView,
    range: Option<&str>,
) -> Result<Content, Problem> {
    let size = u64::try_from(file.size).unwrap_or(0);
    let asked = range.map_or(Asked::Whole, |range| parse(range, size));
    let (start, end) = match asked {
        Asked::Whole => (0, size),
        Asked::Part(start, end) => (start, end),
        Asked::Beyond => {
            return Err(Problem::new(
                StatusCode::RANGE_NOT_SATISFIABLE,
                "range_not_satisfiable",
                format!("the file has {size} bytes"),
            ));
        }
    };
    let share = app.limits.download(reader)?;
    let pieces = app.files.read(file.id, (start, end), size).await?;
    let body = Body::from_bytes_stream(pieces.map_err(move |error| {
        // Held until the body is dropped.
        let _ = &share;
        tracing::error!(%error, "a file broke off while it was read");
        std::io::Error::other("the file broke off")
    }));
    let (name, length) = (disposition(&file.name), (end - start).to_string());
    let policy = POLICY.to_owned();
    Ok(match asked {
        Asked::Whole => Content::Whole(Binary(body), name, "bytes".to_owned(), length, policy),
        Asked::Part(..) | Asked::Beyond => {
            let range = format!("bytes {start}-{}/{size}", end - 1);
            Content::Part(Binary(body), name, range, length, policy)
        }
    })
}

/// What a request wants of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Whole,
    /// From the first byte up to but not with the last.
    Part(u64, u64),
    /// Bytes that the file does not have.
    Beyond,
}

/// One range of bytes; what is none is not heeded.
fn parse(range: &str, size: u64) -> Asked {
    let bytes = range.trim().strip_prefix("bytes=");
    let Some((from, to)) = bytes.and_then(|range| range.split_once('-')) else {
        return Asked::Whole;
    };
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if !digits(from) || !digits(to) || (from.is_empty() && to.is_empty()) {
        return Asked::Whole;
    }
    // A number that is too large lies beyond every file.
    let number = |text: &str| text.parse::<u64>().unwrap_or(u64::MAX);
    let (start, end) = match (from.is_empty(), to.is_empty()) {
        (true, _) => (size.saturating_sub(number(to)), size),
        (false, true) => (number(from), size),
        (false, false) if number(to) < number(from) => return Asked::Whole,
        (false, false) => (number(from), number(to).saturating_add(1).min(size)),
    };
    match start < end {
        true => Asked::Part(start, end),
        false => Asked::Beyond,
    }
}

/// `attachment` with the name in ASCII for old clients and whole in UTF-8 (RFC 8187).
pub(crate) fn disposition(name: &str) -> String {
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
    fn one_range_of_bytes_is_understood() {
        for (range, bytes) in [
            ("bytes=0-0", Asked::Part(0, 1)),
            ("bytes=2-", Asked::Part(2, 10)),
            ("bytes=-3", Asked::Part(7, 10)),
            ("bytes=-99", Asked::Part(0, 10)),
            ("bytes=4-99", Asked::Part(4, 10)),
            ("bytes=10-", Asked::Beyond),
            ("bytes=-0", Asked::Beyond),
            ("bytes=99999999999999999999-", Asked::Beyond),
            ("bytes=5-4", Asked::Whole),
            ("bytes=-", Asked::Whole),
            ("bytes=0-1,3-4", Asked::Whole),
            ("lines=0-1", Asked::Whole),
            ("bytes=a-b", Asked::Whole),
        ] {
            assert_eq!(parse(range, 10), bytes, "{range}");
        }
        assert_eq!(parse("bytes=0-", 0), Asked::Beyond);
    }

    #[test]
    fn names_never_leave_their_header() {
        assert_eq!(
            disposition("a\"b\\c%.txt"),
            "attachment; filename=\"a_b_c_.txt\"; filename*=UTF-8''a%22b%5Cc%25.txt"
        );
        assert_eq!(
            disposition("Plan für 世界.pdf"),
            "attachment; filename=\"Plan f_r __.pdf\"; filename*=UTF-8''Plan%20f%C3%BCr%20%E4%B8%96%E7%95%8C.pdf"
        );
    }
}
