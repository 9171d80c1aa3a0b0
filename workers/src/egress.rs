//! Outbound calls. Host names are resolved once, and only public addresses are connected to unless the operator allows
//! others; no redirects, proxies or decompression.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use domain::egress::{authority, host_name, is_private, is_public};
use lru::LruCache;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// For the lookup that only decides how long to wait for an answer.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(2);
/// How long, and for how many names, the result of that lookup is cached.
const CACHE_TIME: Duration = Duration::from_mins(1);
const CACHE_SIZE: NonZeroUsize = NonZeroUsize::new(256).unwrap();

/// Why a host name cannot be called. Everybody who asks can read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    #[error("the host name of the provider was not found; check its spelling and the name server")]
    NotFound,
    #[error("the provider's address is in a private network, which is not allowed (egress.allow)")]
    Private,
}

/// The HTTP clients of this process.
#[derive(Debug, Clone)]
pub struct Egress {
    public_only: reqwest::Client,
    unrestricted: reqwest::Client,
    /// Hosts and ports that the operator allows.
    allowed: Arc<[String]>,
    /// Whether names resolved to a private network, and when.
    private_hosts: Arc<Mutex<LruCache<String, (Instant, bool)>>>,
}

impl Egress {
    pub fn new() -> Result<Self, reqwest::Error> {
        let builder = || {
            reqwest::Client::builder()
                .no_proxy()
                .redirect(Policy::none())
                .connect_timeout(CONNECT_TIMEOUT)
                .user_agent(concat!("convosphere/", env!("CARGO_PKG_VERSION")))
        };
        Ok(Self {
            public_only: builder()
                .dns_resolver(Arc::new(Resolver { public_only: true }))
                .build()?,
            unrestricted: builder()
                .dns_resolver(Arc::new(Resolver { public_only: false }))
                .build()?,
            allowed: Arc::default(),
            private_hosts: Arc::new(Mutex::new(LruCache::new(CACHE_SIZE))),
        })
    }

    /// Allows hosts, each as `host:port`.
    #[must_use]
    pub fn with_allowed(mut self, hosts: &[String]) -> Self {
        self.allowed = hosts.into();
        self
    }

    /// The client for a URL; `None` if it names a private address that is not allowed.
    pub fn client(&self, url: &str, private_network: bool) -> Option<&reqwest::Client> {
        if private_network || self.is_allowed(url) {
            return Some(&self.unrestricted);
        }
        (!is_private(url)).then_some(&self.public_only)
    }

    fn is_allowed(&self, url: &str) -> bool {
        authority(url).is_some_and(|host| self.allowed.contains(&host))
    }

    /// Whether a URL is in a private network, if it may be.
    pub async fn is_private(&self, url: &str, private_network: bool) -> bool {
        if is_private(url) {
            return true;
        }
        let Some(name) = host_name(url).filter(|_| private_network || self.is_allowed(url)) else {
            return false;
        };
        if let Some((at, is_private)) = self.private_hosts().get(&name)
            && at.elapsed() < CACHE_TIME
        {
            return *is_private;
        }
        let addresses = tokio::time::timeout(LOOKUP_TIMEOUT, lookup(&name)).await;
        let is_private = addresses.is_ok_and(|addresses| {
            addresses.is_ok_and(|found| !found.iter().any(|address| is_public(address.ip())))
        });
        self.private_hosts().put(name, (Instant::now(), is_private));
        is_private
    }

    fn private_hosts(&self) -> MutexGuard<'_, LruCache<String, (Instant, bool)>> {
        self.private_hosts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Resolves a name.
async fn lookup(name: &str) -> Result<Vec<SocketAddr>, NameFault> {
    let addresses = tokio::net::lookup_host((name, 0)).await;
    addresses
        .map(Iterator::collect)
        .map_err(|_| NameFault::NotFound)
}

/// The addresses of a name that may be called.
fn filter_addresses(
    addresses: Vec<SocketAddr>,
    public_only: bool,
) -> Result<Vec<SocketAddr>, NameFault> {
    if addresses.is_empty() {
        return Err(NameFault::NotFound);
    }
    let is_allowed = |address: &SocketAddr| !public_only || is_public(address.ip());
    let allowed: Vec<SocketAddr> = addresses.into_iter().filter(is_allowed).collect();
    match allowed.is_empty() {
        true => Err(NameFault::Private),
        false => Ok(allowed),
    }
}

/// Resolves names to allowed addresses, so the checked address is the one that is connected to.
struct Resolver {
    /// Whether only public addresses are allowed.
    public_only: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let public_only = self.public_only;
        Box::pin(async move {
            let addresses = filter_addresses(lookup(name.as_str()).await?, public_only)?;
            let addresses: Addrs = Box::new(addresses.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_address_has_no_client_unless_it_is_allowed() {
        let egress = Egress::new().unwrap();
        assert!(egress.client("http://127.0.0.1:1/v1", false).is_none());
        assert!(egress.client("http://127.0.0.1:1/v1", true).is_some());
        assert!(egress.client("https://api.openai.com/v1", false).is_some());
    }

    #[tokio::test]
    async fn a_name_that_resolves_to_a_private_address_is_not_connected_to() {
        let restricted = Resolver { public_only: true };
        let resolved = restricted.resolve("localhost".parse().unwrap()).await;
        let fault = resolved.err().unwrap();
        assert_eq!(fault.downcast_ref(), Some(&NameFault::Private));
        let unrestricted = Resolver { public_only: false };
        assert!(
            unrestricted
                .resolve("localhost".parse().unwrap())
                .await
                .is_ok()
        );
    }

    #[test]
    fn a_name_is_called_at_its_allowed_addresses() {
        let addresses = |texts: &[&str]| -> Vec<SocketAddr> {
            let parse = |text: &&str| SocketAddr::new(text.parse().unwrap(), 0);
            texts.iter().map(parse).collect()
        };
        let (inner, outer) = ("10.0.0.7", "8.8.8.8");
        let both = || addresses(&[inner, outer]);
        assert_eq!(filter_addresses(both(), true), Ok(addresses(&[outer])));
        assert_eq!(filter_addresses(both(), false), Ok(both()));
        assert_eq!(
            filter_addresses(addresses(&[inner]), true),
            Err(NameFault::Private)
        );
        assert_eq!(
            filter_addresses(addresses(&[inner]), false),
            Ok(addresses(&[inner]))
        );
        for public in [true, false] {
            assert_eq!(filter_addresses(vec![], public), Err(NameFault::NotFound));
        }
    }

    #[test]
    fn allowed_hosts_are_called_at_any_address() {
        let allowed = ["llm.corp.example:9000".to_owned(), "127.0.0.1:1".to_owned()];
        let egress = Egress::new().unwrap().with_allowed(&allowed);
        assert!(egress.client("http://127.0.0.1:1/v1", false).is_some());
        assert!(egress.client("http://127.0.0.1:2/v1", false).is_none());
        assert!(egress.is_allowed("http://llm.corp.example:9000/v1"));
        assert!(!egress.is_allowed("http://llm.corp.example:9001/v1"));
    }

    #[tokio::test]
    async fn lookups_of_private_names_are_cached() {
        let egress = Egress::new().unwrap();
        let url = "http://no-such-name.invalid./v1";
        let first = egress.is_private(url, true).await;
        assert_eq!(egress.private_hosts().len(), 1);
        // The cached result counts, not a new lookup.
        let other = (Instant::now(), !first);
        let name = host_name(url).unwrap();
        egress.private_hosts().put(name, other);
        assert_eq!(egress.is_private(url, true).await, !first);
        assert!(!egress.is_private("https://api.example.org/v1", false).await);
        assert_eq!(egress.private_hosts().len(), 1);
    }

    #[tokio::test]
    async fn an_unknown_name_is_reported() {
        let egress = Egress::new().unwrap();
        let url = "http://no-such-name.invalid./v1";
        for private_network in [true, false] {
            let client = egress.client(url, private_network).unwrap();
            let error = client.get(url).send().await.unwrap_err();
            let error = crate::model::wire::connection_error(&error);
            assert_eq!(error.detail, NameFault::NotFound.to_string());
        }
    }
}
