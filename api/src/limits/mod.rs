//! Limits on the routes where passwords are tried: by account, by address and for all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::problem::Problem;

const WINDOW: Duration = Duration::from_mins(1);
const PER_ACCOUNT: u32 = 10;
const PER_ADDRESS: u32 = 60;
const FOR_ALL: u32 = 600;
/// Entries kept; old ones go first.
const KEPT: usize = 100_000;

/// What a request has left of the limits that it counted against, for its answer to tell.
#[derive(Debug, Clone, Default)]
pub struct Allowance(Arc<OnceLock<Told>>);

#[derive(Debug)]
struct Told {
    /// Each limit by name, with how often in a window.
    policies: Vec<(&'static str, u32)>,
    /// The one with the least left, and the seconds until it is whole again.
    tightest: (&'static str, u32, u64),
}

impl Allowance {
    /// The values of `RateLimit-Policy` and `RateLimit`, where a limit applied.
    pub fn headers(&self) -> Option<(String, String)> {
        let told = self.0.get()?;
        let policies: Vec<String> = told
            .policies
            .iter()
            .map(|(name, limit)| format!("\"{name}\";q={limit};w={}", WINDOW.as_secs()))
            .collect();
        let (name, left, seconds) = told.tightest;
        Some((
            policies.join(", "),
            format!("\"{name}\";r={left};t={seconds}"),
        ))
    }
}

/// Counts tries in windows of a minute.
#[derive(Debug)]
pub struct Limits {
    enabled: bool,
    windows: Mutex<HashMap<String, (Instant, u32)>>,
}

impl Limits {
    pub fn new(enabled: bool) -> Self {
        Self {
            enabled,
            windows: Mutex::default(),
        }
    }

    /// Counts a try with an account from an address, or says when to come back. A limit delays, it never locks.
    pub fn try_password(
        &self,
        account: &str,
        address: &str,
        told: &Allowance,
    ) -> Result<(), Problem> {
        self.count(
            &[
                ("account", account, PER_ACCOUNT),
                ("address", address, PER_ADDRESS),
                ("all", "", FOR_ALL),
            ],
            told,
        )
    }

    /// Counts a use of a refresh token or a set-up token from an address.
    pub fn try_token(&self, address: &str, told: &Allowance) -> Result<(), Problem> {
        self.count(&[("token", address, PER_ADDRESS)], told)
    }

    fn count(
        &self,
        counted: &[(&'static str, &str, u32)],
        told: &Allowance,
    ) -> Result<(), Problem> {
        if !self.enabled {
            return Ok(());
        }
        let now = Instant::now();
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() > KEPT {
            windows.retain(|_, (begun, _)| now.duration_since(*begun) < WINDOW);
        }
        let mut wait = None;
        let mut tightest = ("all", FOR_ALL, WINDOW.as_secs());
        for (name, whose, limit) in counted {
            let window = windows.entry(format!("{name}:{whose}")).or_insert((now, 0));
            if now.duration_since(window.0) >= WINDOW {
                *window = (now, 0);
            }
            window.1 = window.1.saturating_add(1);
            let seconds = WINDOW
                .saturating_sub(now.duration_since(window.0))
                .as_secs()
                + 1;
            if window.1 > *limit {
                wait = wait.max(Some(seconds));
            }
            let left = limit.saturating_sub(window.1);
            if left < tightest.1 {
                tightest = (name, left, seconds);
            }
        }
        let policies = counted
            .iter()
            .map(|(name, _, limit)| (*name, *limit))
            .collect();
        // Said once: the first count of a request is the one that matters.
        let _ = told.0.set(Told { policies, tightest });
        match wait {
            Some(seconds) => Err(Problem::too_many(
                "too many tries; wait and try again",
                seconds,
            )),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told() -> Allowance {
        Allowance::default()
    }

    #[test]
    fn one_account_is_slowed_from_any_address_and_others_are_not() {
        let limits = Limits::new(true);
        for n in 0..PER_ACCOUNT {
            assert!(limits.try_password("ada", &n.to_string(), &told()).is_ok());
        }
        let refused = limits
            .try_password("ada", "elsewhere", &told())
            .unwrap_err();
        assert!(
            refused
                .retry_after
                .is_some_and(|seconds| (1..=61).contains(&seconds))
        );
        assert!(limits.try_password("bob", "elsewhere", &told()).is_ok());
    }

    #[test]
    fn one_address_is_slowed_over_many_accounts() {
        let limits = Limits::new(true);
        let refused = (0..=PER_ADDRESS).filter(|n| {
            limits
                .try_password(&n.to_string(), "here", &told())
                .is_err()
        });
        assert_eq!(refused.count(), 1);
    }

    #[test]
    fn limits_can_be_turned_off() {
        let limits = Limits::new(false);
        assert!((0..1_000).all(|_| limits.try_password("ada", "here", &told()).is_ok()));
    }

    #[test]
    fn what_is_left_is_told_by_the_tightest_limit() {
        let (limits, first, second) = (Limits::new(true), told(), told());
        assert_eq!(first.headers(), None);
        limits.try_password("ada", "here", &first).unwrap();
        limits.try_password("ada", "there", &second).unwrap();
        let (policies, left) = second.headers().unwrap();
        assert_eq!(
            policies,
            "\"account\";q=10;w=60, \"address\";q=60;w=60, \"all\";q=600;w=60"
        );
        assert!(left.starts_with("\"account\";r=8;t="), "{left}");
    }
}
