//! How a failed batch is handled.

use super::SideWriteError;

/// How to handle a failed batch.
pub(super) enum FailureClass {
    UniqueViolation,
    Unavailable,
    /// Rolled back because of a concurrent transaction.
    RolledBack,
    Diverged,
    /// The log lacks the predecessor of an event in its aggregate.
    MissingPredecessor,
    StorageFull,
    Refused(&'static str),
    Failed,
}

impl FailureClass {
    pub(super) fn from_error(error: &SideWriteError) -> Self {
        let error = match error {
            SideWriteError::Refused(code) => return Self::Refused(code),
            SideWriteError::Database(error) => error,
        };
        let Some(database) = error.as_database_error() else {
            return Self::Unavailable;
        };
        match database.code().as_deref() {
            Some("23505") => Self::UniqueViolation,
            Some("CS001") => Self::Diverged,
            Some("CS002") => Self::MissingPredecessor,
            Some("53100") => Self::StorageFull,
            // A deadlock or serialization failure: the batch is valid and was rolled back completely.
            Some("40P01" | "40001") => Self::RolledBack,
            // Shutting down, starting up, too many connections, connection failures.
            Some(code) if code.starts_with("57P") || code.starts_with("08") || code == "53300" => {
                Self::Unavailable
            }
            _ => Self::Failed,
        }
    }
}
