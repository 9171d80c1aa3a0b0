//! Metadata of a request: preconditions, idempotency key, client address, user agent and reason.

use std::net::IpAddr;
use std::sync::Arc;

use eventstore::Execution;
use eventstore::command::idempotency::Idempotency;
use eventstore::command::{Context, Step, Via};
use ipnet::IpNet;
use poem::http::uri::{Authority, Scheme};
use poem::http::{HeaderMap, HeaderName, StatusCode, Uri, header};
use poem::{FromRequest, Request, RequestBody, Result};
use uuid::Uuid;

use super::{Caller, Problem, RequestId};
use crate::forwarded;
use crate::hosts;
use crate::limits::Allowance;
use crate::state::App;

const TEXT_LIMIT: usize = 500;
const KEY_LIMIT: usize = 255;

/// The headers that operations read.
#[derive(Debug, Clone)]
pub(crate) struct RequestMeta {
    pub request_id: String,
    /// The client's address, as reported by trusted proxies.
    pub address: Option<IpAddr>,
    pub agent: Option<String>,
    pub min_position: Option<i64>,
    /// What remains of the limits that the request counts against.
    pub allowance: Allowance,
    /// Method and path, which an idempotency key is bound to.
    operation: String,
    reason: Option<String>,
    if_match: Option<i64>,
    key: Option<String>,
}

impl<'a> FromRequest<'a> for RequestMeta {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> Result<Self> {
        let agent = header_text(request, "user-agent")?
            .map(|agent| agent.chars().take(TEXT_LIMIT).collect());
        Ok(Self {
            request_id: request
                .data::<RequestId>()
                .map_or_else(String::new, |id| id.0.clone()),
            address: client_address(request),
            agent,
            min_position: min_position(request)?,
            allowance: request.data::<Allowance>().cloned().unwrap_or_default(),
            operation: format!("{} {}", request.method(), request.uri().path()),
            reason: reason(request)?,
            if_match: if_match(request)?,
            key: idempotency_key(request)?,
        })
    }
}

/// How a browser reached the server; checked before a session starts.
#[derive(Debug, Clone)]
pub(crate) struct BrowserContext {
    /// The requested host name, if it is not known to belong to this server.
    pub unverified_host: Option<String>,
    /// Whether the client would drop a cookie with the `Secure` attribute.
    pub drops_secure_cookies: bool,
}

impl<'a> FromRequest<'a> for BrowserContext {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> Result<Self> {
        let app = request.data::<Arc<App>>();
        Ok(Self {
            unverified_host: app.and_then(|app| hosts::unverified_host(&app.settings, request)),
            drops_secure_cookies: drops_secure_cookies(request),
        })
    }
}

/// The address of the client: the nearest one that is not a trusted proxy.
fn client_address(request: &Request) -> Option<IpAddr> {
    let nearest = request.remote_addr().as_socket_addr()?.ip();
    let trusted = trusted_proxies(request);
    Some(forwarded::client_address(
        nearest,
        request.headers(),
        trusted,
    ))
}

fn trusted_proxies(request: &Request) -> &[IpNet] {
    request
        .data::<Arc<App>>()
        .map_or(&[][..], |app| &app.settings.trusted_proxies)
}

/// Whether the client is a browser that opened the page over plain HTTP: it drops `Secure` cookies, except on
/// localhost. Browsers send the origin of the page in `Origin`; a trusted proxy forwards the scheme.
fn drops_secure_cookies(request: &Request) -> bool {
    let headers = request.headers();
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(page) = text(header::ORIGIN).and_then(|origin| origin.parse::<Uri>().ok()) {
        return page.scheme() == Some(&Scheme::HTTP) && !page.host().is_some_and(is_this_machine);
    }
    let host = text(header::HOST).and_then(|host| host.parse::<Authority>().ok());
    let local = host.is_some_and(|host| is_this_machine(host.host()));
    let nearest = request.remote_addr().as_socket_addr();
    let scheme = nearest
        .and_then(|nearest| forwarded::scheme(nearest.ip(), headers, trusted_proxies(request)));
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("http")) && !local
}

/// Whether browsers treat a host as secure without TLS.
pub(crate) fn is_this_machine(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost"
        || name.ends_with(".localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.to_canonical().is_loopback())
}

impl RequestMeta {
    /// The version in `If-Match`.
    pub(crate) fn expected(&self) -> Option<i64> {
        self.if_match
    }

    /// The context that is stored with a command of this caller. The operator has no key that could seal an address.
    pub(crate) fn context(&self, caller: &Caller) -> Context {
        if let Some(os_user) = &caller.operator {
            return Context {
                request: Some(self.request_id.clone()),
                ..Context::cli(os_user)
            };
        }
        Context {
            session: caller.session,
            ..self.context_for(caller.id, caller.via)
        }
    }

    /// The same for a user who has no session yet.
    pub(crate) fn context_for(&self, user_id: Uuid, via: Via) -> Context {
        Context {
            request: Some(self.request_id.clone()),
            address: Some(
                self.address
                    .map_or_else(String::new, |address| address.to_string()),
            ),
            agent: self.agent.clone(),
            reason: self.reason.clone(),
            ..Context::user(user_id, via)
        }
    }

    /// Combines steps, context and idempotency key into a command.
    pub(crate) fn execution(
        &self,
        caller: &Caller,
        body: &[u8],
        steps: Vec<Box<dyn Step>>,
    ) -> Execution {
        Execution {
            idempotency: self.idempotency(caller, body),
            ..Execution::new(self.context(caller), steps)
        }
    }

    /// Identifies repetitions of this request, if it has an idempotency key.
    pub(crate) fn idempotency(&self, caller: &Caller, body: &[u8]) -> Option<Idempotency> {
        self.key.as_ref().map(|key| Idempotency {
            principal: caller.principal(),
            operation: self.operation.clone(),
            key: key.clone(),
            body: body.to_vec(),
        })
    }
}

/// The entries of a header that is a comma-separated list, over all its lines.
pub(crate) fn header_entries<'a>(
    headers: &'a HeaderMap,
    name: &str,
) -> impl Iterator<Item = &'a str> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
}

/// Whether the `Accept` header names a media type.
pub(crate) fn accepts(headers: &HeaderMap, kind: &str) -> bool {
    header_entries(headers, "accept").any(|entry| {
        let accepted = entry.split(';').next().unwrap_or_default();
        accepted.trim().eq_ignore_ascii_case(kind)
    })
}

fn header_text(request: &Request, name: &'static str) -> Result<Option<String>, Problem> {
    match request.headers().get(HeaderName::from_static(name)) {
        None => Ok(None),
        Some(value) => match std::str::from_utf8(value.as_bytes()) {
            Ok(text) if !text.chars().any(char::is_control) => Ok(Some(text.to_owned())),
            _ => Err(invalid(name, "must not contain control characters")),
        },
    }
}

fn invalid(name: &str, detail: &str) -> Problem {
    Problem::unreadable(name, "invalid_header", format!("{name} {detail}"))
}

fn reason(request: &Request) -> Result<Option<String>, Problem> {
    match header_text(request, "convosphere-reason")? {
        Some(reason) if reason.chars().count() > TEXT_LIMIT => Err(invalid(
            "convosphere-reason",
            "must have at most 500 characters",
        )),
        reason => Ok(reason),
    }
}

fn min_position(request: &Request) -> Result<Option<i64>, Problem> {
    let Some(value) = header_text(request, "convosphere-min-position")? else {
        return Ok(None);
    };
    match value.parse() {
        Ok(position) if position >= 0 => Ok(Some(position)),
        _ => Err(invalid(
            "convosphere-min-position",
            "must be a log position, such as 42",
        )),
    }
}

fn idempotency_key(request: &Request) -> Result<Option<String>, Problem> {
    match header_text(request, "idempotency-key")? {
        Some(key) if key.is_empty() || key.len() > KEY_LIMIT => {
            Err(invalid("idempotency-key", "must have 1 to 255 bytes"))
        }
        key => Ok(key),
    }
}

/// `*` only requires that the object exists, which every command checks anyway; a weak tag never matches.
fn if_match(request: &Request) -> Result<Option<i64>, Problem> {
    let Some(value) = header_text(request, "if-match")? else {
        return Ok(None);
    };
    let value = value.trim();
    if value == "*" {
        return Ok(None);
    }
    let version = value
        .strip_prefix('"')
        .and_then(|value| value.strip_suffix('"'))
        .and_then(|version| version.parse().ok());
    version.map(Some).ok_or_else(|| {
        Problem::new(
            StatusCode::PRECONDITION_FAILED,
            "version_mismatch",
            "If-Match must be the ETag that a read of the object returned",
        )
    })
}
