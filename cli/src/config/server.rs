//! The settings of the listeners.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;

use super::layers::{Layers, Origin};

/// Where a server listens, and who may reach it.
#[derive(Debug, Clone)]
pub struct Server {
    pub listen: SocketAddr,
    pub admin_listen: SocketAddr,
    /// Whether `admin_listen` is configured; an address in use is then an error.
    pub admin_listen_is_set: bool,
    pub registration: api::Registration,
    pub trusted_proxies: Vec<IpNet>,
    /// Host names of the server besides those of this machine; `None` accepts all.
    pub hosts: Option<Vec<String>>,
}

impl Server {
    /// See [`is_exposed`].
    pub fn is_exposed(&self) -> bool {
        is_exposed(self.listen, &self.trusted_proxies)
    }
}

pub fn read(layers: &Layers, errors: &mut Vec<String>) -> Option<Server> {
    let listen: Option<SocketAddr> =
        layers.parse("server.listen", "an address such as 127.0.0.1:8080", errors);
    let admin_listen: Option<SocketAddr> =
        layers.parse("admin.listen", "an address such as 127.0.0.1:9090", errors);
    let trusted_proxies = parse_proxies(layers.text("proxy.trusted"), errors);
    let exposed = listen.is_some_and(|listen| is_exposed(listen, &trusted_proxies));
    if let Some(listen) = listen.filter(|_| exposed && trusted_proxies.is_empty()) {
        errors.push(format!(
            "server.listen: {listen} is reachable from other machines; listen on 127.0.0.1, or set proxy.trusted to the \
             proxy that terminates TLS"
        ));
    }
    let hosts = parse_hosts(layers.text("server.hosts"), exposed, errors);
    let registration = parse_registration(layers.text("server.registration"), exposed, errors);
    Some(Server {
        listen: listen?,
        admin_listen: admin_listen?,
        admin_listen_is_set: layers.value("admin.listen").origin != Origin::Default,
        registration: registration?,
        trusted_proxies,
        hosts,
    })
}

/// Whether sign-up is open. The default is open if the server is not exposed.
fn parse_registration(
    text: &str,
    exposed: bool,
    errors: &mut Vec<String>,
) -> Option<api::Registration> {
    match text {
        "" if !exposed => Some(api::Registration::Open),
        "open" => Some(api::Registration::Open),
        "closed" | "" => Some(api::Registration::Closed),
        other => {
            errors.push(format!(
                "server.registration: {other:?} must be open or closed"
            ));
            None
        }
    }
}

/// Addresses and networks.
fn parse_proxies(text: &str, errors: &mut Vec<String>) -> Vec<IpNet> {
    let mut proxies = Vec::new();
    for entry in text
        .split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
    {
        let network = entry
            .parse::<IpNet>()
            .or_else(|_| entry.parse::<IpAddr>().map(IpNet::from));
        match network {
            Ok(network) => proxies.push(network),
            Err(_) => errors.push(format!(
                "proxy.trusted: {entry:?} is not an address or a network such as 10.0.0.0/8"
            )),
        }
    }
    proxies
}

/// The host names of the server. If none are configured, an exposed server leaves the check to its proxy (`None`), and
/// other servers accept only the names of this machine.
fn parse_hosts(text: &str, exposed: bool, errors: &mut Vec<String>) -> Option<Vec<String>> {
    let names = text.split(',').map(str::trim);
    let names: Vec<String> = names
        .filter(|name| !name.is_empty())
        .map(api::hosts::normalize_name)
        .collect();
    let is_name = |name: &str| {
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        name.chars().all(is_allowed) && name.split('.').all(|label| !label.is_empty())
    };
    for name in names.iter().filter(|name| !is_name(name)) {
        errors.push(format!(
            "server.hosts: {name:?} is not a host name such as chat.example.org, without scheme and port"
        ));
    }
    (!exposed || !names.is_empty()).then_some(names)
}

/// Whether the server is reachable from other machines, directly or through a proxy. An exposed server closes sign-up by
/// default and restricts cookies to TLS.
fn is_exposed(listen: SocketAddr, trusted_proxies: &[IpNet]) -> bool {
    !listen.ip().to_canonical().is_loopback() || !trusted_proxies.is_empty()
}

#[cfg(test)]
mod tests {
    use super::{is_exposed, parse_hosts, parse_proxies};

    #[test]
    fn a_server_is_exposed_to_other_machines_directly_or_through_a_proxy() {
        for (listen, trusted, exposed) in [
            ("127.0.0.1:8080", "", false),
            ("127.9.9.9:8080", "", false),
            ("[::1]:8080", "", false),
            ("[::ffff:127.0.0.1]:8080", "", false),
            ("127.0.0.1:8080", "127.0.0.1", true),
            ("127.0.0.1:8080", "::1", true),
            ("[::1]:8080", "10.0.0.0/8", true),
            ("0.0.0.0:8080", "", true),
            ("[::]:8080", "", true),
            ("192.168.1.2:8080", "", true),
            ("192.168.1.2:8080", "192.168.1.1", true),
            ("0.0.0.0:8080", "10.0.0.0/8, 172.16.0.0/12", true),
        ] {
            let trusted_proxies = parse_proxies(trusted, &mut vec![]);
            let found = is_exposed(listen.parse().unwrap(), &trusted_proxies);
            assert_eq!(found, exposed, "{listen} behind {trusted:?}");
        }
    }

    #[test]
    fn host_names_are_checked_if_they_are_configured_or_the_server_is_not_exposed() {
        let names = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
        for (text, exposed, expected) in [
            ("", false, names(&[])),
            ("", true, None),
            (" , ", true, None),
            ("nas", false, names(&["nas"])),
            (
                "Chat.Example.org., nas",
                true,
                names(&["chat.example.org", "nas"]),
            ),
        ] {
            let mut errors = vec![];
            assert_eq!(
                parse_hosts(text, exposed, &mut errors),
                expected,
                "{text:?}"
            );
            assert_eq!(errors, Vec::<String>::new(), "{text:?}");
        }
        for wrong in [
            "https://nas",
            "nas:8080",
            "a b",
            "*.example.org",
            "..",
            "nas/",
            ".nas",
        ] {
            let mut errors = vec![];
            parse_hosts(&format!("ok.example, {wrong}"), true, &mut errors);
            assert_eq!(errors.len(), 1, "{wrong}: {errors:?}");
            assert!(errors[0].starts_with("server.hosts: "), "{errors:?}");
        }
    }
}
