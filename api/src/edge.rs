//! The outermost layer: request ids, security headers, time limits, errors as problems, one log line per request.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use poem::error::{MethodNotAllowedError, NotFoundError};
use poem::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response, Result};
use poem_openapi::error::{
    AuthorizationError, ContentTypeError, ParseParamError, ParsePathError, ParseRequestPayloadError,
};
use tracing::Instrument;
use uuid::Uuid;

use crate::limits::Allowance;
use crate::metrics::Metrics;
use crate::problem::Problem;

/// How long a handler may take; streams answer at once and go on by themselves.
const HANDLER_LIMIT: Duration = Duration::from_secs(30);
/// The same where files come in: how slowly they may is for who receives them to say.
const UPLOAD_LIMIT: Duration = Duration::from_hours(24);
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// For everything but pages that bring their own.
const POLICY: &str = "default-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'";

/// The id of a request.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Wraps everything that is served.
#[derive(Debug, Clone)]
pub struct Edge(pub Arc<Metrics>);

impl<E: Endpoint> Middleware<E> for Edge {
    type Output = EdgeEndpoint<E>;

    fn transform(&self, inner: E) -> EdgeEndpoint<E> {
        EdgeEndpoint {
            inner,
            metrics: self.0.clone(),
        }
    }
}

/// See [`Edge`].
#[derive(Debug)]
pub struct EdgeEndpoint<E> {
    inner: E,
    metrics: Arc<Metrics>,
}

impl<E: Endpoint> Endpoint for EdgeEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let begun = Instant::now();
        let id = request_id(&request);
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        request.set_data(RequestId(id.clone()));
        let uploads = is_upload(&request);
        let allowance = Allowance::default();
        request.set_data(allowance.clone());
        // What is logged on the way tells which request it was.
        let span = tracing::info_span!("request", request_id = id);
        let handled = AssertUnwindSafe(self.inner.call(request).instrument(span)).catch_unwind();
        let limit = match uploads {
            true => UPLOAD_LIMIT,
            false => HANDLER_LIMIT,
        };
        let mut response = match tokio::time::timeout(limit, handled).await {
            Ok(Ok(Ok(output))) => output.into_response(),
            Ok(Ok(Err(error))) => problem(error).respond(&id, &path),
            Ok(Err(_)) => {
                tracing::error!(request_id = id, %method, path, "a handler panicked");
                Problem::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "internal",
                    "something went wrong in the server",
                )
                .respond(&id, &path)
            }
            Err(_) => Problem::unavailable("timeout", "the server took too long; try again")
                .respond(&id, &path),
        };
        seal(&mut response, &id);
        tell(&mut response, &allowance);
        self.metrics
            .answered(&method, response.status(), begun.elapsed());
        let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        log(&id, (&method, &path), response.status(), milliseconds);
        Ok(response)
    }
}

/// Whether a file comes in: on any other route a body of that kind is refused, and does not buy time.
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

/// A line of a request. Those that went well are many, and told where somebody wants to see everything.
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

/// The client's id, where it is short and of the signs that ids are made of, else a new one: it goes into the log, where
/// it is readable.
fn request_id(request: &Request) -> String {
    request
        .header(REQUEST_ID)
        .filter(|id| (1..=128).contains(&id.len()) && id.bytes().all(is_id))
        .map_or_else(|| Uuid::now_v7().to_string(), str::to_owned)
}

fn is_id(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.:=+/".contains(&byte)
}

fn seal(response: &mut Response, id: &str) {
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

/// Tells what is left of the limits that applied.
fn tell(response: &mut Response, allowance: &Allowance) {
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

/// What went wrong before or in a handler, as a problem.
fn problem(error: poem::Error) -> Problem {
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
            "this path does not take this method",
        );
    }
    if error.is::<AuthorizationError>() {
        return Problem::unauthorized("send an access token as Authorization: Bearer");
    }
    // An id that is none names nothing.
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
        "something went wrong in the server",
    )
}
