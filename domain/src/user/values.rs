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

/// How a person wants to be served, on every device. No text of a person's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Preferences {
    /// None: that of the device.
    pub language: Option<Language>,
    pub theme: Theme,
    /// Whether Enter sends a message; else it begins a new line.
    pub send_on_enter: bool,
    /// Whether a client may notify when an answer ends out of sight.
    pub notify_answers: bool,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            language: None,
            theme: Theme::System,
            send_on_enter: true,
            notify_answers: true,
        }
    }
}

/// What changes of the preferences, and what stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PreferencesChange {
    /// `Some(None)` goes back to that of the device.
    pub language: Option<Option<Language>>,
    pub theme: Option<Theme>,
    pub send_on_enter: Option<bool>,
    pub notify_answers: Option<bool>,
}

impl Preferences {
    pub(super) fn with(self, change: PreferencesChange) -> Self {
        Self {
            language: change.language.unwrap_or(self.language),
            theme: change.theme.unwrap_or(self.theme),
            send_on_enter: change.send_on_enter.unwrap_or(self.send_on_enter),
            notify_answers: change.notify_answers.unwrap_or(self.notify_answers),
        }
    }
}

/// A language of the product, by its ISO 639 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    De,
    En,
}

impl Language {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::De => "de",
            Self::En => "en",
        }
    }

    /// The language of a code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::De, Self::En]
            .into_iter()
            .find(|language| language.as_str() == code)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// That of the device.
    System,
    Light,
    Dark,
}

impl Theme {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::System, Self::Light, Self::Dark]
            .into_iter()
            .find(|theme| theme.as_str() == name)
    }
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
