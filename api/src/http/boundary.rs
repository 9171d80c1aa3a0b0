//! The outermost middleware: request ids, security headers, time limits, errors as problems, one log line per request.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use eventstore::Clock;
use futures_util::FutureExt;
use poem::error::{MethodNotAllowedError, NotFoundError};
use poem::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response, Result};
use poem_openapi::error::{
    AuthorizationError, ContentTypeError, ParseParamError, ParsePathError, ParseRequestPayloadError,
};
use tracing::Instrument;

use super::Problem;
use crate::limits::Allowance;
use crate::metrics::Metrics;

/// How long a handler may take. Streams are not affected: their handlers return at once.
const HANDLER_LIMIT: Duration = Duration::from_secs(30);
/// The same for uploads, whose receiver enforces a minimum rate itself.
const UPLOAD_LIMIT: Duration = Duration::from_hours(24);
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// For all responses that do not set their own policy.
const POLICY: &str = "default-src 'self'; script-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; \
    frame-ancestors 'none'; require-trusted-types-for 'script'";

/// The id of a request.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub String);

/// Wraps all endpoints.
#[derive(Debug, Clone)]
pub(crate) struct RequestBoundary {
    pub metrics: Arc<Metrics>,
    pub clock: Clock,
}

impl<E: Endpoint> Middleware<E> for RequestBoundary {
    type Output = RequestBoundaryEndpoint<E>;

    fn transform(&self, inner: E) -> RequestBoundaryEndpoint<E> {
        RequestBoundaryEndpoint {
            inner,
            metrics: self.metrics.clone(),
            clock: self.clock.clone(),
        }
    }
}

/// See [`RequestBoundary`].
#[derive(Debug)]
pub(crate) struct RequestBoundaryEndpoint<E> {
    inner: E,
    metrics: Arc<Metrics>,
    clock: Clock,
}

impl<E: Endpoint> Endpoint for RequestBoundaryEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let started = Instant::now();
        let id = request_id(&request, &self.clock);
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        request.set_data(RequestId(id.clone()));
        let uploads = is_upload(&request);
        let allowance = Allowance::default();
        request.set_data(allowance.clone());
        // Adds the request id to every log line of the handler.
        let span = tracing::info_span!("request", request_id = id);
        let handled = AssertUnwindSafe(self.inner.call(request).instrument(span)).catch_unwind();
        let limit = match uploads {
            true => UPLOAD_LIMIT,
            false => HANDLER_LIMIT,
        };
        let mut response = match tokio::time::timeout(limit, handled).await {
            Ok(Ok(Ok(output))) => output.into_response(),
            Ok(Ok(Err(error))) => to_problem(error).respond(&id, &path),
            Ok(Err(_)) => {
                tracing::error!(request_id = id, %method, path, "a handler panicked");
                Problem::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "internal",
                    "the server failed unexpectedly; its log has the details under this request id",
                )
                .respond(&id, &path)
            }
            Err(_) => Problem::unavailable("timeout", "the server took too long; try again")
                .respond(&id, &path),
        };
        set_headers(&mut response, &id);
        set_rate_limits(&mut response, &allowance);
        self.metrics
            .record_request(&method, response.status(), started.elapsed());
        let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        log(&id, (&method, &path), response.status(), milliseconds);
        Ok(response)
    }
}

/// Whether a request uploads a file. Other routes reject such bodies, and must not get the longer time limit.
fn is_upload(request: &Request) -> bool {
    let path = request.uri().path();
    let takes_files = ["/files", "/documents", "/versions"]
        .iter()
        .any(|end| path.starts_with("/api/v1/") && path.ends_with(end));
    let multipart = request
        .content_type()
        .is_some_and(|kind| kind.starts_with("multipart/"));
    takes_files && multipart && request.method() != Method::GET
}

/// Logs a request. Successful requests are frequent, so they are logged at debug level.
fn log(request_id: &str, (method, path): (&Method, &str), status: StatusCode, milliseconds: u64) {
    let code = status.as_u16();
    if status.is_server_error() {
        tracing::warn!(request_id, %method, path, status = code, milliseconds, "request");
    } else if status.is_client_error() {
        tracing::info!(request_id, %method, path, status = code, milliseconds, "request");
    } else {
        tracing::debug!(request_id, %method, path, status = code, milliseconds, "request");
    }
}

/// The id that the client sent, if it is short and has only safe characters, otherwise a new one. It is stored in the
/// log unencrypted.
fn request_id(request: &Request, clock: &Clock) -> String {
    request
        .header(REQUEST_ID)
        .filter(|id| (1..=128).contains(&id.len()) && id.bytes().all(is_id))
        .map_or_else(|| clock.new_id().to_string(), str::to_owned)
}

fn is_id(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.:=+/".contains(&byte)
}

fn set_headers(response: &mut Response, id: &str) {
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(POLICY));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
}

/// Adds the `RateLimit` headers, if a limit applied.
fn set_rate_limits(response: &mut Response, allowance: &Allowance) {
    let Some((policy, left)) = allowance.headers() else {
        return;
    };
    for (name, value) in [("ratelimit-policy", policy), ("ratelimit", left)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response
                .headers_mut()
                .insert(HeaderName::from_static(name), value);
        }
    }
}

/// Converts an error of the router, an extractor or a handler.
fn to_problem(error: poem::Error) -> Problem {
    if let Some(problem) = error.downcast_ref::<Problem>() {
        return problem.clone();
    }
    if error.is::<NotFoundError>() {
        return Problem::not_found();
    }
    if error.is::<MethodNotAllowedError>() {
        return Problem::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "this path does not support this method",
        );
    }
    if error.is::<AuthorizationError>() {
        return Problem::unauthorized("send an access token as Authorization: Bearer <token>");
    }
    // A malformed id cannot name an existing object.
    if error.is::<ParsePathError>() {
        return Problem::not_found();
    }
    if let Some(ParseParamError { name, reason }) = error.downcast_ref::<ParseParamError>() {
        return Problem::invalid(name, "invalid_parameter", format!("{name}: {reason}"));
    }
    if let Some(ParseRequestPayloadError { reason }) =
        error.downcast_ref::<ParseRequestPayloadError>()
    {
        return Problem::invalid("", "invalid_body", reason);
    }
    if error.is::<ContentTypeError>() {
        return Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "send the body as Content-Type: application/json",
        );
    }
    let status = error.status();
    if status.is_client_error() {
        return Problem::new(status, "bad_request", error.to_string());
    }
    let text = error.to_string();
    tracing::error!(error = text, "unexpected error");
    Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        "the server failed unexpectedly; its log has the details under this request id",
    )
}
