//! Rules for the addresses that the server calls on behalf of users. Pure: the caller resolves host names and checks
//! the resulting addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Why a provider's base URL is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    #[error("must be an address such as https://api.example.org/v1")]
    Malformed,
    #[error("must begin with http:// or https://")]
    Scheme,
    #[error("must not contain a user name or password; put the key into api_key")]
    Credentials,
    #[error("must not have a query or a fragment")]
    Query,
}

/// Validates a base URL and normalises it: parsed, without a trailing slash.
pub fn parse_base_url(text: &str) -> Result<String, UrlError> {
    if text.chars().any(|c| c.is_control() || c == '\\') {
        return Err(UrlError::Malformed);
    }
    let url = Url::parse(text.trim()).map_err(|_| UrlError::Malformed)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(UrlError::Scheme);
    }
    if url.host().is_none() {
        return Err(UrlError::Malformed);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlError::Credentials);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(UrlError::Query);
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Whether a text is an HTTP(S) URL without credentials.
pub fn is_web_url(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
    })
}

/// The host and port of a URL, as written in the setting that allows private addresses.
pub fn authority(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    Some(format!(
        "{}:{}",
        url.host_str()?,
        url.port_or_known_default()?
    ))
}

/// The host name in a URL; `None` for an IP address.
pub fn host_name(url: &str) -> Option<String> {
    match Url::parse(url).ok()?.host()? {
        Host::Domain(name) => Some(name.to_owned()),
        Host::Ipv4(_) | Host::Ipv6(_) => None,
    }
}

/// Whether a URL points into a private network, judged without DNS. Invalid URLs count as private.
pub fn is_private(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else {
        return true;
    };
    match url.host() {
        Some(Host::Ipv4(address)) => !is_public(address.into()),
        Some(Host::Ipv6(address)) => !is_public(address.into()),
        Some(Host::Domain(name)) => is_private_name(name),
        None => true,
    }
}

fn is_private_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let suffixes = [".localhost", ".local", ".internal", ".home.arpa", ".lan"];
    name == "localhost"
        || !name.contains('.')
        || suffixes.iter().any(|suffix| name.ends_with(suffix))
}

/// Whether an address is publicly routable.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let protocol = a == 192 && b == 0 && (c == 0 || c == 2);
    let benchmark = a == 198 && (b == 18 || b == 19);
    // Azure's WireServer, reachable only from inside its virtual machines.
    let platform = address == Ipv4Addr::new(168, 63, 129, 16);
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || shared
        || protocol
        || benchmark
        || platform)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    if let Some(inner) = embedded_ipv4(segments) {
        return is_public_v4(inner);
    }
    // Global unicast, except ranges reserved within it.
    let global = segments[0] & 0xe000 == 0x2000;
    let documentation = segments[0] == 0x2001 && segments[1] == 0x0db8;
    let teredo = segments[0] == 0x2001 && segments[1] == 0;
    global && !documentation && !teredo
}

/// The IPv4 address inside a mapped (`::ffff:0:0/96`), translated (NAT64) or tunnelled (6to4) IPv6 address.
fn embedded_ipv4(segments: [u16; 8]) -> Option<Ipv4Addr> {
    let inner = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match segments {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            Some(inner(high, low))
        }
        [0x2002, high, low, ..] => Some(inner(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_recognised_in_every_spelling() {
        for url in [
            "http://127.0.0.1:11434/v1",
            "http://0.0.0.0",
            "http://[::1]",
            "http://[::]",
            "http://10.1.2.3",
            "http://172.16.0.1",
            "http://192.168.1.1",
            "http://100.64.0.1",
            "http://169.254.169.254/latest",
            "http://[fd00::1]",
            "http://[fe80::1]",
            "http://metadata.google.internal",
            "http://168.63.129.16",
            "http://[::ffff:7f00:1]",
            "http://[::ffff:a9fe:a9fe]",
            "http://[64:ff9b::7f00:1]",
            "http://[2002:7f00:1::]",
            "http://2130706433",
            "http://0177.0.0.1",
            "http://0x7f.1",
            "http://127.1",
            "http://localhost.",
            "http://LOCALHOST",
            "http://127\u{3002}0\u{3002}0\u{3002}1",
            "http://ollama",
        ] {
            assert!(is_private(url), "{url}");
        }
        for url in [
            "https://api.openai.com/v1",
            "http://8.8.8.8",
            "http://[2606:4700::1]",
        ] {
            assert!(!is_private(url), "{url}");
        }
    }

    #[test]
    fn a_base_url_is_normalised() {
        assert_eq!(
            parse_base_url(" https://API.openai.com/v1/ "),
            Ok("https://api.openai.com/v1".to_owned())
        );
        for (text, error) in [
            ("", UrlError::Malformed),
            ("api.openai.com", UrlError::Malformed),
            ("file:///etc/passwd", UrlError::Scheme),
            ("gopher://x", UrlError::Scheme),
            ("http://a@127.0.0.1", UrlError::Credentials),
            ("http://good#@evil", UrlError::Query),
            ("http://good\\@evil", UrlError::Malformed),
            ("http://go\tod", UrlError::Malformed),
            ("http://good/?x=1", UrlError::Query),
        ] {
            assert_eq!(parse_base_url(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn the_authority_always_has_a_port() {
        assert_eq!(
            authority("http://localhost/v1").as_deref(),
            Some("localhost:80")
        );
        assert_eq!(
            authority("https://[::1]:8443").as_deref(),
            Some("[::1]:8443")
        );
    }
}
