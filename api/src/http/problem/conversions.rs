//! Which status and code an error of another crate has.

use domain::{Refusal, RefusalKind};
use eventstore::command::store::LoadError;
use eventstore::files::FilesError;
use eventstore::log::LogError;
use eventstore::seal::keys::KeyError;
use eventstore::{AppendError, ExecutorError};
use poem::http::StatusCode;
use projections::user::credentials::PasswordError;

use super::Problem;

impl From<Box<dyn Refusal>> for Problem {
    fn from(refusal: Box<dyn Refusal>) -> Self {
        let detail = refusal.to_string();
        match refusal.kind() {
            RefusalKind::NotFound => Self::not_found(),
            RefusalKind::Forbidden => Self::new(StatusCode::FORBIDDEN, refusal.code(), detail),
            RefusalKind::Conflict => Self::new(StatusCode::CONFLICT, refusal.code(), detail),
            RefusalKind::Invalid => {
                Self::invalid(refusal.pointer().unwrap_or(""), refusal.code(), detail)
            }
        }
    }
}

impl From<ExecutorError> for Problem {
    fn from(error: ExecutorError) -> Self {
        match error {
            ExecutorError::Refused(refusal) => refusal.into(),
            ExecutorError::VersionMismatch { .. } => Self::new(
                StatusCode::PRECONDITION_FAILED,
                "version_mismatch",
                "the object has changed in the meantime; read it again",
            ),
            ExecutorError::Reserved("email") => {
                let mut problem = Self::new(
                    StatusCode::CONFLICT,
                    "email_taken",
                    "an account with this address already exists; log in instead",
                );
                problem.errors = Self::invalid("/email", "email_taken", "is already taken").errors;
                problem
            }
            ExecutorError::Reserved(kind) => Self::new(
                StatusCode::CONFLICT,
                "taken",
                format!("this {kind} is already taken"),
            ),
            ExecutorError::WriteRefused(code) => Self::new(
                StatusCode::CONFLICT,
                code,
                "the object is no longer in a state that allows this",
            ),
            ExecutorError::IdempotencyMismatch => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency_mismatch",
                "this Idempotency-Key was already used with another body; use a new key",
            ),
            ExecutorError::Contended => {
                Self::unavailable("contended", "the object is changing too quickly; try again")
            }
            ExecutorError::Append(error) => error.into(),
            ExecutorError::Key(error) => error.into(),
            ExecutorError::Log(error) => error.into(),
            ExecutorError::Database(error) => error.into(),
            ExecutorError::Load(error) => error.into(),
            error @ ExecutorError::Unexpected(_) => Self::internal(&error),
        }
    }
}

impl From<AppendError> for Problem {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Unavailable | AppendError::Diverged => Self::unavailable(
                "database_unavailable",
                "the event log cannot be written at the moment; try again with the same Idempotency-Key",
            ),
            AppendError::StorageFull => {
                Self::unavailable("storage_full", "the disk is full; nothing was written")
            }
            AppendError::Overloaded => {
                Self::unavailable("overloaded", "too many commands are waiting; try again")
            }
            error => Self::internal(&error),
        }
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        Self::from_database(&error)
    }
}

impl From<LoadError> for Problem {
    fn from(error: LoadError) -> Self {
        match error.database_error() {
            Some(database) => Self::from_database(database),
            None => Self::undecodable(&error),
        }
    }
}

impl From<KeyError> for Problem {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Database(error) => error.into(),
            error @ (KeyError::Unwrap(_) | KeyError::Vault(_)) => Self::key_unavailable(&error),
        }
    }
}

impl From<LogError> for Problem {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Database(error) => error.into(),
            LogError::Key(error) => error.into(),
            error @ (LogError::Vault(_) | LogError::OtherMasterKey { .. }) => {
                Self::key_unavailable(&error)
            }
            error @ (LogError::Missing
            | LogError::Format(_)
            | LogError::Codec(_)
            | LogError::Unreadable(_)) => Self::undecodable(&error),
        }
    }
}

impl From<FilesError> for Problem {
    fn from(error: FilesError) -> Self {
        match error {
            FilesError::Missing(_) => Self::new(
                StatusCode::GONE,
                "bytes_missing",
                "the content of this file is missing",
            ),
            FilesError::Full => {
                Self::unavailable("storage_full", "the disk is full; nothing was stored")
            }
            FilesError::Log(error) => error.into(),
            FilesError::Store(_) | FilesError::Location(_) => {
                tracing::error!(%error, "cannot reach the file store");
                Self::unavailable(
                    "storage_unavailable",
                    "the file store is unavailable; try again",
                )
            }
            FilesError::Vault(_) => {
                tracing::error!(%error, "cannot decrypt a file");
                Self::unavailable(
                    "key_unavailable",
                    "this file cannot be decrypted; ask the operator to look at the server log",
                )
            }
        }
    }
}

impl From<PasswordError> for Problem {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => {
                Self::unavailable("busy", "too many logins at the same time; try again")
            }
            PasswordError::Database(error) => error.into(),
            error @ PasswordError::Hash => Self::internal(&error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_outage_has_one_code_wherever_it_is_noticed() {
        let unavailable = || sqlx::Error::PoolTimedOut;
        for problem in [
            Problem::from(unavailable()),
            ExecutorError::Load(LoadError::Database(unavailable())).into(),
            ExecutorError::Log(LogError::Database(unavailable())).into(),
            ExecutorError::Key(KeyError::Database(unavailable())).into(),
        ] {
            assert_eq!(
                (problem.status.as_u16(), problem.code),
                (503, "database_unavailable")
            );
        }
        for problem in [
            Problem::from(LogError::Unreadable(7)),
            LogError::Format(9).into(),
        ] {
            assert_eq!(
                (problem.status.as_u16(), problem.code),
                (500, "log_undecodable")
            );
        }
    }
}
