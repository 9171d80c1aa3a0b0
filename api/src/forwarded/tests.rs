use poem::http::HeaderName;
use proptest::prelude::*;

use super::*;

const PROXY: &str = "10.0.0.1";
const REAL: &str = "203.0.113.9";

fn trusted() -> Vec<IpNet> {
    vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()]
}

fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
        headers.append(HeaderName::from_static(name), value);
    }
    headers
}

/// The client's address according to the headers of the proxy.
fn found(lines: &[(&'static str, &str)]) -> String {
    client_address(PROXY.parse().unwrap(), &headers(lines), &trusted()).to_string()
}

#[test]
fn addresses_are_parsed_in_every_form_that_proxies_write() {
    for (text, address) in [
        ("203.0.113.9", "203.0.113.9"),
        ("  203.0.113.9\t", "203.0.113.9"),
        ("203.0.113.9:51234", "203.0.113.9"),
        ("\"203.0.113.9:51234\"", "203.0.113.9"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("\"[2001:db8::1]:443\"", "2001:db8::1"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("[fe80::1%25eth0]:80", "fe80::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("[::ffff:203.0.113.9]:80", "203.0.113.9"),
        ("::ffff:cb00:7109", "203.0.113.9"),
        ("198.51.100.7, 203.0.113.9:1", "203.0.113.9"),
        ("198.51.100.7, 203.0.113.9:1, 10.0.0.7:2", "203.0.113.9"),
        ("203.0.113.9, [fd00::7]:80", "203.0.113.9"),
        // All hops are trusted: the farthest one counts.
        ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
    ] {
        assert_eq!(found(&[("x-forwarded-for", text)]), address, "{text:?}");
    }
}

#[test]
fn reading_stops_at_an_invalid_address() {
    for text in [
        "",
        " ",
        ",",
        "unknown",
        "_hidden",
        "for=1.2.3.4",
        "1.2.3",
        "1.2.3.4.5",
        "01.2.3.4",
        "1.2.3.4:",
        "1.2.3.4:x",
        "1.2.3.4:99999",
        "1.2.3.4:+80",
        "[1.2.3.4]",
        "[1.2.3.4]:80",
        "[::1",
        "::1]",
        "[::1]80",
        "[::1]:",
        "\"1.2.3.4",
        "1.2.3.4\"",
        "1.2.3.4/32",
        "0x7f.1",
        "1.2.3.4 5.6.7.8",
        "localhost",
        "é",
        "::1%",
    ] {
        for forged in ["", "198.51.100.7, ", "10.0.0.5, "] {
            let line = format!("{forged}{text}");
            assert_eq!(found(&[("x-forwarded-for", &line)]), PROXY, "{line:?}");
            let line = format!("{line}, 10.0.0.9");
            assert_eq!(found(&[("x-forwarded-for", &line)]), "10.0.0.9", "{line:?}");
        }
    }
}

#[test]
fn repeated_headers_are_read_from_the_last_one() {
    let lines = [
        ("x-forwarded-for", "198.51.100.7"),
        ("x-forwarded-for", "203.0.113.9"),
    ];
    assert_eq!(found(&lines), REAL);
    let lines = [
        ("x-forwarded-for", "203.0.113.9"),
        ("x-forwarded-for", "10.0.0.2, 10.0.0.3"),
    ];
    assert_eq!(found(&lines), REAL);
}

#[test]
fn the_standard_header_follows_its_grammar() {
    for (line, address) in [
        ("for=203.0.113.9", "203.0.113.9"),
        ("For=203.0.113.9;proto=https;by=10.0.0.1", "203.0.113.9"),
        ("proto=https; for=\"203.0.113.9:80\"", "203.0.113.9"),
        ("for=198.51.100.7, for=203.0.113.9", "203.0.113.9"),
        ("for=203.0.113.9, for=\"[fd00::1]:80\"", "203.0.113.9"),
        ("for=\"[2001:db8::1]:_port\"", "2001:db8::1"),
        ("for=\"\\203.0.113.9\"", "203.0.113.9"),
        ("for=198.51.100.7, for=unknown", PROXY),
        ("for=198.51.100.7, for=_secret", PROXY),
        ("for=198.51.100.7, proto=https", PROXY),
        ("for=198.51.100.7;for=198.51.100.8", PROXY),
        ("for=\"198.51.100.7", PROXY),
        ("for=198.51.100.7,", PROXY),
        ("198.51.100.7", PROXY),
        ("for=198.51.100.7;x=\", for=\"203.0.113.9\"", PROXY),
    ] {
        assert_eq!(found(&[("forwarded", line)]), address, "{line:?}");
    }
}

#[test]
fn neither_header_is_used_if_they_differ() {
    let both = |listed, standard| found(&[("x-forwarded-for", listed), ("forwarded", standard)]);
    assert_eq!(both("203.0.113.9", "for=203.0.113.9"), REAL);
    assert_eq!(both("203.0.113.9", "for=198.51.100.7"), PROXY);
    assert_eq!(both("198.51.100.7", "for=203.0.113.9"), PROXY);
    assert_eq!(both("203.0.113.9", "nonsense"), PROXY);
    assert_eq!(both("", "for=203.0.113.9"), PROXY);
}

/// Some proxies send only the scheme in `Forwarded`, and the client in the other header.
#[test]
fn a_standard_header_without_a_client_is_ignored() {
    for line in [
        "proto=https",
        "by=10.0.0.1;proto=https;host=chat.example",
        "proto=http, proto=https",
        "Host=\"chat.example:443\"",
    ] {
        let with = |listed| found(&[("x-forwarded-for", listed), ("forwarded", line)]);
        assert_eq!(with(REAL), REAL, "{line:?}");
        assert_eq!(with("198.51.100.7, 203.0.113.9"), REAL, "{line:?}");
        assert_eq!(with("unknown"), PROXY, "{line:?}");
        assert_eq!(found(&[("forwarded", line)]), PROXY, "{line:?}");
        let lines = [("forwarded", line), ("forwarded", "for=203.0.113.9")];
        assert_eq!(found(&lines), REAL, "{line:?}");
    }
    // If other elements have a client, one without is a hop that hides it.
    let both = |standard| found(&[("x-forwarded-for", REAL), ("forwarded", standard)]);
    assert_eq!(both("for=198.51.100.7, proto=https"), PROXY);
    assert_eq!(both("for=unknown;proto=https"), PROXY);
    assert_eq!(both("proto=https,"), PROXY);
}

#[test]
fn only_trusted_proxies_are_believed() {
    let lines = headers(&[
        ("x-forwarded-for", "203.0.113.9"),
        ("x-forwarded-proto", "http"),
    ]);
    for nearest in ["198.51.100.1", "::1", "::ffff:198.51.100.1"] {
        let nearest: IpAddr = nearest.parse().unwrap();
        assert_eq!(
            client_address(nearest, &lines, &trusted()),
            nearest.to_canonical()
        );
        assert_eq!(scheme(nearest, &lines, &trusted()), None);
    }
    // A dual-stack listener reports an IPv4 peer as an IPv4-mapped IPv6 address.
    let nearest: IpAddr = "::ffff:10.0.0.1".parse().unwrap();
    assert_eq!(
        client_address(nearest, &lines, &trusted()).to_string(),
        REAL
    );
    assert_eq!(scheme(nearest, &lines, &trusted()), Some("http"));
}

#[test]
fn addresses_are_truncated_to_subscriber_site_and_neighbourhood() {
    let text = |network: IpNet| network.to_string();
    for (address, one, whole, around) in [
        (
            "192.0.2.77",
            "192.0.2.77/32",
            "192.0.2.77/32",
            "192.0.2.0/24",
        ),
        (
            "::ffff:192.0.2.77",
            "192.0.2.77/32",
            "192.0.2.77/32",
            "192.0.2.0/24",
        ),
        (
            "2001:db8:1:2:3::4",
            "2001:db8:1:2::/64",
            "2001:db8:1::/48",
            "2001:db8:1::/48",
        ),
        ("127.0.0.1", "127.0.0.1/32", "127.0.0.1/32", "127.0.0.0/24"),
        ("::1", "::/64", "::/48", "127.0.0.0/24"),
    ] {
        let address = address.parse().unwrap();
        assert_eq!(text(subscriber(address)), one);
        assert_eq!(text(site(address)), whole);
        assert_eq!(text(neighbourhood(address)), around);
    }
}

/// Anything that a client can put into a header, including separators and addresses of proxies.
fn forged() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ -~\t]{0,12}",
        Just(",".to_owned()),
        Just("\"".to_owned()),
        Just("\\".to_owned()),
        Just("é\u{202e}".to_owned()),
        Just(";for=".to_owned()),
        Just("for=198.51.100.7".to_owned()),
        Just("198.51.100.7".to_owned()),
        Just("10.0.0.5".to_owned()),
        Just("[fd00::1]:80".to_owned()),
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn as_written() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(REAL.to_owned()),
        (1..=65_535_u16).prop_map(|port| format!("{REAL}:{port}")),
        Just(format!("::ffff:{REAL}")),
        Just(format!("[::ffff:{REAL}]:80")),
    ]
}

proptest! {
    #[test]
    fn a_forged_prefix_never_becomes_the_address(
        left in forged(),
        real in as_written(),
        proxies in proptest::collection::vec(prop_oneof![Just("10.0.0.2"), Just("10.0.0.3:80"), Just("[fd00::2]:1")], 0..3),
        separate in any::<bool>(),
    ) {
        let written = std::iter::once(real.as_str()).chain(proxies).collect::<Vec<_>>().join(", ");
        let address = match separate {
            true => found(&[("x-forwarded-for", &left), ("x-forwarded-for", &written)]),
            false => found(&[("x-forwarded-for", &format!("{left}, {written}"))]),
        };
        prop_assert_eq!(address, REAL);
    }

    #[test]
    fn the_standard_header_yields_only_the_client_or_the_proxy(
        left in forged(),
        quoted in any::<bool>(),
        separate in any::<bool>(),
        legacy in proptest::option::of(forged()),
    ) {
        let written = if quoted { format!("for=\"{REAL}:80\";proto=https") } else { format!("for={REAL}") };
        let joined = format!("{left}, {written}");
        let mut lines = match separate {
            true => vec![("forwarded", left.as_str()), ("forwarded", written.as_str())],
            false => vec![("forwarded", joined.as_str())],
        };
        if let Some(legacy) = &legacy {
            lines.push(("x-forwarded-for", legacy));
        }
        let address = found(&lines);
        prop_assert!(address == REAL || address == PROXY, "{}", address);
    }
}
