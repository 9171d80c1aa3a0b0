//! Classifies transient errors, such as a database that is unavailable, busy, or out of space.

use std::error::Error as StdError;
use std::time::Duration;

use cqrs_es::persist::PersistenceError;

use crate::append::AppendError;
use crate::executor::ExecutorError;
use crate::files::FilesError;
use crate::keys::KeyError;
use crate::log::LogError;
use crate::store::LoadError;

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

impl Transient for LogError {
    fn is_transient(&self) -> bool {
        match self {
            Self::Database(error) => error.is_transient(),
            Self::Key(error) => error.is_transient(),
            _ => false,
        }
    }
}

impl Transient for KeyError {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Database(error) if error.is_transient())
    }
}

impl Transient for LoadError {
    fn is_transient(&self) -> bool {
        match self {
            Self::Database(error) => error.is_transient(),
            Self::Repository(PersistenceError::ConnectionError(_)) => true,
            Self::Repository(error) => database_cause(error).is_some_and(Transient::is_transient),
            Self::Codec(_) => false,
        }
    }
}

/// The database error that cqrs-es has boxed.
fn database_cause(error: &PersistenceError) -> Option<&sqlx::Error> {
    let (PersistenceError::UnknownError(boxed) | PersistenceError::ConnectionError(boxed)) = error
    else {
        return None;
    };
    let mut cause: Option<&(dyn StdError + 'static)> = Some(boxed.as_ref());
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref::<sqlx::Error>() {
            return Some(found);
        }
        cause = error.source();
    }
    None
}

impl Transient for AppendError {
    fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Unavailable | Self::StorageFull | Self::Overloaded | Self::Diverged
        )
    }
}

impl Transient for ExecutorError {
    fn is_transient(&self) -> bool {
        match self {
            Self::Append(error) => error.is_transient(),
            Self::Key(error) => error.is_transient(),
            Self::Load(error) => error.is_transient(),
            Self::Log(error) => error.is_transient(),
            Self::Database(error) => error.is_transient(),
            Self::Contended => true,
            _ => false,
        }
    }
}

impl Transient for FilesError {
    fn is_transient(&self) -> bool {
        match self {
            Self::Log(error) => error.is_transient(),
            Self::Store(error) => is_store_outage(error),
            _ => false,
        }
    }
}

/// Everything except definite answers of the store.
fn is_store_outage(error: &object_store::Error) -> bool {
    !matches!(
        error,
        object_store::Error::NotFound { .. }
            | object_store::Error::InvalidPath { .. }
            | object_store::Error::NotSupported { .. }
            | object_store::Error::PermissionDenied { .. }
            | object_store::Error::Unauthenticated { .. }
    )
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

fn random_byte() -> u8 {
    uuid::Uuid::new_v4().as_bytes()[0]
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
    fn transient_errors_are_distinguished_from_permanent_ones() {
        let io = || sqlx::Error::Io(std::io::ErrorKind::ConnectionReset.into());
        assert!(ExecutorError::Load(LoadError::Database(io())).is_transient());
        assert!(ExecutorError::Key(KeyError::Database(io())).is_transient());
        let boxed = PersistenceError::UnknownError(Box::new(sqlx::Error::PoolTimedOut));
        assert!(ExecutorError::Load(LoadError::Repository(boxed)).is_transient());
        let decoded = PersistenceError::UnknownError(Box::new(sqlx::Error::RowNotFound));
        assert!(!ExecutorError::Load(LoadError::Repository(decoded)).is_transient());
        assert!(!LogError::Unreadable(1).is_transient());
        assert!(!ExecutorError::Append(AppendError::Conflict).is_transient());
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
