//! Limits on the routes where passwords are tried: by account, by address and for all.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::problem::Problem;

const WINDOW: Duration = Duration::from_mins(1);
const PER_ACCOUNT: u32 = 10;
const PER_ADDRESS: u32 = 60;
const FOR_ALL: u32 = 600;
/// Entries kept; old ones go first.
const KEPT: usize = 100_000;

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
    pub fn try_password(&self, account: &str, address: &str) -> Result<(), Problem> {
        self.count(&[
            (format!("account:{account}"), PER_ACCOUNT),
            (format!("address:{address}"), PER_ADDRESS),
            ("all".to_owned(), FOR_ALL),
        ])
    }

    /// Counts a use of a refresh token or a set-up token from an address.
    pub fn try_token(&self, address: &str) -> Result<(), Problem> {
        self.count(&[(format!("token:{address}"), PER_ADDRESS)])
    }

    fn count(&self, keys: &[(String, u32)]) -> Result<(), Problem> {
        if !self.enabled {
            return Ok(());
        }
        let now = Instant::now();
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() > KEPT {
            windows.retain(|_, (begun, _)| now.duration_since(*begun) < WINDOW);
        }
        let mut wait = None;
        for (key, limit) in keys {
            let window = windows.entry(key.clone()).or_insert((now, 0));
            if now.duration_since(window.0) >= WINDOW {
                *window = (now, 0);
            }
            window.1 = window.1.saturating_add(1);
            if window.1 > *limit {
                let left = WINDOW
                    .saturating_sub(now.duration_since(window.0))
                    .as_secs()
                    + 1;
                wait = wait.max(Some(left));
            }
        }
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

    #[test]
    fn one_account_is_slowed_from_any_address_and_others_are_not() {
        let limits = Limits::new(true);
        for n in 0..PER_ACCOUNT {
            assert!(limits.try_password("ada", &n.to_string()).is_ok());
        }
        let refused = limits.try_password("ada", "elsewhere").unwrap_err();
        assert!(
            refused
                .retry_after
                .is_some_and(|seconds| (1..=61).contains(&seconds))
        );
        assert!(limits.try_password("bob", "elsewhere").is_ok());
    }

    #[test]
    fn one_address_is_slowed_over_many_accounts() {
        let limits = Limits::new(true);
        let refused =
            (0..=PER_ADDRESS).filter(|n| limits.try_password(&n.to_string(), "here").is_err());
        assert_eq!(refused.count(), 1);
    }

    #[test]
    fn limits_can_be_turned_off() {
        let limits = Limits::new(false);
        assert!((0..1_000).all(|_| limits.try_password("ada", "here").is_ok()));
    }
}
