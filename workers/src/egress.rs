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

const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// For the lookup that only decides how long to wait for an answer.
const GLANCE: Duration = Duration::from_secs(2);
/// How long, and for how many names, the result of that lookup is cached.
const FRESH: Duration = Duration::from_mins(1);
const NAMES: NonZeroUsize = NonZeroUsize::new(256).unwrap();

/// Why a host name cannot be called. Everybody who asks can read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    #[error(
        "the name in the provider's address was not found; look for a typing error, or ask whoever runs the name server"
    )]
    NotFound,
    #[error(
        "the provider's address is in a private network, which the operator has not allowed (egress.allow)"
    )]
    Private,
}

/// The HTTP clients of this process.
#[derive(Debug, Clone)]
pub struct Egress {
    guarded: reqwest::Client,
    free: reqwest::Client,
    /// Hosts and ports that the operator allows.
    allowed: Arc<[String]>,
    /// Whether names resolved to a private network, and when.
    seen: Arc<Mutex<LruCache<String, (Instant, bool)>>>,
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
            guarded: builder()
                .dns_resolver(Arc::new(Names { public: true }))
                .build()?,
            free: builder()
                .dns_resolver(Arc::new(Names { public: false }))
                .build()?,
            allowed: Arc::default(),
            seen: Arc::new(Mutex::new(LruCache::new(NAMES))),
        })
    }

    /// Allows hosts, each as `host:port`.
    #[must_use]
    pub fn allowing(mut self, places: &[String]) -> Self {
        self.allowed = places.into();
        self
    }

    /// The client for a URL; `None` if it names a private address that is not allowed.
    pub fn client(&self, url: &str, private_network: bool) -> Option<&reqwest::Client> {
        if private_network || self.is_allowed(url) {
            return Some(&self.free);
        }
        (!is_private(url)).then_some(&self.guarded)
    }

    fn is_allowed(&self, url: &str) -> bool {
        authority(url).is_some_and(|place| self.allowed.contains(&place))
    }

    /// Whether a URL is in a private network, if it may be.
    pub async fn is_private(&self, url: &str, private_network: bool) -> bool {
        if is_private(url) {
            return true;
        }
        let Some(name) = host_name(url).filter(|_| private_network || self.is_allowed(url)) else {
            return false;
        };
        if let Some((at, private)) = self.seen().get(&name)
            && at.elapsed() < FRESH
        {
            return *private;
        }
        let found = tokio::time::timeout(GLANCE, lookup(&name)).await;
        let private = found
            .is_ok_and(|found| found.is_ok_and(|all| !all.iter().any(|one| is_public(one.ip()))));
        self.seen().put(name, (Instant::now(), private));
        private
    }

    fn seen(&self) -> MutexGuard<'_, LruCache<String, (Instant, bool)>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Resolves a name.
async fn lookup(name: &str) -> Result<Vec<SocketAddr>, NameFault> {
    let found = tokio::net::lookup_host((name, 0)).await;
    found
        .map(Iterator::collect)
        .map_err(|_| NameFault::NotFound)
}

/// The addresses of a name that may be called.
fn callable(found: Vec<SocketAddr>, public: bool) -> Result<Vec<SocketAddr>, NameFault> {
    if found.is_empty() {
        return Err(NameFault::NotFound);
    }
    let may = |address: &SocketAddr| !public || is_public(address.ip());
    let callable: Vec<SocketAddr> = found.into_iter().filter(may).collect();
    match callable.is_empty() {
        true => Err(NameFault::Private),
        false => Ok(callable),
    }
}

/// Resolves names to allowed addresses, so the checked address is the one that is connected to.
struct Names {
    /// Whether only public addresses are allowed.
    public: bool,
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let public = self.public;
        Box::pin(async move {
            let addresses = callable(lookup(name.as_str()).await?, public)?;
            let addresses: Addrs = Box::new(addresses.into_iter());
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
        let guarded = Names { public: true };
        let resolved = guarded.resolve("localhost".parse().unwrap()).await;
        let fault = resolved.err().unwrap();
        assert_eq!(fault.downcast_ref(), Some(&NameFault::Private));
        let free = Names { public: false };
        assert!(free.resolve("localhost".parse().unwrap()).await.is_ok());
    }

    #[test]
    fn a_name_is_called_where_one_of_its_addresses_may_be() {
        let places = |all: &[&str]| -> Vec<SocketAddr> {
            let place = |text: &&str| SocketAddr::new(text.parse().unwrap(), 0);
            all.iter().map(place).collect()
        };
        let (inner, outer) = ("10.0.0.7", "8.8.8.8");
        let both = || places(&[inner, outer]);
        assert_eq!(callable(both(), true), Ok(places(&[outer])));
        assert_eq!(callable(both(), false), Ok(both()));
        assert_eq!(callable(places(&[inner]), true), Err(NameFault::Private));
        assert_eq!(callable(places(&[inner]), false), Ok(places(&[inner])));
        for public in [true, false] {
            assert_eq!(callable(vec![], public), Err(NameFault::NotFound));
        }
    }

    #[test]
    fn what_the_operator_allows_is_called_wherever_its_name_leads() {
        let allowed = ["llm.corp.example:9000".to_owned(), "127.0.0.1:1".to_owned()];
        let egress = Egress::new().unwrap().allowing(&allowed);
        assert!(egress.client("http://127.0.0.1:1/v1", false).is_some());
        assert!(egress.client("http://127.0.0.1:2/v1", false).is_none());
        assert!(egress.is_allowed("http://llm.corp.example:9000/v1"));
        assert!(!egress.is_allowed("http://llm.corp.example:9001/v1"));
    }

    #[tokio::test]
    async fn where_a_name_leads_is_looked_up_once_in_a_while() {
        let egress = Egress::new().unwrap();
        let url = "http://no-such-name.invalid./v1";
        let first = egress.is_private(url, true).await;
        assert_eq!(egress.seen().len(), 1);
        // The cached result counts, not a new lookup.
        let other = (Instant::now(), !first);
        let name = host_name(url).unwrap();
        egress.seen().put(name, other);
        assert_eq!(egress.is_private(url, true).await, !first);
        assert!(!egress.is_private("https://api.example.org/v1", false).await);
        assert_eq!(egress.seen().len(), 1);
    }

    #[tokio::test]
    async fn a_name_that_is_not_there_says_so() {
        let egress = Egress::new().unwrap();
        let url = "http://no-such-name.invalid./v1";
        for private_network in [true, false] {
            let client = egress.client(url, private_network).unwrap();
            let failed = client.get(url).send().await.unwrap_err();
            let error = crate::model::wire::connection_error(&failed);
            assert_eq!(error.detail, NameFault::NotFound.to_string());
        }
    }
}
