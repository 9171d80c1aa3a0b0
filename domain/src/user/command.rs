//! What may be asked of a user's account.

use uuid::Uuid;

use super::values::{Origin, PreferencesChange, Role, SessionEnd};

#[derive(Debug, Clone, PartialEq)]
pub enum UserCommand {
    RegisterUser {
        user_id: Uuid,
        role: Role,
        /// Absent for the local user before set-up.
        email: Option<String>,
        display_name: String,
        origin: Origin,
    },
    /// Set-up takes over the local user: it gets an address and a name, and a password beside the log.
    ClaimLocalUser {
        user_id: Uuid,
        email: String,
        display_name: String,
    },
    ChangeDisplayName {
        user_id: Uuid,
        display_name: String,
    },
    ChangePassword {},
    /// Changes what is given and leaves the rest.
    ChangePreferences {
        change: PreferencesChange,
    },
    ChangeRole {
        role: Role,
    },
    /// Refuses the commands after it where the user is an administrator. Changes nothing itself.
    RequireNoAdmin {},
    SuspendUser {},
    ReactivateUser {},
    EraseUser {},
    StartSession {
        session_id: Uuid,
    },
    EndSession {
        session_id: Uuid,
        cause: SessionEnd,
    },
}
