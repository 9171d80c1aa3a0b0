//! Events of a user.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::values::{Origin, Preferences, Role, SessionEnd};
use crate::codec::stored_events;
use crate::personal::Personal;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event_type", rename_all = "snake_case")]
pub enum UserEvent {
    UserRegistered {
        role: Role,
        email: Option<Personal<String>>,
        display_name: Personal<String>,
        origin: Origin,
    },
    EmailChanged {
        email: Personal<String>,
    },
    DisplayNameChanged {
        display_name: Personal<String>,
    },
    PasswordChanged {},
    /// The complete preferences after the change.
    PreferencesChanged {
        preferences: Preferences,
    },
    RoleChanged {
        role: Role,
    },
    UserSuspended {},
    UserReactivated {},
    /// The account and its data are erased: the keys are destroyed.
    UserErased {},
    SessionStarted {
        session_id: Uuid,
    },
    SessionEnded {
        session_id: Uuid,
        cause: SessionEnd,
    },
}

stored_events!(UserEvent {
    UserRegistered => "user_registered",
    EmailChanged => "email_changed",
    DisplayNameChanged => "display_name_changed",
    PasswordChanged => "password_changed",
    PreferencesChanged => "preferences_changed",
    RoleChanged => "role_changed",
    UserSuspended => "user_suspended",
    UserReactivated => "user_reactivated",
    UserErased => "user_erased",
    SessionStarted => "session_started",
    SessionEnded => "session_ended",
});
