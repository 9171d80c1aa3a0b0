//! How a model is called: timeouts, the longest answer, and what its provider is known to reject.

use std::time::Duration;

use eventstore::Clock;

use super::RestrictionCache;

/// How long providers may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Until a response starts.
    pub begin: Duration,
    /// Until a response starts at a private address, where a model may have to be loaded first.
    pub begin_private: Duration,
    /// Between two signs of life of a response that has started.
    pub idle: Duration,
    /// For a whole answer.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            begin: Duration::from_mins(2),
            begin_private: Duration::from_mins(10),
            idle: Duration::from_mins(2),
            total: Duration::from_hours(1),
        }
    }
}

/// How one model is called.
#[derive(Debug, Clone, Default)]
pub struct CallPolicy {
    pub timeouts: Timeouts,
    /// Whether it is at a private address.
    pub is_private: bool,
    /// The longest answer in tokens, if the provider lists it.
    pub max_output: Option<u32>,
    /// Whether it reads images, if that is known.
    pub vision: Option<bool>,
    pub restrictions: RestrictionCache,
    pub clock: Clock,
}

impl CallPolicy {
    /// How long it may take until the response starts.
    pub(super) fn begin_timeout(&self) -> Duration {
        match self.is_private {
            true => self.timeouts.begin_private,
            false => self.timeouts.begin,
        }
    }
}
