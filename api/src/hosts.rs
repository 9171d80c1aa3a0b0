//! Under which host names requests come in. A page of a stranger's name that comes to resolve to this server (DNS
//! rebinding) is of one origin with it, as far as its browser knows: what it asks for is refused (ADR 0033).

use poem::Request;
use poem::http::uri::Authority;
use poem::http::{StatusCode, header};

use crate::forwarded;
use crate::head::is_this_machine;
use crate::problem::Problem;
use crate::state::Settings;

/// Whoever asks whether a process is well may call it what it likes.
const PROBES: [&str; 3] = ["/livez", "/healthz", "/readyz"];

/// Refuses requests for names that are not the server's, where the operator or the address that it listens on say which
/// are.
pub(crate) fn check(settings: &Settings, request: &Request) -> Result<(), Problem> {
    let names = settings.hosts.as_ref();
    let names = names.filter(|_| !PROBES.contains(&request.uri().path()));
    match names.and_then(|names| strange(request, names)) {
        Some(host) => Err(misdirected(&host)),
        None => Ok(()),
    }
}

/// The name that a request is for, where nothing says that it is the server's: nobody has named any, and the request
/// came around the operator's proxies, which answer for the names that they pass on.
pub(crate) fn unvouched(settings: &Settings, request: &Request) -> Option<String> {
    let nearest = request.remote_addr().as_socket_addr()?.ip();
    let vouched = settings.hosts.is_some()
        || forwarded::is_trusted(nearest.to_canonical(), &settings.trusted_proxies);
    (!vouched).then(|| strange(request, &[])).flatten()
}

pub(crate) fn misdirected(host: &str) -> Problem {
    Problem::new(
        StatusCode::MISDIRECTED_REQUEST,
        "unknown_host",
        format!(
            "{host:?} is no known name of this server; add it to the setting server.hosts, or use localhost or an address"
        ),
    )
}

/// The first name of a request that is none of these.
fn strange(request: &Request, names: &[String]) -> Option<String> {
    let target = request.uri().authority().map(Authority::as_str);
    let hosts = request.headers().get_all(header::HOST).iter();
    let mut asked = target
        .into_iter()
        .chain(hosts.map(|host| host.to_str().unwrap_or_default()));
    asked.find(|host| !is_own(host, names)).map(str::to_owned)
}

/// Addresses and names of this machine cannot be made to resolve to something else.
fn is_own(authority: &str, names: &[String]) -> bool {
    let Ok(parsed) = authority.parse::<Authority>() else {
        return false;
    };
    let host = parsed.host();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let name = plain_name(host);
    let port = authority.strip_prefix(host);
    port.is_some_and(|port| port.is_empty() || port.starts_with(':'))
        && (address.parse::<std::net::IpAddr>().is_ok()
            || is_this_machine(&name)
            || names.contains(&name))
}

/// A host name as it is compared.
pub fn plain_name(host: &str) -> String {
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
        for strange in [
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
            assert!(!is_own(strange, &names), "{strange}");
        }
        assert!(!is_own("chat.example.org", &[]));
    }
}
