//! Calls to the outside. Names are resolved once and only public addresses are connected to, unless the operator has
//! allowed the place; no redirects, no proxies, no decompression.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::egress::{is_private, is_public};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;

const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// The clients of this process.
#[derive(Debug, Clone)]
pub struct Egress {
    guarded: reqwest::Client,
    free: reqwest::Client,
}

impl Egress {
    pub fn new() -> Result<Self, reqwest::Error> {
        let builder = || {
            reqwest::Client::builder()
                .no_proxy()
                .redirect(Policy::none())
                .connect_timeout(CONNECT_LIMIT)
                .user_agent(concat!("convosphere/", env!("CARGO_PKG_VERSION")))
        };
        Ok(Self {
            guarded: builder().dns_resolver(Arc::new(PublicOnly)).build()?,
            free: builder().build()?,
        })
    }

    /// The client for a URL; none where it names a private place that nobody has allowed.
    pub fn client(&self, url: &str, private_network: bool) -> Option<&reqwest::Client> {
        if private_network {
            return Some(&self.free);
        }
        (!is_private(url)).then_some(&self.guarded)
    }
}

/// Resolves names and keeps what is public: what was checked is what is connected to.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err("the name has no public address".into());
            }
            let addresses: Addrs = Box::new(public.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_place_has_no_client_unless_it_is_allowed() {
        let egress = Egress::new().unwrap();
        assert!(egress.client("http://127.0.0.1:1/v1", false).is_none());
        assert!(egress.client("http://127.0.0.1:1/v1", true).is_some());
        assert!(egress.client("https://api.openai.com/v1", false).is_some());
    }

    #[tokio::test]
    async fn a_name_that_resolves_to_a_private_address_is_not_connected_to() {
        let resolved = PublicOnly.resolve("localhost".parse().unwrap()).await;
        assert!(resolved.is_err());
    }
}
