//! Classifies transient errors, such as a database that is unavailable, busy, or out of space.

use std::time::Duration;

use crate::seal::vault::random_bytes;

/// Whether retrying the same call may succeed.
pub trait Transient {
    fn is_transient(&self) -> bool;
}

impl Transient for sqlx::Error {
    fn is_transient(&self) -> bool {
        match self {
            Self::Io(_)
            | Self::Tls(_)
            | Self::Protocol(_)
            | Self::PoolTimedOut
            | Self::PoolClosed
            | Self::WorkerCrashed => true,
            Self::Database(error) => error.code().is_some_and(|code| is_transient_code(&code)),
            _ => false,
        }
    }
}

/// By the classes of PostgreSQL's SQLSTATE: connections, resources, the operator, deadlocks and serialization, locks,
/// the operating system, and a standby that is not promoted yet.
fn is_transient_code(code: &str) -> bool {
    ["08", "53", "57", "40", "58"]
        .iter()
        .any(|class| code.starts_with(class))
        || matches!(code, "55P03" | "25006")
}

/// Pauses that double up to a limit, spread so that processes do not retry in step.
#[derive(Debug, Clone)]
pub struct Backoff {
    shortest: Duration,
    longest: Duration,
    failures: u32,
}

impl Backoff {
    pub fn new(shortest: Duration, longest: Duration) -> Self {
        Self {
            shortest,
            longest,
            failures: 0,
        }
    }

    /// Records a failure and returns the pause before the next attempt.
    pub fn pause(&mut self) -> Duration {
        let doubled = self.shortest.saturating_mul(1 << self.failures.min(16));
        self.failures = self.failures.saturating_add(1);
        let pause = doubled.min(self.longest);
        // Jitter: between 75 % and 100 %.
        pause.mul_f64(0.75 + 0.25 * f64::from(random_byte()) / 255.0)
    }

    /// Resets the pause after a success.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

/// Without randomness, the pause is the shortest.
fn random_byte() -> u8 {
    random_bytes().map_or(0, |[byte]| byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_reset_after_a_success() {
        let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(1));
        let within = |pause: Duration, full: u64| {
            let full = Duration::from_millis(full);
            assert!(pause <= full && pause >= full.mul_f64(0.75), "{pause:?}");
        };
        for full in [100, 200, 400, 800, 1_000, 1_000] {
            within(backoff.pause(), full);
        }
        backoff.reset();
        within(backoff.pause(), 100);
    }

    #[test]
    fn transient_codes_are_distinguished_from_permanent_ones() {
        for code in [
            "08006", "53100", "57P01", "40P01", "55P03", "58030", "25006",
        ] {
            assert!(is_transient_code(code), "{code}");
        }
        for code in ["23505", "22P02", "42P01", "CS001"] {
            assert!(!is_transient_code(code), "{code}");
        }
    }
}
