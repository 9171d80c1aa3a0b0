//! Request and response bodies of users.

use chrono::{DateTime, Utc};
use domain::Refusal;
use domain::user::{ChangeRole, ReactivateUser, Role, SuspendUser, UserCommand, UserError};
use o2o::o2o;
use poem_openapi::{Enum, Object};
use projections::user::UserView;
use serde::Deserialize;
use uuid::Uuid;

use crate::http::resource;

use crate::http::Problem;

/// The role of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[oai(rename_all = "snake_case", remote = "Role")]
#[serde(rename_all = "snake_case")]
pub enum UserRole {
    Guest,
    User,
    Manager,
    Admin,
}

/// A person who uses the installation.
#[derive(Debug, Clone, PartialEq, Object, o2o)]
#[from_owned(UserView)]
#[oai(rename = "User")]
pub(crate) struct UserResource {
    pub id: Uuid,
    pub version: i64,
    #[from(~.0.into())]
    pub role: UserRole,
    /// Null for the local user before setup.
    pub email: Option<String>,
    pub display_name: String,
    pub suspended: bool,
    pub created_at: DateTime<Utc>,
}

resource!(UserResource, UserView, "/api/v1/users");

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateMe {
    pub display_name: String,
}

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangePassword {
    pub current_password: String,
    /// At least 8 characters, at most 1024 bytes.
    pub new_password: String,
}

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateUser {
    pub email: String,
    pub display_name: String,
    /// At least 8 characters, at most 1024 bytes.
    pub password: String,
    pub role: UserRole,
}

#[derive(Debug, Clone, Copy, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateUser {
    pub role: Option<UserRole>,
    pub suspended: Option<bool>,
}

impl UpdateUser {
    /// The commands for this request. The aggregate decides whether anything has to change.
    pub(super) fn commands(self) -> Vec<UserCommand> {
        let role = self.role.map(Role::from);
        let suspended = self.suspended.map(|suspended| match suspended {
            true => UserCommand::from(SuspendUser),
            false => ReactivateUser.into(),
        });
        let role = role.map(|role| ChangeRole { role }.into());
        role.into_iter().chain(suspended).collect()
    }

    /// Whether a command failed because the account is already suspended or active as requested.
    pub(super) fn is_already_applied(self, problem: &Problem) -> bool {
        let refusal = match self.suspended {
            Some(true) => UserError::Suspended,
            Some(false) => UserError::NotSuspended,
            None => return false,
        };
        problem.code == refusal.code()
    }
}
