//! Errors as `application/problem+json`. [`conversions`] is the one mapping from errors of other crates to statuses.

mod conversions;

use domain::Refusal;
use poem::error::ResponseError;
use poem::http::{HeaderValue, StatusCode, header};
use poem::{IntoResponse, Response};
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::Type;
use poem_openapi::{ApiResponse, Object};

/// The body of every error response.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Problem")]
pub(crate) struct ProblemBody {
    /// A URI that names the kind of problem.
    #[oai(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    pub status: u16,
    /// What failed, and what to do about it.
    pub detail: String,
    /// The requested path.
    pub instance: String,
    /// A stable error code.
    pub code: String,
    /// The id of this request, also in `X-Request-Id`.
    pub request_id: String,
    /// Errors of single fields.
    pub errors: Vec<ProblemField>,
}

/// An error of one field.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct ProblemField {
    /// A JSON pointer into the body, or the name of a parameter.
    pub pointer: String,
    pub code: String,
    pub detail: String,
}

/// An error that is returned to the client.
#[derive(Debug, Clone)]
pub struct Problem {
    pub status: StatusCode,
    pub code: &'static str,
    pub detail: String,
    pub errors: Vec<ProblemField>,
    /// Seconds after which the client may retry.
    pub retry_after: Option<u64>,
}

/// The error statuses that operations may return.
const STATUSES: &[(u16, &str)] = &[
    (400, "The request is malformed."),
    (401, "The credentials are missing or invalid."),
    (403, "The caller is not allowed to do this."),
    (
        404,
        "The object does not exist, or the caller may not see it.",
    ),
    (408, "The body arrived too slowly."),
    (409, "The state of the object does not allow this."),
    (410, "The object is no longer available."),
    (
        412,
        "The object has another version than `If-Match` expects.",
    ),
    (413, "The body is too large."),
    (415, "The body has an unsupported media type."),
    (416, "The range is beyond the end of the file."),
    (422, "A field or parameter is invalid; `errors` names it."),
    (429, "The client has sent too many requests."),
    (
        500,
        "The server failed unexpectedly; its log has the details under the request id.",
    ),
    (
        503,
        "A service that the server needs is unavailable, or the server is overloaded.",
    ),
];

impl Problem {
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            errors: vec![],
            retry_after: None,
        }
    }

    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "the object does not exist",
        )
    }

    pub fn forbidden(detail: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    pub fn unauthorized(detail: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
    }

    /// An invalid field or parameter.
    pub fn invalid(pointer: &str, code: &str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self {
            errors: vec![ProblemField {
                pointer: pointer.to_owned(),
                code: code.to_owned(),
                detail: detail.clone(),
            }],
            ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail)
        }
    }

    /// The same with status 400, for a header or parameter that cannot be parsed.
    pub fn unreadable(pointer: &str, code: &str, detail: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            ..Self::invalid(pointer, code, detail)
        }
    }

    /// The refusal of an aggregate or a value.
    pub fn refused(refusal: impl Refusal) -> Self {
        let refusal: Box<dyn Refusal> = Box::new(refusal);
        refusal.into()
    }

    /// Moves errors of these fields into the object that contains the fields.
    #[must_use]
    pub fn within(mut self, object: &str, fields: &[&str]) -> Self {
        for error in &mut self.errors {
            if fields.iter().any(|field| error.pointer.starts_with(field)) {
                error.pointer.insert_str(0, object);
            }
        }
        self
    }

    pub fn too_many(detail: &str, retry_after: u64) -> Self {
        Self {
            retry_after: Some(retry_after),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", detail)
        }
    }

    pub fn unavailable(code: &'static str, detail: &str) -> Self {
        Self {
            retry_after: Some(1),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail)
        }
    }

    /// Stored data that cannot be decoded; logged with its causes. Retrying does not help.
    fn undecodable(error: &dyn std::error::Error) -> Self {
        tracing::error!(error = chain(error), "cannot decode an event of the log");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "log_undecodable",
            "this version cannot decode an event of the log; ask the operator to look at the server log",
        )
    }

    /// An encryption key that is unavailable; logged with its causes.
    fn key_unavailable(error: &dyn std::error::Error) -> Self {
        tracing::error!(error = chain(error), "an encryption key is unavailable");
        Self::unavailable(
            "key_unavailable",
            "the encryption key is unavailable; ask the operator to look at the server log",
        )
    }

    /// Tells a database that is unavailable from an unexpected error.
    fn from_database(error: &sqlx::Error) -> Self {
        let unavailable = || {
            Self::unavailable(
                "database_unavailable",
                "the database is unavailable; try again",
            )
        };
        match error {
            sqlx::Error::Database(database) => match database.code().as_deref() {
                Some("53100") => {
                    Self::unavailable("storage_full", "the disk is full; nothing was written")
                }
                Some(code)
                    if code.starts_with("57P")
                        || code.starts_with("53")
                        || code.starts_with("08") =>
                {
                    unavailable()
                }
                _ => Self::internal(error),
            },
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::Protocol(_) => unavailable(),
            _ => Self::internal(error),
        }
    }

    /// An unexpected error; logged with its causes, which are hidden from the client.
    pub fn internal(error: &dyn std::error::Error) -> Self {
        tracing::error!(error = chain(error), "unexpected error");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "the server failed unexpectedly; its log has the details under this request id",
        )
    }

    /// Builds the response. The middleware calls it, which knows the request id and the path.
    pub fn respond(&self, request_id: &str, path: &str) -> Response {
        let body = serde_json::json!({
            "type": format!("urn:convosphere:problem:{}", self.code),
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "detail": self.detail,
            "instance": path,
            "code": self.code,
            "request_id": request_id,
            "errors": self.errors.iter().map(|field| serde_json::json!({
                "pointer": field.pointer, "code": field.code, "detail": field.detail,
            })).collect::<Vec<_>>(),
        });
        let mut response = Response::builder()
            .status(self.status)
            .content_type("application/problem+json")
            .body(body.to_string());
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// An error with its causes, for the log.
fn chain(error: &dyn std::error::Error) -> String {
    let mut chain = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        // A transparent error has the same text as its cause.
        if !chain.ends_with(&text) {
            chain.push_str(": ");
            chain.push_str(&text);
        }
        cause = error.source();
    }
    chain
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status(&self) -> StatusCode {
        self.status
    }

    fn as_response(&self) -> Response {
        self.respond("", "")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.as_response()
    }
}

impl ApiResponse for Problem {
    fn meta() -> MetaResponses {
        let responses = STATUSES
            .iter()
            .map(|(status, description)| MetaResponse {
                description,
                status: Some(*status),
                status_range: None,
                content: vec![MetaMediaType {
                    content_type: "application/problem+json",
                    schema: ProblemBody::schema_ref(),
                }],
                headers: vec![],
            })
            .collect();
        MetaResponses { responses }
    }

    fn register(registry: &mut Registry) {
        ProblemBody::register(registry);
    }
}
