//! Roles and the other closed sets of a user.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a user may do, in ascending order.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Guest,
    User,
    Manager,
    Admin,
}

impl Role {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::User => "user",
            Self::Manager => "manager",
            Self::Admin => "admin",
        }
    }

    /// The role of a name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Guest, Self::User, Self::Manager, Self::Admin]
            .into_iter()
            .find(|role| role.as_str() == name)
    }
}

/// How an account came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The first administrator, by the set-up link.
    Setup,
    /// Made on the command line.
    Cli,
    /// Made by an administrator or manager.
    Admin,
    /// Signed up.
    Registration,
    /// The person at the machine, before set-up; has no password.
    Local,
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionEnd {
    LoggedOut,
    Revoked,
    /// A refresh token was used again after its successor had been used.
    TokenReuse,
}
