//! Limits: how often a password, a token or an address may be tried, and how much one person may have under way.
//!
//! Failures count, not tries. What is counted against an account is counted for each network apart, so that nobody is
//! locked out by guesses that come from elsewhere; there is no count for everybody, because whoever fills it would lock
//! everybody out. What bounds the work of all guesses together is the queue of the password hash.
//!
//! A network is what one subscriber has as a rule. Whoever has an IPv6 /48 has 65,536 of them, so each limit has a wider
//! one beside it for all networks of a site.

mod allowance;
mod buckets;
mod person;
mod shares;
#[cfg(test)]
mod tests;
mod turns;

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use uuid::Uuid;

pub use self::allowance::Allowance;
use self::buckets::{Buckets, Key, Rule, key};
use self::person::Persons;
pub use self::person::{Export, PerPerson};
pub use self::shares::Share;
use self::turns::{Turn, Turns};
use crate::forwarded;
use crate::problem::Problem;

const MINUTE: Duration = Duration::from_mins(1);
/// Wrong passwords for an account from one network.
const ACCOUNT: Rule = rule("account", 10, MINUTE);
/// Wrong passwords for all accounts from one network.
const ADDRESS: Rule = rule("address", 60, MINUTE);
/// Unknown tokens from one network.
const TOKEN: Rule = rule("token", 60, MINUTE);
/// Sign-ups from one network that were refused because the address is taken: few, since each tells who has an account.
const SIGN_UP: Rule = rule("sign_up", 10, Duration::from_hours(1));
/// How many times a limit the networks of one site have together.
const SITE: NonZeroU32 = NonZeroU32::new(8).unwrap();
/// Passwords of one network that are tried at once, and that wait for it.
const TRIED_AT_ONCE: usize = 4;
const TRIES_WAITING: usize = 64;
/// Of these, passwords of one site that are hashed at once, and that wait for it. All sites then wait in one line for a
/// processor: with two of each in it, a crowd delays a stranger by two hashes.
const HASHED_AT_ONCE: usize = 2;
const HASHES_WAITING: usize = 256;

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

/// A limit on each network, and a wider one on the networks of each site together.
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

    /// Where something of a place is counted.
    fn counts(&self, what: &str, place: &Place) -> Vec<(&Buckets, Key)> {
        let of = |part: &str| key(&[what.as_bytes(), part.as_bytes()]);
        let mut counts = vec![(&self.network, of(&place.network))];
        // A site of one network would count twice.
        if place.site != place.network {
            counts.push((&self.site, of(&place.site)));
        }
        counts
    }
}

/// Where a request comes from. Without an address (never, over TCP) all are the same.
#[derive(Debug, Default)]
struct Place {
    network: String,
    site: String,
}

impl Place {
    fn of(address: Option<IpAddr>) -> Self {
        address.map_or_else(Self::default, |address| Self {
            network: forwarded::subscriber(address).to_string(),
            site: forwarded::site(address).to_string(),
        })
    }
}

/// Everything that is counted in this process.
#[derive(Debug)]
pub struct Limits {
    enabled: bool,
    account: Limit,
    address: Limit,
    token: Limit,
    sign_up: Limit,
    tried: Turns,
    hashed: Turns,
    persons: Persons,
}

impl Limits {
    /// Nothing is limited where nothing is said of what is allowed.
    pub fn new(allowed: Option<PerPerson>) -> Self {
        Self {
            enabled: allowed.is_some(),
            persons: Persons::new(allowed),
            account: Limit::new(ACCOUNT, "account_site"),
            address: Limit::new(ADDRESS, "address_site"),
            token: Limit::new(TOKEN, "token_site"),
            sign_up: Limit::new(SIGN_UP, "sign_up_site"),
            tried: Turns::new(TRIED_AT_ONCE, TRIES_WAITING),
            hashed: Turns::new(HASHED_AT_ONCE, HASHES_WAITING),
        }
    }

    /// A person opens an event stream or a socket, and holds what this gives for as long as it is open.
    pub fn stream(&self, person: Uuid) -> Result<Share, Problem> {
        self.persons.stream(person)
    }

    /// The same for one thing that is followed over a socket.
    pub fn subscription(&self, person: Uuid) -> Result<Share, Problem> {
        self.persons.subscription(person)
    }

    /// The same for a file that is read.
    pub fn download(&self, person: Uuid) -> Result<Share, Problem> {
        self.persons.download(person)
    }

    /// The same for an export.
    pub fn export(&self, person: Uuid) -> Result<Export, Problem> {
        self.persons.export(person)
    }

    /// Counts a request of a person that changes something, or says when to come back.
    pub fn write(&self, person: Uuid, allowance: &Allowance) -> Result<(), Problem> {
        self.persons.write(person, allowance)
    }

    /// Waits for a turn to try a password of an account, or says when to come back.
    pub async fn try_password(
        &self,
        account: &str,
        address: Option<IpAddr>,
        allowance: &Allowance,
    ) -> Result<Attempt<'_>, Problem> {
        let place = Place::of(address);
        let mut counts = self.account.counts(account, &place);
        counts.extend(self.address.counts("", &place));
        self.attempt(counts, Some(&place), allowance).await
    }

    /// The same for an account that is to be created.
    pub async fn try_sign_up(
        &self,
        address: Option<IpAddr>,
        allowance: &Allowance,
    ) -> Result<Attempt<'_>, Problem> {
        let place = Place::of(address);
        let counts = self.sign_up.counts("", &place);
        self.attempt(counts, Some(&place), allowance).await
    }

    /// Begins to try a token.
    pub async fn try_token(
        &self,
        address: Option<IpAddr>,
        allowance: &Allowance,
    ) -> Result<Attempt<'_>, Problem> {
        let counts = self.token.counts("", &Place::of(address));
        self.attempt(counts, None, allowance).await
    }

    async fn attempt<'a>(
        &'a self,
        counted: Vec<(&'a Buckets, Key)>,
        hashes: Option<&Place>,
        allowance: &Allowance,
    ) -> Result<Attempt<'a>, Problem> {
        let turns = match hashes {
            Some(place) if self.enabled => Some(self.turns(place).await?),
            _ => None,
        };
        let mut attempt = Attempt {
            counted: vec![],
            allowance: allowance.clone(),
            _turns: turns,
        };
        if !self.enabled {
            return Ok(attempt);
        }
        for (buckets, key) in counted {
            match buckets.take(&key) {
                Ok(left) => {
                    allowance.note(buckets.rule, left);
                    attempt.counted.push((buckets, key));
                }
                Err(wait) => {
                    allowance.note(buckets.rule, 0);
                    // What was refused was not tried.
                    attempt.spare();
                    return Err(Problem::too_many(
                        "too many failed tries; wait as long as Retry-After says and try again",
                        seconds(wait),
                    ));
                }
            }
        }
        Ok(attempt)
    }

    /// The turns of a network and of its site.
    async fn turns(&self, place: &Place) -> Result<[Turn; 2], Problem> {
        let busy = || Problem::too_many("too many passwords are being checked for this network", 1);
        let of = |part: &str| key(&[part.as_bytes()]);
        let tried = self.tried.wait(of(&place.network)).await;
        let tried = tried.ok_or_else(busy)?;
        let hashed = self.hashed.wait(of(&place.site)).await;
        Ok([hashed.ok_or_else(busy)?, tried])
    }

    /// How many buckets are kept: each takes the same few bytes, whatever it was counted for.
    pub fn retained(&self) -> usize {
        let limits = [&self.account, &self.address, &self.token, &self.sign_up];
        let counted = limits
            .iter()
            .map(|limit| limit.network.len() + limit.site.len());
        counted.sum::<usize>() + self.persons.retained()
    }
}

/// A time to wait, as `Retry-After` says it.
fn seconds(wait: Duration) -> u64 {
    let seconds = u64::try_from(wait.as_millis().div_ceil(1_000));
    seconds.unwrap_or(u64::MAX).max(1)
}

/// A try that counts as a failure unless it is spared: also where its client hangs up before it has an answer.
#[must_use = "a try counts as a failure unless it is spared"]
#[derive(Debug)]
pub struct Attempt<'a> {
    counted: Vec<(&'a Buckets, Key)>,
    allowance: Allowance,
    _turns: Option<[Turn; 2]>,
}

impl Attempt<'_> {
    /// Takes the count back: it was no wrong guess.
    pub fn spare(self) {
        for (buckets, key) in &self.counted {
            buckets.give_back(key);
            self.allowance.restore(buckets.rule);
        }
    }
}
