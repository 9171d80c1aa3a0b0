//! Finds the address of the client: the nearest address that is not a trusted proxy.
//!
//! Proxies append to `X-Forwarded-For` or to `Forwarded` (RFC 7239); to the left of that is whatever the client sent.
//! So both headers are read from the right, and only as far as trusted proxies have written them. An entry that cannot
//! be parsed is never skipped: reading stops at the last proxy.
//!
//! A proxy usually writes one of the two headers and forwards the other one as the client sent it. If both are present
//! and name different clients, neither is used.

#[cfg(test)]
mod tests;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use poem::http::{HeaderMap, HeaderValue};

/// The client's address, from the address of the connection and the headers of trusted proxies.
pub(crate) fn client_address(nearest: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let nearest = nearest.to_canonical();
    if !is_trusted(nearest, trusted) {
        return nearest;
    }
    let listed = follow_hops(nearest, legacy_hops(headers), trusted);
    let standard = follow_hops(nearest, standard_hops(headers), trusted);
    match (listed, standard) {
        (Some(client), None) | (None, Some(client)) => client,
        (Some(client), Some(other)) if client == other => client,
        _ => nearest,
    }
}

/// The scheme by which the client reached the nearest proxy, if that is trusted and reports it.
pub(crate) fn scheme<'a>(
    nearest: IpAddr,
    headers: &'a HeaderMap,
    trusted: &[IpNet],
) -> Option<&'a str> {
    if !is_trusted(nearest.to_canonical(), trusted) {
        return None;
    }
    let last = headers.get_all("x-forwarded-proto").iter().next_back()?;
    let scheme = last.to_str().ok()?.rsplit(',').next()?.trim();
    (!scheme.is_empty()).then_some(scheme)
}

/// The network that one subscriber usually has: an IPv4 address, or an IPv6 /64, in which a machine can choose any
/// address.
pub(crate) fn subscriber(address: IpAddr) -> IpNet {
    truncate(address, 32, 64)
}

/// The network that one site usually has: an IPv4 address, or an IPv6 /48.
pub(crate) fn site(address: IpAddr) -> IpNet {
    truncate(address, 32, 48)
}

/// A network in which a device usually stays when its provider assigns it another address.
pub(crate) fn neighbourhood(address: IpAddr) -> IpNet {
    let address = address.to_canonical();
    match address.is_loopback() {
        true => truncate(IpAddr::V4(Ipv4Addr::LOCALHOST), 24, 48),
        false => truncate(address, 24, 48),
    }
}

fn truncate(address: IpAddr, v4: u8, v6: u8) -> IpNet {
    let address = address.to_canonical();
    let length = if address.is_ipv4() { v4 } else { v6 };
    IpNet::new(address, length).map_or_else(|_| address.into(), |network| network.trunc())
}

/// Whether an address belongs to a trusted proxy.
pub(crate) fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&address))
}

/// Follows hops, the nearest first, to the first one that is not trusted; none if there are no hops. Stops at a hop
/// that is not an address, because anybody may have written the entries before it.
fn follow_hops(nearest: IpAddr, hops: Vec<Option<IpAddr>>, trusted: &[IpNet]) -> Option<IpAddr> {
    if hops.is_empty() {
        return None;
    }
    let mut last = nearest;
    for hop in hops {
        let Some(hop) = hop else {
            return Some(last);
        };
        if !is_trusted(hop, trusted) {
            return Some(hop);
        }
        last = hop;
    }
    Some(last)
}

/// The hops of `X-Forwarded-For`, the nearest first.
fn legacy_hops(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    let hops = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    hops.map(|hop| parse_node(std::str::from_utf8(hop).ok()?))
        .collect()
}

/// The hops of `Forwarded`, the nearest first. In a malformed line it is unclear who wrote which part, so it counts as
/// a hidden hop. If no element has a `for`, the header carries other information, such as the scheme, and has no hops.
fn standard_hops(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let mut hops = Vec::new();
    for line in headers.get_all("forwarded").iter().rev() {
        match parse_elements(line) {
            Some(elements) => hops.extend(elements.into_iter().rev()),
            None => hops.push(Sender::Hidden),
        }
    }
    if hops.iter().all(|hop| *hop == Sender::Absent) {
        return Vec::new();
    }
    let address = |hop| match hop {
        Sender::Address(address) => Some(address),
        Sender::Hidden | Sender::Absent => None,
    };
    hops.into_iter().map(address).collect()
}

/// The sender in an element of `Forwarded`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sender {
    Address(IpAddr),
    /// `unknown`, an obfuscated identifier, or anything that is not an address.
    Hidden,
    Absent,
}

/// The `for` of each element of a `Forwarded` line, in order; none if the line is malformed.
fn parse_elements(line: &HeaderValue) -> Option<Vec<Sender>> {
    let mut rest = line.to_str().ok()?.trim();
    let mut elements = Vec::new();
    let mut sender = Sender::Absent;
    loop {
        let (name, after) = rest.split_once('=')?;
        let name = name.trim();
        if name.is_empty() || !name.bytes().all(is_token) {
            return None;
        }
        let (value, after) = parse_value(after)?;
        if name.eq_ignore_ascii_case("for") {
            // A repeated parameter is ambiguous.
            if sender != Sender::Absent {
                return None;
            }
            sender = parse_node(&value).map_or(Sender::Hidden, Sender::Address);
        }
        let after = after.trim_start();
        match after.bytes().next() {
            None => {
                elements.push(sender);
                return Some(elements);
            }
            Some(b';') => {}
            Some(b',') => elements.push(std::mem::replace(&mut sender, Sender::Absent)),
            Some(_) => return None,
        }
        rest = after.get(1..)?.trim_start();
    }
}

/// Parses a token or a quoted string, and returns it with the rest.
fn parse_value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text
            .bytes()
            .position(|byte| !is_token(byte))
            .unwrap_or(text.len());
        let (token, after) = text.split_at(end);
        return (!token.is_empty()).then(|| (token.to_owned(), after));
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, quoted.get(at + 1..)?)),
            '\\' => value.push(characters.next()?.1),
            character => value.push(character),
        }
    }
    None
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Parses an address as proxies write it: `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1`, `[2001:db8::1]`,
/// `[2001:db8::1]:443`, with a zone, in quotes, or an IPv4-mapped IPv6 address.
fn parse_node(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let text = match text.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"')?,
        None => text,
    };
    let address = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, after) = rest.split_once(']')?;
            if !after.is_empty() {
                check_port(after.strip_prefix(':')?)?;
            }
            IpAddr::V6(parse_v6(address)?)
        }
        None => match text.split_once(':') {
            None => IpAddr::V4(text.parse().ok()?),
            Some((address, after)) if !after.contains(':') && address.contains('.') => {
                check_port(after)?;
                IpAddr::V4(address.parse().ok()?)
            }
            Some(_) => IpAddr::V6(parse_v6(text)?),
        },
    };
    Some(address.to_canonical())
}

fn parse_v6(text: &str) -> Option<Ipv6Addr> {
    let (address, zone) = text.split_once('%').unwrap_or((text, "0"));
    let named = !zone.is_empty() && zone.bytes().all(is_token);
    address.parse().ok().filter(|_| named)
}

/// Accepts a port or an obfuscated one (RFC 7239, section 6.3).
fn check_port(text: &str) -> Option<()> {
    let hidden = text.strip_prefix('_').is_some_and(|name| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    });
    let number = (1..=5).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && text.parse::<u16>().is_ok();
    (hidden || number).then_some(())
}
