//! What the head of a request says: preconditions, idempotency, circumstances.

use std::net::IpAddr;
use std::sync::Arc;

use eventstore::Execution;
use eventstore::executor::{Context, Step, Via};
use eventstore::idempotency::Idempotency;
use ipnet::IpNet;
use poem::http::uri::{Authority, Scheme};
use poem::http::{HeaderMap, HeaderName, StatusCode, Uri, header};
use poem::{FromRequest, Request, RequestBody, Result};
use uuid::Uuid;

use crate::auth::Caller;
use crate::edge::RequestId;
use crate::forwarded;
use crate::hosts;
use crate::limits::Allowance;
use crate::problem::Problem;
use crate::state::App;

const TEXT_LIMIT: usize = 500;
const KEY_LIMIT: usize = 255;

/// The headers that operations heed.
#[derive(Debug, Clone)]
pub struct Head {
    pub request_id: String,
    /// The client's address, behind the proxies that are trusted.
    pub address: Option<IpAddr>,
    pub agent: Option<String>,
    pub min_position: Option<i64>,
    /// What is left of the limits that the request counts against.
    pub allowance: Allowance,
    /// Method and path: what an idempotency key is used for.
    operation: String,
    reason: Option<String>,
    if_match: Option<i64>,
    key: Option<String>,
}

impl<'a> FromRequest<'a> for Head {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> Result<Self> {
        let agent =
            text(request, "user-agent")?.map(|agent| agent.chars().take(TEXT_LIMIT).collect());
        Ok(Self {
            request_id: request
                .data::<RequestId>()
                .map_or_else(String::new, |id| id.0.clone()),
            address: address(request),
            agent,
            min_position: min_position(request)?,
            allowance: request.data::<Allowance>().cloned().unwrap_or_default(),
            operation: format!("{} {}", request.method(), request.uri().path()),
            reason: reason(request)?,
            if_match: if_match(request)?,
            key: key(request)?,
        })
    }
}

/// What a request says of the way that a browser took to the server: for those who begin sessions.
#[derive(Debug, Clone)]
pub struct Route {
    /// The host name that the request is for, where nothing says that it is the server's.
    pub unvouched_host: Option<String>,
    /// Whether a cookie that is for TLS alone is lost on this client.
    pub drops_secure_cookies: bool,
}

impl<'a> FromRequest<'a> for Route {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> Result<Self> {
        let app = request.data::<Arc<App>>();
        Ok(Self {
            unvouched_host: app.and_then(|app| hosts::unvouched(&app.settings, request)),
            drops_secure_cookies: drops_secure_cookies(request),
        })
    }
}

/// Where a request comes from: the nearest address that is no proxy of the operator's.
fn address(request: &Request) -> Option<IpAddr> {
    let nearest = request.remote_addr().as_socket_addr()?.ip();
    let trusted = proxies(request);
    Some(forwarded::client(nearest, request.headers(), trusted))
}

fn proxies(request: &Request) -> &[IpNet] {
    request
        .data::<Arc<App>>()
        .map_or(&[][..], |app| &app.settings.trusted_proxies)
}

/// Whether the client is a browser that shows a page of plain HTTP at a name: it drops cookies that are for TLS alone.
/// Browsers say in `Origin` where their page is from; a proxy that is trusted says by which scheme it was reached.
fn drops_secure_cookies(request: &Request) -> bool {
    let headers = request.headers();
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(page) = text(header::ORIGIN).and_then(|origin| origin.parse::<Uri>().ok()) {
        return page.scheme() == Some(&Scheme::HTTP) && !page.host().is_some_and(is_this_machine);
    }
    let host = text(header::HOST).and_then(|host| host.parse::<Authority>().ok());
    let local = host.is_some_and(|host| is_this_machine(host.host()));
    let nearest = request.remote_addr().as_socket_addr();
    let scheme =
        nearest.and_then(|nearest| forwarded::scheme(nearest.ip(), headers, proxies(request)));
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("http")) && !local
}

/// Names by which browsers take a page as secure without TLS.
pub(crate) fn is_this_machine(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost"
        || name.ends_with(".localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.to_canonical().is_loopback())
}

impl Head {
    /// The version that the caller expects.
    pub fn expected(&self) -> Option<i64> {
        self.if_match
    }

    /// The circumstances of a command of this caller.
    pub fn context(&self, caller: &Caller) -> Context {
        Context {
            session: caller.session,
            ..self.context_of(caller.id, caller.via)
        }
    }

    /// The circumstances of a command of somebody who has no session yet.
    pub fn context_of(&self, user_id: Uuid, via: Via) -> Context {
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

    /// What the caller asks for with this request and its body.
    pub fn execution(&self, caller: &Caller, body: &[u8], steps: Vec<Box<dyn Step>>) -> Execution {
        Execution {
            idempotency: self.idempotency(caller, body),
            ..Execution::new(self.context(caller), steps)
        }
    }

    /// What makes a repetition of this request find its first answer.
    pub fn idempotency(&self, caller: &Caller, body: &[u8]) -> Option<Idempotency> {
        self.key.as_ref().map(|key| Idempotency {
            principal: format!("user:{}", caller.id),
            operation: self.operation.clone(),
            key: key.clone(),
            body: body.to_vec(),
        })
    }
}

/// The entries of a header that is a list, over all its lines.
pub(crate) fn listed<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a str> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
}

/// Whether the client says that it takes answers of a kind.
pub(crate) fn accepts(headers: &HeaderMap, kind: &str) -> bool {
    listed(headers, "accept").any(|entry| {
        let accepted = entry.split(';').next().unwrap_or_default();
        accepted.trim().eq_ignore_ascii_case(kind)
    })
}

fn text(request: &Request, name: &'static str) -> Result<Option<String>, Problem> {
    match request.headers().get(HeaderName::from_static(name)) {
        None => Ok(None),
        Some(value) => match std::str::from_utf8(value.as_bytes()) {
            Ok(text) if !text.chars().any(char::is_control) => Ok(Some(text.to_owned())),
            _ => Err(invalid(name, "must be printable text")),
        },
    }
}

fn invalid(name: &str, detail: &str) -> Problem {
    Problem::unreadable(name, "invalid_header", format!("{name} {detail}"))
}

fn reason(request: &Request) -> Result<Option<String>, Problem> {
    match text(request, "convosphere-reason")? {
        Some(reason) if reason.chars().count() > TEXT_LIMIT => Err(invalid(
            "convosphere-reason",
            "may have at most 500 characters",
        )),
        reason => Ok(reason),
    }
}

fn min_position(request: &Request) -> Result<Option<i64>, Problem> {
    let Some(value) = text(request, "convosphere-min-position")? else {
        return Ok(None);
    };
    match value.parse() {
        Ok(position) if position >= 0 => Ok(Some(position)),
        _ => Err(invalid(
            "convosphere-min-position",
            "must be a position, such as 42",
        )),
    }
}

fn key(request: &Request) -> Result<Option<String>, Problem> {
    match text(request, "idempotency-key")? {
        Some(key) if key.is_empty() || key.len() > KEY_LIMIT => {
            Err(invalid("idempotency-key", "must have 1 to 255 bytes"))
        }
        key => Ok(key),
    }
}

/// `*` asks only that the object exists, which every command does; a weak tag never matches.
fn if_match(request: &Request) -> Result<Option<i64>, Problem> {
    let Some(value) = text(request, "if-match")? else {
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
