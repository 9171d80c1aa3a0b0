//! Why an application could not be built.

use domain::Refusal;
use eventstore::ExecutorError;
use eventstore::seal::keys::KeyError;

#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error(transparent)]
    Executor(#[from] ExecutorError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// A part of the configuration is invalid.
    #[error("{0}")]
    Invalid(String),
    #[error("{0}")]
    Failed(String),
}

impl BuildError {
    pub(crate) fn refused(refusal: &impl Refusal) -> Self {
        Self::Failed(refusal.to_string())
    }
}
