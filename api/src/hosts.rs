//! Checks the host name of requests. A page whose name an attacker points at this server (DNS rebinding) has the same
//! origin as the server in the eyes of the browser, so requests for unknown names are refused (ADR 0033).

use poem::Request;
use poem::http::uri::Authority;
use poem::http::{StatusCode, header};

use crate::forwarded;
use crate::http::{Problem, is_this_machine};
use crate::state::Settings;

/// Health checks may use any host name.
const PROBES: [&str; 3] = ["/livez", "/healthz", "/readyz"];

/// Refuses requests for host names other than those that the operator has configured.
pub(crate) fn check(settings: &Settings, request: &Request) -> Result<(), Problem> {
    let names = settings.hosts.as_ref();
    let names = names.filter(|_| !PROBES.contains(&request.uri().path()));
    match names.and_then(|names| find_unknown_host(request, names)) {
        Some(host) => Err(misdirected(&host)),
        None => Ok(()),
    }
}

/// The host name of a request, if it is not known to belong to this server: no names are configured, and the request
/// did not come through a trusted proxy, which vouches for the names that it forwards.
pub(crate) fn unverified_host(settings: &Settings, request: &Request) -> Option<String> {
    let nearest = request.remote_addr().as_socket_addr()?.ip();
    let verified = settings.hosts.is_some()
        || forwarded::is_trusted(nearest.to_canonical(), &settings.trusted_proxies);
    (!verified)
        .then(|| find_unknown_host(request, &[]))
        .flatten()
}

pub(crate) fn misdirected(host: &str) -> Problem {
    Problem::new(
        StatusCode::MISDIRECTED_REQUEST,
        "unknown_host",
        format!(
            "{host:?} is not a known name of this server; add it to the setting server.hosts, or use localhost or an IP address"
        ),
    )
}

/// The first host name of a request that is not in `names`.
fn find_unknown_host(request: &Request, names: &[String]) -> Option<String> {
    let target = request.uri().authority().map(Authority::as_str);
    let hosts = request.headers().get_all(header::HOST).iter();
    let mut requested = target
        .into_iter()
        .chain(hosts.map(|host| host.to_str().unwrap_or_default()));
    requested
        .find(|host| !is_own(host, names))
        .map(str::to_owned)
}

/// IP addresses and localhost always pass: nobody can make them resolve to another machine.
fn is_own(authority: &str, names: &[String]) -> bool {
    let Ok(parsed) = authority.parse::<Authority>() else {
        return false;
    };
    let host = parsed.host();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let name = normalize_name(host);
    let port = authority.strip_prefix(host);
    port.is_some_and(|port| port.is_empty() || port.starts_with(':'))
        && (address.parse::<std::net::IpAddr>().is_ok()
            || is_this_machine(&name)
            || names.contains(&name))
}

/// Normalizes a host name for comparison.
pub fn normalize_name(host: &str) -> String {
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_port_case_and_final_dot() {
        let names = ["chat.example.org".to_owned(), "nas".to_owned()];
        for own in [
            "chat.example.org",
            "chat.example.org:8443",
            "CHAT.Example.ORG",
            "chat.example.org.",
            "Chat.example.org.:80",
            "nas:8080",
            "127.0.0.1",
            "10.1.2.3:8080",
            "[::1]:8080",
            "[2001:DB8::7]",
            "localhost",
            "LOCALHOST:3000",
            "localhost.",
            "app.localhost:1",
        ] {
            assert!(is_own(own, &names), "{own}");
        }
        for foreign in [
            "",
            ":80",
            "evil.example",
            "evil.example:8080",
            "chat.example.org.evil.example",
            "xchat.example.org",
            "x.chat.example.org",
            "example.org",
            "chat.example.org..",
            "localhost.evil.example",
            "notlocalhost",
            "127.0.0.1.evil.example",
            "2130706433",
            "0x7f.1",
            "[::1].evil.example",
            "nas@evil.example",
            "evil.example@nas",
            "nas evil.example",
            "nas/evil",
        ] {
            assert!(!is_own(foreign, &names), "{foreign}");
        }
        assert!(!is_own("chat.example.org", &[]));
    }
}
