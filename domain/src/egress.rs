//! Which addresses the product may call on behalf of others. Pure: names are resolved, and checked again, by who calls.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Why an address of a provider cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UrlFault {
    #[error("must be an address such as https://api.example.org/v1")]
    Malformed,
    #[error("must begin with http:// or https://")]
    Scheme,
    #[error("must hold no user name or password; the key goes into api_key")]
    Credentials,
    #[error("must have neither a query nor a fragment")]
    Query,
}

/// A base URL in the one form in which it is kept: parsed, and without a slash at its end.
pub fn base_url(text: &str) -> Result<String, UrlFault> {
    if text.chars().any(|c| c.is_control() || c == '\\') {
        return Err(UrlFault::Malformed);
    }
    let url = Url::parse(text.trim()).map_err(|_| UrlFault::Malformed)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(UrlFault::Scheme);
    }
    if url.host().is_none() {
        return Err(UrlFault::Malformed);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlFault::Credentials);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(UrlFault::Query);
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Whether a text is the address of a web page, without a name or password in it.
pub fn is_web_page(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
    })
}

/// Host and port of a URL, as the operator's list of allowed private ones has them.
pub fn authority(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    Some(format!(
        "{}:{}",
        url.host_str()?,
        url.port_or_known_default()?
    ))
}

/// The name of the host in a URL; none where it is an address.
pub fn host_name(url: &str) -> Option<String> {
    match Url::parse(url).ok()?.host()? {
        Host::Domain(name) => Some(name.to_owned()),
        Host::Ipv4(_) | Host::Ipv6(_) => None,
    }
}

/// Whether a URL names, without a look at any name server, a place in a private network.
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
    let inner = [".localhost", ".local", ".internal", ".home.arpa", ".lan"];
    name == "localhost" || !name.contains('.') || inner.iter().any(|end| name.ends_with(end))
}

/// Whether an address is one of the public Internet.
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
    // A platform's own service, reachable from inside its machines alone.
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
    let parts = address.segments();
    if let Some(inner) = embedded(parts) {
        return is_public_v4(inner);
    }
    // Global unicast, less what is set aside in it.
    let global = parts[0] & 0xe000 == 0x2000;
    let documentation = parts[0] == 0x2001 && parts[1] == 0x0db8;
    let teredo = parts[0] == 0x2001 && parts[1] == 0;
    global && !documentation && !teredo
}

/// The IPv4 address inside a mapped, translated or tunnelled one.
fn embedded(parts: [u16; 8]) -> Option<Ipv4Addr> {
    let inner = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match parts {
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
    fn places_in_private_networks_are_known_in_every_spelling() {
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
    fn a_base_url_has_one_form() {
        assert_eq!(
            base_url(" https://API.openai.com/v1/ "),
            Ok("https://api.openai.com/v1".to_owned())
        );
        for (text, fault) in [
            ("", UrlFault::Malformed),
            ("api.openai.com", UrlFault::Malformed),
            ("file:///etc/passwd", UrlFault::Scheme),
            ("gopher://x", UrlFault::Scheme),
            ("http://a@127.0.0.1", UrlFault::Credentials),
            ("http://good#@evil", UrlFault::Query),
            ("http://good\\@evil", UrlFault::Malformed),
            ("http://go\tod", UrlFault::Malformed),
            ("http://good/?x=1", UrlFault::Query),
        ] {
            assert_eq!(base_url(text), Err(fault), "{text:?}");
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
