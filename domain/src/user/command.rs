//! Commands of a user.

use uuid::Uuid;

use super::values::{Origin, PreferencesChange, Role, SessionEnd};

#[derive(Debug, Clone, PartialEq)]
pub enum UserCommand {
    RegisterUser {
        user_id: Uuid,
        role: Role,
        /// `None` for the local user before set-up.
        email: Option<String>,
        display_name: String,
        origin: Origin,
    },
    /// Turns the local user into the first account at set-up. The password is stored outside the log.
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
    /// Changes only the preferences that are set.
    ChangePreferences {
        change: PreferencesChange,
    },
    ChangeRole {
        role: Role,
    },
    /// Refuses the whole execution if the user is an administrator; produces no event.
    RequireNotAdmin {},
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
