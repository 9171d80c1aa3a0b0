//! Limits: how often a password, a token or an address may be tried, and how much one person may have under way.
//!
//! Failures count, not tries. What is counted against an account is counted for each network apart, so that nobody is
//! locked out by guesses that come from elsewhere; there is no count for everybody, because whoever fills it would lock
//! everybody out. What bounds the work of all guesses together is the queue of the password hash.

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
/// Passwords of one network that are hashed at once, and that wait for it.
const HASHED_AT_ONCE: usize = 4;
const HASHES_WAITING: usize = 64;

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

/// Everything that is counted in this process.
#[derive(Debug)]
pub struct Limits {
    enabled: bool,
    account: Buckets,
    address: Buckets,
    token: Buckets,
    sign_up: Buckets,
    hashing: Turns,
    persons: Persons,
}

impl Limits {
    /// Nothing is limited where nothing is said of what is allowed.
    pub fn new(allowed: Option<PerPerson>) -> Self {
        Self {
            enabled: allowed.is_some(),
            persons: Persons::new(allowed),
            account: Buckets::new(ACCOUNT),
            address: Buckets::new(ADDRESS),
            token: Buckets::new(TOKEN),
            sign_up: Buckets::new(SIGN_UP),
            hashing: Turns::new(HASHED_AT_ONCE, HASHES_WAITING),
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
        let network = network(address);
        let both = key(&[account.as_bytes(), &network]);
        let counted = vec![(&self.account, both), (&self.address, key(&[&network]))];
        self.attempt(counted, Some(network), allowance).await
    }

    /// The same for an account that is to be created.
    pub async fn try_sign_up(
        &self,
        address: Option<IpAddr>,
        allowance: &Allowance,
    ) -> Result<Attempt<'_>, Problem> {
        let network = network(address);
        let counted = vec![(&self.sign_up, key(&[&network]))];
        self.attempt(counted, Some(network), allowance).await
    }

    /// Begins to try a token.
    pub async fn try_token(
        &self,
        address: Option<IpAddr>,
        allowance: &Allowance,
    ) -> Result<Attempt<'_>, Problem> {
        let counted = vec![(&self.token, key(&[&network(address)]))];
        self.attempt(counted, None, allowance).await
    }

    async fn attempt<'a>(
        &'a self,
        counted: Vec<(&'a Buckets, Key)>,
        hashes: Option<Vec<u8>>,
        allowance: &Allowance,
    ) -> Result<Attempt<'a>, Problem> {
        let turn = match hashes {
            Some(network) if self.enabled => {
                let turn = self.hashing.wait(key(&[&network])).await;
                Some(turn.ok_or_else(|| {
                    Problem::too_many("too many passwords are being checked for this network", 1)
                })?)
            }
            _ => None,
        };
        let mut attempt = Attempt {
            counted: vec![],
            allowance: allowance.clone(),
            _turn: turn,
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

    /// How many buckets are kept: each takes the same few bytes, whatever it was counted for.
    pub fn retained(&self) -> usize {
        let buckets = [&self.account, &self.address, &self.token, &self.sign_up];
        let counted: usize = buckets.iter().map(|buckets| buckets.len()).sum();
        counted + self.persons.retained()
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
    _turn: Option<Turn>,
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

/// What counts as one place. Without an address (never, over TCP) all are the same.
fn network(address: Option<IpAddr>) -> Vec<u8> {
    address.map_or_else(Vec::new, |address| {
        forwarded::subscriber(address).to_string().into_bytes()
    })
}
