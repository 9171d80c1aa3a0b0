//! Limits on attempts at passwords, tokens and sign-ups, and on what one user may do at the same time.
//!
//! Only failures count. Failures for an account are counted per network, so that nobody is locked out by guesses from
//! elsewhere. There is no global limit, because an attacker could exhaust it and lock everybody out; the queue of the
//! password hash bounds the work of all attempts together.
//!
//! A network is what one subscriber usually has. An IPv6 /48 contains 65,536 of them, so each limit has a wider one for
//! all networks of a site.

mod allowance;
mod buckets;
mod person;
mod queue;
mod shares;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use uuid::Uuid;

pub use self::allowance::Allowance;
use self::buckets::{Buckets, Key, Rule, key};
use self::person::PersonLimits;
pub use self::person::{ExportPermit, PerPerson};
use self::queue::{FairQueue, QueuePermit};
pub use self::shares::Share;
use crate::forwarded;
use crate::http::Problem;

const MINUTE: Duration = Duration::from_mins(1);
/// Wrong passwords for an account from one network.
const ACCOUNT: Rule = rule("account", 10, MINUTE);
/// Wrong passwords for all accounts from one network.
const ADDRESS: Rule = rule("address", 60, MINUTE);
/// Unknown tokens from one network.
const TOKEN: Rule = rule("token", 60, MINUTE);
/// Sign-ups from one network that failed because the address is taken. Few, because each reveals that an account
/// exists.
const SIGN_UP: Rule = rule("sign_up", 10, Duration::from_hours(1));
/// The limit of a site, as a multiple of the limit of a network.
const SITE: NonZeroU32 = NonZeroU32::new(8).unwrap();
/// Password attempts of one network that run at the same time, and that may wait.
const MAX_ATTEMPTS: usize = 4;
const MAX_WAITING_ATTEMPTS: usize = 64;
/// Password hashes of one site that run at the same time, and that may wait. All sites then share one queue for a CPU
/// core: with two entries per site, a busy site delays others by at most two hashes.
const MAX_HASHES: usize = 2;
const MAX_WAITING_HASHES: usize = 256;

const fn rule(name: &'static str, limit: u32, window: Duration) -> Rule {
    Rule {
        name,
        limit: match NonZeroU32::new(limit) {
            Some(limit) => limit,
            None => NonZeroU32::MIN,
        },
        window,
    }
}

/// A limit for each network, and a wider one for all networks of a site.
#[derive(Debug)]
struct Limit {
    network: Buckets,
    site: Buckets,
}

impl Limit {
    fn new(rule: Rule, site: &'static str) -> Self {
        let limit = rule.limit.saturating_mul(SITE);
        let wider = Rule {
            name: site,
            limit,
            ..rule
        };
        Self {
            network: Buckets::new(rule),
            site: Buckets::new(wider),
        }
    }

    /// The buckets in which an action of a client is counted.
    fn buckets_for(&self, what: &str, client: &ClientNetwork) -> Vec<(&Buckets, Key)> {
        let digest = |part: &str| key(&[what.as_bytes(), part.as_bytes()]);
        let mut counts = vec![(&self.network, digest(&client.network))];
        // An IPv4 site is a single network and must not count twice.
        if client.site != client.network {
            counts.push((&self.site, digest(&client.site)));
        }
        counts
    }
}

/// The network and site of a client. Clients without an address (never over TCP) share one.
#[derive(Debug, Default)]
struct ClientNetwork {
    network: String,
    site: String,
}

impl ClientNetwork {
    fn new(address: Option<IpAddr>) -> Self {
        address.map_or_else(Self::default, |address| Self {
            network: forwarded::subscriber(address).to_string(),
            site: forwarded::site(address).to_string(),
        })
    }
}

/// All limits of this process.
#[derive(Debug)]
pub struct Limits {
    enabled: bool,
    account: Limit,
    address: Limit,
    token: Limit,
    sign_up: Limit,
    attempts: FairQueue,
    hashes: FairQueue,
    persons: PersonLimits,
}

impl Limits {
    /// Without limits per user, nothing is limited at all.
    pub fn new(allowed: Option<PerPerson>) -> Self {
        Self {
            enabled: allowed.is_some(),
            persons: PersonLimits::new(allowed),
            account: Limit::new(ACCOUNT, "account_site"),
            address: Limit::new(ADDRESS, "address_site"),
            token: Limit::new(TOKEN, "token_site"),
            sign_up: Limit::new(SIGN_UP, "sign_up_site"),
            attempts: FairQueue::new(MAX_ATTEMPTS, MAX_WAITING_ATTEMPTS),
            hashes: FairQueue::new(MAX_HASHES, MAX_WAITING_HASHES),
        }
    }

    /// Takes a share for an event stream or socket; hold it as long as that is open.
    pub fn stream(&self, person: Uuid) -> Result<Share, Problem> {
        self.persons.stream(person)
    }

    /// Takes a share for one subscription of a socket.
    pub fn subscription(&self, person: Uuid) -> Result<Share, Problem> {
        self.persons.subscription(person)
    }

    /// Takes a share for a download.
    pub fn download(&self, person: Uuid) -> Result<Share, Problem> {
        self.persons.download(person)
    }

    /// Takes a permit for an export.
    pub fn export(&self, person: Uuid) -> Result<ExportPermit, Problem> {
        self.persons.export(person)
    }

    /// Counts a write of a user. Fails with the time to wait if there were too many.
    pub fn write(&self, person: Uuid, allowance: &Allowance) -> Result<(), Problem> {
        self.persons.write(person, allowance)
    }

    /// Waits until a password of an account may be checked. Fails with the time to wait if there were too many
    /// failures.
    pub async fn try_password(
        &self,
        account: &str,
        address: Option<IpAddr>,
        allowance: &Allowance,
    ) -> Result<Attempt<'_>, Problem> {
        let client = ClientNetwork::new(address);
        let mut counts = self.account.buckets_for(account, &client);
        counts.extend(self.address.buckets_for("", &client));
        self.attempt(counts, Some(&client), allowance).await
    }

    /// The same for creating an account.
    pub async fn try_sign_up(
        &self,
        address: Option<IpAddr>,
        allowance: &Allowance,
    ) -> Result<Attempt<'_>, Problem> {
        let client = ClientNetwork::new(address);
        let counts = self.sign_up.buckets_for("", &client);
        self.attempt(counts, Some(&client), allowance).await
    }

    /// The same for checking a token, without waiting in a queue.
    pub async fn try_token(
        &self,
        address: Option<IpAddr>,
        allowance: &Allowance,
    ) -> Result<Attempt<'_>, Problem> {
        let counts = self.token.buckets_for("", &ClientNetwork::new(address));
        self.attempt(counts, None, allowance).await
    }

    async fn attempt<'a>(
        &'a self,
        counted: Vec<(&'a Buckets, Key)>,
        hashes: Option<&ClientNetwork>,
        allowance: &Allowance,
    ) -> Result<Attempt<'a>, Problem> {
        let permits = match hashes {
            Some(client) if self.enabled => Some(self.queue_up(client).await?),
            _ => None,
        };
        let mut attempt = Attempt {
            counted: vec![],
            allowance: allowance.clone(),
            _permits: permits,
        };
        if !self.enabled {
            return Ok(attempt);
        }
        for (buckets, key) in counted {
            match buckets.take(&key) {
                Ok(left) => {
                    allowance.record(buckets.rule, left);
                    attempt.counted.push((buckets, key));
                }
                Err(wait) => {
                    allowance.record(buckets.rule, 0);
                    // The attempt was refused, so it does not count for the other buckets.
                    attempt.refund();
                    return Err(Problem::too_many(
                        "too many failed attempts; wait as long as Retry-After says and try again",
                        seconds(wait),
                    ));
                }
            }
        }
        Ok(attempt)
    }

    /// Waits in the queues of the network and of its site.
    async fn queue_up(&self, client: &ClientNetwork) -> Result<[QueuePermit; 2], Problem> {
        let busy = || {
            Problem::too_many(
                "too many passwords are being checked for this network; try again",
                1,
            )
        };
        let digest = |part: &str| key(&[part.as_bytes()]);
        let tried = self.attempts.acquire(digest(&client.network)).await;
        let tried = tried.ok_or_else(busy)?;
        let hashed = self.hashes.acquire(digest(&client.site)).await;
        Ok([hashed.ok_or_else(busy)?, tried])
    }

    /// The number of buckets in memory, each of which has the same small size.
    pub fn retained(&self) -> usize {
        let limits = [&self.account, &self.address, &self.token, &self.sign_up];
        let counted = limits
            .iter()
            .map(|limit| limit.network.len() + limit.site.len());
        counted.sum::<usize>() + self.persons.retained()
    }
}

/// A time to wait in seconds, for `Retry-After`.
fn seconds(wait: Duration) -> u64 {
    let seconds = u64::try_from(wait.as_millis().div_ceil(1_000));
    seconds.unwrap_or(u64::MAX).max(1)
}

/// An attempt that counts as a failure unless it is refunded, even if the client disconnects before the response.
#[must_use = "an attempt counts as a failure unless it is refunded"]
#[derive(Debug)]
pub struct Attempt<'a> {
    counted: Vec<(&'a Buckets, Key)>,
    allowance: Allowance,
    _permits: Option<[QueuePermit; 2]>,
}

impl Attempt<'_> {
    /// Takes the count back, because the attempt did not fail.
    pub fn refund(self) {
        for (buckets, key) in &self.counted {
            buckets.refund(key);
            self.allowance.restore(buckets.rule);
        }
    }
}
