//! Every error as `application/problem+json`: one mapping from what went wrong to a status.

use domain::{Refusal, RefusalKind};
use eventstore::files::FilesError;
use eventstore::keys::KeyError;
use eventstore::log::LogError;
use eventstore::store::LoadError;
use eventstore::{AppendError, ExecutorError};
use poem::error::ResponseError;
use poem::http::{HeaderValue, StatusCode, header};
use poem::{IntoResponse, Response};
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::Type;
use poem_openapi::{ApiResponse, Object};
use projections::user::credentials::PasswordError;

/// What a client gets with every status from 400.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Problem")]
pub struct ProblemBody {
    /// A URI that names the kind of problem.
    #[oai(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    pub status: u16,
    /// What went wrong, and what to do.
    pub detail: String,
    /// The path that was asked for.
    pub instance: String,
    /// A stable code.
    pub code: String,
    /// The id of this request, also in `X-Request-Id`.
    pub request_id: String,
    /// Faults of single fields.
    pub errors: Vec<ProblemField>,
}

/// A fault of one field.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct ProblemField {
    /// A JSON pointer into the body, or the name of a parameter.
    pub pointer: String,
    pub code: String,
    pub detail: String,
}

/// An error on its way to the client.
#[derive(Debug, Clone)]
pub struct Problem {
    pub status: StatusCode,
    pub code: &'static str,
    pub detail: String,
    pub errors: Vec<ProblemField>,
    /// Seconds after which to come back.
    pub retry_after: Option<u64>,
}

/// The statuses that any operation may answer with.
const STATUSES: &[(u16, &str)] = &[
    (400, "The request is malformed."),
    (
        401,
        "There is no valid access token, or the credentials are wrong.",
    ),
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
    (429, "There were too many requests."),
    (
        500,
        "The server failed unexpectedly; its log tells more under the request id.",
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
            "there is no such object",
        )
    }

    pub fn forbidden(detail: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    pub fn unauthorized(detail: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
    }

    /// A field or parameter that cannot be taken.
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

    /// The same for what is no field of a body: a header or a parameter that cannot be read.
    pub fn unreadable(pointer: &str, code: &str, detail: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            ..Self::invalid(pointer, code, detail)
        }
    }

    /// What an aggregate or a value refuses.
    pub fn refused(refusal: impl Refusal) -> Self {
        let refusal: Box<dyn Refusal> = Box::new(refusal);
        refusal.into()
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

    /// What is stored and cannot be decoded: logged with its causes. Trying again does not help.
    fn undecodable(error: &dyn std::error::Error) -> Self {
        tracing::error!(error = chain(error), "a part of the log cannot be decoded");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "log_undecodable",
            "a part of the log cannot be decoded by this version; tell the operator: the server's log names it",
        )
    }

    /// A key that does not open: logged with its causes.
    fn without_key(error: &dyn std::error::Error) -> Self {
        tracing::error!(error = chain(error), "a key is not available");
        Self::unavailable(
            "key_unavailable",
            "the key of this text is not available; tell the operator",
        )
    }

    /// What a database error means for the client.
    fn of_database(error: &sqlx::Error) -> Self {
        let away = || Self::unavailable("database_unavailable", "the database is away; try again");
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
                    away()
                }
                _ => Self::internal(error),
            },
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::Protocol(_) => away(),
            _ => Self::internal(error),
        }
    }

    /// What nobody foresaw: logged with its causes, hidden from the client.
    pub fn internal(error: &dyn std::error::Error) -> Self {
        tracing::error!(error = chain(error), "unexpected error");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "something went wrong in the server; its log tells more under this request id",
        )
    }

    /// The answer, for the middleware that knows request and path.
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
        // A transparent error says what its cause says.
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

impl From<Box<dyn Refusal>> for Problem {
    fn from(refusal: Box<dyn Refusal>) -> Self {
        let detail = refusal.to_string();
        match refusal.kind() {
            RefusalKind::NotFound => Self::not_found(),
            RefusalKind::Forbidden => Self::new(StatusCode::FORBIDDEN, refusal.code(), detail),
            RefusalKind::Conflict => Self::new(StatusCode::CONFLICT, refusal.code(), detail),
            RefusalKind::Invalid => {
                Self::invalid(refusal.pointer().unwrap_or(""), refusal.code(), detail)
            }
        }
    }
}

impl From<ExecutorError> for Problem {
    fn from(error: ExecutorError) -> Self {
        match error {
            ExecutorError::Refused(refusal) => refusal.into(),
            ExecutorError::VersionMismatch { .. } => Self::new(
                StatusCode::PRECONDITION_FAILED,
                "version_mismatch",
                "the object has changed since; read it again",
            ),
            ExecutorError::Reserved("email") => {
                let mut problem = Self::new(
                    StatusCode::CONFLICT,
                    "email_taken",
                    "there is an account with this address; log in instead",
                );
                problem.errors = Self::invalid("/email", "email_taken", "is taken").errors;
                problem
            }
            ExecutorError::Reserved(kind) => Self::new(
                StatusCode::CONFLICT,
                "taken",
                format!("the {kind} is taken"),
            ),
            ExecutorError::ExtraRefused(code) => Self::new(
                StatusCode::CONFLICT,
                code,
                "the state does not allow it any more",
            ),
            ExecutorError::IdempotencyMismatch => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency_mismatch",
                "this Idempotency-Key was used with another body; use a new key",
            ),
            ExecutorError::Contended => {
                Self::unavailable("contended", "the object is changing too quickly; try again")
            }
            ExecutorError::Append(error) => error.into(),
            ExecutorError::Key(error) => error.into(),
            ExecutorError::Log(error) => error.into(),
            ExecutorError::Database(error) => error.into(),
            ExecutorError::Load(error) => error.into(),
            error @ ExecutorError::Unexpected(_) => Self::internal(&error),
        }
    }
}

impl From<AppendError> for Problem {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Unavailable | AppendError::Diverged => Self::unavailable(
                "database_unavailable",
                "the log cannot be written at the moment; try again with the same Idempotency-Key",
            ),
            AppendError::StorageFull => {
                Self::unavailable("storage_full", "the disk is full; nothing was written")
            }
            AppendError::Overloaded => {
                Self::unavailable("overloaded", "too many commands are waiting; try again")
            }
            error => Self::internal(&error),
        }
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        Self::of_database(&error)
    }
}

impl From<LoadError> for Problem {
    fn from(error: LoadError) -> Self {
        match error.database_error() {
            Some(database) => Self::of_database(database),
            None => Self::undecodable(&error),
        }
    }
}

impl From<KeyError> for Problem {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Database(error) => error.into(),
            error @ (KeyError::Unwrap(_) | KeyError::Vault(_)) => Self::without_key(&error),
        }
    }
}

impl From<LogError> for Problem {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Database(error) => error.into(),
            LogError::Key(error) => error.into(),
            error @ (LogError::Vault(_) | LogError::OtherMasterKey { .. }) => {
                Self::without_key(&error)
            }
            error @ (LogError::Missing
            | LogError::Format(_)
            | LogError::Codec(_)
            | LogError::Unreadable(_)) => Self::undecodable(&error),
        }
    }
}

impl From<FilesError> for Problem {
    fn from(error: FilesError) -> Self {
        match error {
            FilesError::Missing(_) => Self::new(
                StatusCode::GONE,
                "bytes_missing",
                "the bytes of this file are not there any more",
            ),
            FilesError::Full => {
                Self::unavailable("storage_full", "the disk is full; nothing was kept")
            }
            FilesError::Log(error) => error.into(),
            FilesError::Store(_) | FilesError::Location(_) => {
                tracing::error!(%error, "the store of files is away");
                Self::unavailable(
                    "storage_unavailable",
                    "the store of files is away; try again",
                )
            }
            FilesError::Vault(_) => {
                tracing::error!(%error, "a file does not open");
                Self::unavailable(
                    "key_unavailable",
                    "this file does not open; tell the operator",
                )
            }
        }
    }
}

impl From<PasswordError> for Problem {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Self::unavailable("busy", "too many log-ins at once; try again"),
            PasswordError::Database(error) => error.into(),
            error @ PasswordError::Hash => Self::internal(&error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_is_away_is_so_wherever_it_is_noticed() {
        let away = || sqlx::Error::PoolTimedOut;
        for problem in [
            Problem::from(away()),
            ExecutorError::Load(LoadError::Database(away())).into(),
            ExecutorError::Log(LogError::Database(away())).into(),
            ExecutorError::Key(KeyError::Database(away())).into(),
        ] {
            assert_eq!(
                (problem.status.as_u16(), problem.code),
                (503, "database_unavailable")
            );
        }
        for problem in [
            Problem::from(LogError::Unreadable(7)),
            LogError::Format(9).into(),
        ] {
            assert_eq!(
                (problem.status.as_u16(), problem.code),
                (500, "log_undecodable")
            );
        }
    }
}
