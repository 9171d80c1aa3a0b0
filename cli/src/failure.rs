//! Failures of a command and their exit codes.

use std::process::ExitCode;

use application::{BuildError, OpenError};

/// Why a command failed.
#[derive(Debug)]
pub enum Failure {
    Failed(anyhow::Error),
    /// Invalid usage or configuration.
    Usage(String),
    NotFound(String),
    Denied(String),
    Conflict(String),
    /// A service that the command needs is unavailable.
    Unavailable(String),
    Interrupted,
}

impl Failure {
    /// A command that does not support `--url`.
    pub fn local_only(command: &str) -> Self {
        Self::Usage(format!(
            "`convosphere {command}` does not support --url; run it on the machine of the installation"
        ))
    }

    pub fn failed(error: impl Into<anyhow::Error>) -> Self {
        Self::Failed(error.into())
    }

    /// The failure that an HTTP status stands for.
    fn from_status(status: u16, text: String) -> Self {
        match status {
            400 | 422 => Self::Usage(text),
            401 | 403 => Self::Denied(text),
            404 => Self::NotFound(text),
            409 | 410 | 412 => Self::Conflict(text),
            429 | 502..=504 => Self::Unavailable(text),
            _ => Self::failed(anyhow::anyhow!(text)),
        }
    }

    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Failed(_) => 1,
            Self::Usage(_) => 2,
            Self::NotFound(_) => 3,
            Self::Denied(_) => 4,
            Self::Conflict(_) => 5,
            Self::Unavailable(_) => 6,
            Self::Interrupted => 130,
        })
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Failed(error) => write!(f, "{error:#}"),
            Self::Usage(text)
            | Self::NotFound(text)
            | Self::Denied(text)
            | Self::Conflict(text)
            | Self::Unavailable(text) => f.write_str(text),
            Self::Interrupted => f.write_str("interrupted"),
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::failed(error)
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(why) if is_pooler_error(why.code().as_deref()) => {
                Self::Usage(POOLER_HINT.to_owned())
            }
            sqlx::Error::Database(_) => Self::failed(error),
            _ => Self::Unavailable(format!("cannot reach the database: {error}")),
        }
    }
}

/// Whether an error is typical of a pooler in transaction mode: a prepared statement exists already or does not exist.
pub fn is_pooler_error(code: Option<&str>) -> bool {
    matches!(code, Some("42P05" | "26000"))
}

pub const POOLER_HINT: &str = "database.url points to a pooler in transaction mode (pool_mode = transaction), which mixes up \
                               the sessions of its clients; set pool_mode = session for this database, or set \
                               database.url to PostgreSQL itself";

impl From<local_postgres::Error> for Failure {
    fn from(error: local_postgres::Error) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<eventstore::log::LogError> for Failure {
    fn from(error: eventstore::log::LogError) -> Self {
        match error {
            eventstore::log::LogError::Database(error) => error.into(),
            error @ (eventstore::log::LogError::Missing
            | eventstore::log::LogError::Format(_)
            | eventstore::log::LogError::OtherMasterKey { .. }) => Self::Usage(error.to_string()),
            error => Self::failed(error),
        }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Log(error) => error.into(),
            OpenError::Files(error) => Self::Usage(format!("files.url: {error}")),
            OpenError::Nats(error) => Self::Usage(format!("nats.url: {error}")),
            OpenError::Database(error) => error.into(),
        }
    }
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::Executor(error) => error.into(),
            BuildError::Database(error) => error.into(),
            BuildError::Invalid(text) => Self::Usage(text),
            error @ (BuildError::Key(_) | BuildError::Failed(_)) => Self::failed(error),
        }
    }
}

impl From<eventstore::seal::keys::KeyError> for Failure {
    fn from(error: eventstore::seal::keys::KeyError) -> Self {
        Self::failed(error)
    }
}

impl From<eventstore::ExecutorError> for Failure {
    fn from(error: eventstore::ExecutorError) -> Self {
        api::Problem::from(error).into()
    }
}

impl From<api::Problem> for Failure {
    fn from(problem: api::Problem) -> Self {
        Self::from_status(problem.status.as_u16(), problem.detail)
    }
}

impl From<convosphere_client::Error> for Failure {
    fn from(error: convosphere_client::Error) -> Self {
        use convosphere_client::Error;
        match error {
            Error::Problem { problem, .. } => Self::from_status(problem.status, problem.detail),
            Error::Invalid(text) => Self::Usage(text),
            Error::Network(_) | Error::Silence(_) => {
                Self::Unavailable(format!("cannot reach the server: {error}"))
            }
            Error::Unreadable(_) => Self::Unavailable(error.to_string()),
            error => Self::failed(error),
        }
    }
}
