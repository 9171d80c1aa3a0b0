//! Where a request comes from: the nearest address that is no proxy of the operator's.
//!
//! Proxies append to `X-Forwarded-For` or to `Forwarded` (RFC 7239), and whatever the client wrote itself is to the left
//! of what they wrote. So both are read from the right, and only as far as what was read was written by a proxy that is
//! trusted. What cannot be read is never skipped: it ends the walk, at the last proxy.
//!
//! A proxy usually writes one of the two and passes the other on as the client sent it. Where both are present and name
//! different clients, neither is believed.

#[cfg(test)]
mod tests;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use poem::http::{HeaderMap, HeaderValue};

/// The client's address, by the address of the connection and the headers of trusted proxies.
pub fn client(nearest: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let nearest = nearest.to_canonical();
    if !is_trusted(nearest, trusted) {
        return nearest;
    }
    let listed = walk(nearest, legacy_hops(headers), trusted);
    let standard = walk(nearest, standard_hops(headers), trusted);
    match (listed, standard) {
        (Some(client), None) | (None, Some(client)) => client,
        (Some(client), Some(other)) if client == other => client,
        _ => nearest,
    }
}

/// The scheme by which the client reached the nearest proxy, where a trusted one says it.
pub fn scheme<'a>(nearest: IpAddr, headers: &'a HeaderMap, trusted: &[IpNet]) -> Option<&'a str> {
    if !is_trusted(nearest.to_canonical(), trusted) {
        return None;
    }
    let last = headers.get_all("x-forwarded-proto").iter().next_back()?;
    let scheme = last.to_str().ok()?.rsplit(',').next()?.trim();
    (!scheme.is_empty()).then_some(scheme)
}

/// What one subscriber has as a rule: an IPv4 address, or the /64 of an IPv6 network, of which every machine has as many
/// addresses as it likes.
pub fn subscriber(address: IpAddr) -> IpNet {
    cut(address, 32, 64)
}

/// What one site has as a rule, however many networks it makes of it: an IPv4 address, or the /48 of an IPv6 network.
pub fn site(address: IpAddr) -> IpNet {
    cut(address, 32, 48)
}

/// What stays the same while a device keeps its connection: its provider may move it between neighbouring addresses.
pub fn neighbourhood(address: IpAddr) -> IpNet {
    let address = address.to_canonical();
    match address.is_loopback() {
        true => cut(IpAddr::V4(Ipv4Addr::LOCALHOST), 24, 48),
        false => cut(address, 24, 48),
    }
}

fn cut(address: IpAddr, v4: u8, v6: u8) -> IpNet {
    let address = address.to_canonical();
    let length = if address.is_ipv4() { v4 } else { v6 };
    IpNet::new(address, length).map_or_else(|_| address.into(), |network| network.trunc())
}

/// Whether an address is a proxy of the operator's.
pub fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&address))
}

/// Follows hops, the nearest first, to the first one that is not trusted; none where there is no hop at all. A hop that
/// is no address ends the walk: what is beyond it may have been written by anybody.
fn walk(nearest: IpAddr, hops: Vec<Option<IpAddr>>, trusted: &[IpNet]) -> Option<IpAddr> {
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
    hops.map(|hop| node(std::str::from_utf8(hop).ok()?))
        .collect()
}

/// The hops of `Forwarded`, the nearest first. A line that breaks the grammar hides who wrote which part of it. Where no
/// element has a `for`, the header tells of something else, such as the scheme, and names no hop.
fn standard_hops(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let mut hops = Vec::new();
    for line in headers.get_all("forwarded").iter().rev() {
        match elements(line) {
            Some(elements) => hops.extend(elements.into_iter().rev()),
            None => hops.push(Sender::Hidden),
        }
    }
    if hops.iter().all(|hop| *hop == Sender::Unsaid) {
        return Vec::new();
    }
    let address = |hop| match hop {
        Sender::Address(address) => Some(address),
        Sender::Hidden | Sender::Unsaid => None,
    };
    hops.into_iter().map(address).collect()
}

/// What an element of `Forwarded` says of who sent the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sender {
    Address(IpAddr),
    /// `unknown`, a hidden name, or what is no address.
    Hidden,
    Unsaid,
}

/// The `for` of each element of a `Forwarded` line, first to last; nothing where the line breaks the grammar.
fn elements(line: &HeaderValue) -> Option<Vec<Sender>> {
    let mut rest = line.to_str().ok()?.trim();
    let mut elements = Vec::new();
    let mut sender = Sender::Unsaid;
    loop {
        let (name, after) = rest.split_once('=')?;
        let name = name.trim();
        if name.is_empty() || !name.bytes().all(is_token) {
            return None;
        }
        let (value, after) = value(after)?;
        if name.eq_ignore_ascii_case("for") {
            // Said twice, it is not clear which.
            if sender != Sender::Unsaid {
                return None;
            }
            sender = node(&value).map_or(Sender::Hidden, Sender::Address);
        }
        let after = after.trim_start();
        match after.bytes().next() {
            None => {
                elements.push(sender);
                return Some(elements);
            }
            Some(b';') => {}
            Some(b',') => elements.push(std::mem::replace(&mut sender, Sender::Unsaid)),
            Some(_) => return None,
        }
        rest = after.get(1..)?.trim_start();
    }
}

/// A token or a quoted string, and what comes after it.
fn value(text: &str) -> Option<(String, &str)> {
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

/// An address as proxies write it: `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:443`,
/// with a zone, in quotes, or an IPv4 address within an IPv6 one. `unknown` and hidden names are none.
fn node(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let text = match text.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"')?,
        None => text,
    };
    let address = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, after) = rest.split_once(']')?;
            if !after.is_empty() {
                port(after.strip_prefix(':')?)?;
            }
            IpAddr::V6(v6(address)?)
        }
        None => match text.split_once(':') {
            None => IpAddr::V4(text.parse().ok()?),
            Some((address, after)) if !after.contains(':') && address.contains('.') => {
                port(after)?;
                IpAddr::V4(address.parse().ok()?)
            }
            Some(_) => IpAddr::V6(v6(text)?),
        },
    };
    Some(address.to_canonical())
}

fn v6(text: &str) -> Option<Ipv6Addr> {
    let (address, zone) = text.split_once('%').unwrap_or((text, "0"));
    let named = !zone.is_empty() && zone.bytes().all(is_token);
    address.parse().ok().filter(|_| named)
}

/// A port, or a hidden one (RFC 7239, section 6.3).
fn port(text: &str) -> Option<()> {
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
