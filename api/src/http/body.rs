//! JSON bodies: limited in size, parsed strictly, with errors that name the field.

use std::time::Duration;

use futures_util::TryStreamExt;
use poem::http::{StatusCode, header};
use poem::{Request, RequestBody, Result};
use poem_openapi::payload::{ParsePayload, Payload};
use poem_openapi::registry::{MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::Segment;
use tokio::time::{Instant, timeout_at};

use super::Problem;

/// Largest body in bytes.
pub(super) const LIMIT: usize = 16 * 1024 * 1024;
/// How long the next chunk of a body may take, and the whole body.
const CHUNK_LIMIT: Duration = Duration::from_secs(8);
const TOTAL_LIMIT: Duration = Duration::from_secs(20);

/// Largest body of requests that need no session, in bytes: passwords and tokens are short.
pub(crate) const CREDENTIALS: usize = 16 * 1024;

/// A JSON body of type `T` with at most `MAX` bytes, and its raw bytes.
#[derive(Debug)]
pub(crate) struct Body<T, const MAX: usize = LIMIT> {
    pub value: T,
    pub bytes: Vec<u8>,
}

impl<T: Type, const MAX: usize> Payload for Body<T, MAX> {
    const CONTENT_TYPE: &'static str = "application/json";

    fn check_content_type(content_type: &str) -> bool {
        let kind = content_type.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/json")
    }

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Type + DeserializeOwned, const MAX: usize> ParsePayload for Body<T, MAX> {
    const IS_REQUIRED: bool = true;

    async fn from_request(request: &Request, body: &mut RequestBody) -> Result<Self> {
        let length = request.header(header::CONTENT_LENGTH);
        if length.is_some_and(|length| length.parse().is_ok_and(|length: usize| length > MAX)) {
            return Err(too_large(MAX).into());
        }
        let bytes = read(body.take()?, MAX).await?;
        let value = parse(&bytes)?;
        Ok(Self { value, bytes })
    }
}

fn too_large(max: usize) -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too_large",
        format!("the body must have at most {max} bytes"),
    )
}

async fn read(body: poem::Body, max: usize) -> Result<Vec<u8>, Problem> {
    let started = Instant::now();
    let mut chunks = body.into_bytes_stream();
    let mut bytes = Vec::new();
    loop {
        let limit = (Instant::now() + CHUNK_LIMIT).min(started + TOTAL_LIMIT);
        let chunk = timeout_at(limit, chunks.try_next()).await.map_err(|_| {
            Problem::new(
                StatusCode::REQUEST_TIMEOUT,
                "body_timeout",
                "the body arrived too slowly; send it again",
            )
        })?;
        let chunk = chunk.map_err(|_| {
            Problem::new(
                StatusCode::BAD_REQUEST,
                "unreadable_body",
                "the connection closed before the body was complete",
            )
        })?;
        let Some(chunk) = chunk else {
            return Ok(bytes);
        };
        if bytes.len() + chunk.len() > max {
            return Err(too_large(max));
        }
        bytes.extend_from_slice(&chunk);
    }
}

/// Parses strictly: rejects unknown and repeated fields, and names the faulty field by its JSON pointer.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value: T = serde_path_to_error::deserialize(&mut json)
        .map_err(|error| mismatch(bytes, error.path(), error.inner()))?;
    json.end().map_err(|error| malformed(&error))?;
    // Serde also accepts the fields as an array in order, which the contract does not allow.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(Problem::invalid(
            "",
            "wrong_type",
            "the body must be an object",
        ));
    }
    Ok(value)
}

fn malformed(error: &serde_json::Error) -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "malformed_json",
        format!("the body is not valid JSON: {error}"),
    )
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    let parts = path.iter().map(|segment| match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{key}"),
        Segment::Enum { .. } | Segment::Unknown => String::new(),
    });
    parts.collect()
}

fn mismatch(bytes: &[u8], path: &serde_path_to_error::Path, error: &serde_json::Error) -> Problem {
    let mut text = error.to_string();
    if !matches!(error.classify(), Category::Data) {
        if serde_json::from_slice::<serde_json::Value>(bytes).is_err() {
            return malformed(error);
        }
        // Where an enum value is expected, the parser reports a number or an array as a syntax error.
        "expected a string".clone_into(&mut text);
    }
    let reason = text.split(" at line ").next().unwrap_or(&text);
    // For an unknown, missing or repeated field the path ends at its parent, and the message contains its name.
    let field = reason
        .split_once("field `")
        .and_then(|(_, rest)| rest.split_once('`'))
        .map(|(name, _)| name);
    let mut pointer = pointer(path);
    if let Some(name) = field
        && !pointer.ends_with(&format!("/{name}"))
    {
        pointer.push('/');
        pointer.push_str(name);
    }
    let code = match reason.split('`').next().unwrap_or_default().trim_end() {
        "unknown field" => "unknown_field",
        "unknown variant" => "unknown_value",
        "missing field" => "missing",
        "duplicate field" => "duplicate_field",
        _ => "wrong_type",
    };
    Problem::invalid(&pointer, code, reason)
}

// Written by hand: the macro of poem-openapi supports only its own payload types.
impl<'a, T: Type + DeserializeOwned + Send, const MAX: usize> ApiExtractor<'a> for Body<T, MAX> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        <Self as Payload>::register(registry);
    }

    fn request_meta() -> Option<poem_openapi::registry::MetaRequest> {
        Some(poem_openapi::registry::MetaRequest {
            description: None,
            content: vec![poem_openapi::registry::MetaMediaType {
                content_type: Self::CONTENT_TYPE,
                schema: Self::schema_ref(),
            }],
            required: true,
        })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> Result<Self> {
        if !Self::check_content_type(request.content_type().unwrap_or_default()) {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "send the body as Content-Type: application/json",
            )
            .into());
        }
        <Self as ParsePayload>::from_request(request, body).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only parsed")]
    struct Sample {
        name: String,
        size: Option<u8>,
        colour: Option<Colour>,
    }

    #[derive(Debug, serde::Deserialize)]
    enum Colour {}

    fn fault(text: &str) -> (u16, String, String) {
        let problem = parse::<Sample>(text.as_bytes()).unwrap_err();
        let field = problem.errors.first().cloned();
        let (pointer, code) =
            field.map_or_else(Default::default, |field| (field.pointer, field.code));
        let code = if code.is_empty() {
            problem.code.to_owned()
        } else {
            code
        };
        (problem.status.as_u16(), pointer, code)
    }

    #[test]
    fn every_error_names_its_field() {
        for (text, status, pointer, code) in [
            ("", 400, "", "malformed_json"),
            ("{", 400, "", "malformed_json"),
            ("\u{feff}{}", 400, "", "malformed_json"),
            (r#"{"name":"a"} x"#, 400, "", "malformed_json"),
            (r#"{"name":"\ud800"}"#, 400, "", "malformed_json"),
            (r#"{"name":1e400}"#, 400, "", "malformed_json"),
            ("[]", 422, "", "wrong_type"),
            (r#"["a",1]"#, 422, "", "wrong_type"),
            ("null", 422, "", "wrong_type"),
            ("{}", 422, "/name", "missing"),
            (r#"{"name":1}"#, 422, "/name", "wrong_type"),
            (r#"{"name":"a","size":256}"#, 422, "/size", "wrong_type"),
            (r#"{"name":"a","colour":7}"#, 422, "/colour", "wrong_type"),
            (r#"{"name":"a","other":1}"#, 422, "/other", "unknown_field"),
            (
                r#"{"name":"a","name":"b"}"#,
                422,
                "/name",
                "duplicate_field",
            ),
        ] {
            assert_eq!(
                fault(text),
                (status, pointer.to_owned(), code.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn deep_nesting_is_rejected() {
        let deep = "[".repeat(10_000);
        assert!(parse::<Sample>(deep.as_bytes()).is_err());
    }
}
