//! Why a command was not executed.

use domain::Refusal;

use super::store::LoadError;
use crate::append::AppendError;
use crate::log::LogError;
use crate::seal::keys::KeyError;
use crate::transient::Transient;

/// Why a command was not executed.
#[derive(Debug, thiserror::Error)]
pub enum ExecutorError {
    #[error("{0}")]
    Refused(Box<dyn Refusal>),
    #[error("the current version is {current}, not the expected one; reload and retry")]
    VersionMismatch { current: i64 },
    #[error("the {0} is already in use")]
    Reserved(&'static str),
    #[error("{0}")]
    WriteRefused(&'static str),
    #[error("the idempotency key was used with another body")]
    IdempotencyMismatch,
    #[error("too many concurrent changes to the object; retry later")]
    Contended,
    #[error("the encryption keys are unavailable: {0}")]
    Key(#[from] KeyError),
    #[error(transparent)]
    Append(AppendError),
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error("{0}")]
    Unexpected(String),
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

#[cfg(test)]
mod tests {
    use cqrs_es::persist::PersistenceError;

    use super::*;

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
    }
}
