//! Roles, preferences and the enums of a user account.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::UserError;
use crate::model;

/// A user's role, in ascending order of permissions.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[derive(strum::Display, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Role {
    Guest,
    User,
    Manager,
    Admin,
}

/// How an account was created.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[derive(strum::Display, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Origin {
    /// The first administrator, created through the set-up link.
    Setup,
    /// Created on the command line.
    Cli,
    /// Created by an administrator or manager.
    Admin,
    /// The person signed up.
    Registration,
    /// The person at the machine, before set-up; has no password.
    Local,
}

/// Maximum number of favourite models.
const MAX_FAVORITE_MODELS: usize = 100;

/// A user's preferences, shared by all devices. They contain no free text, so they are not sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Preferences {
    /// `None` uses the language of the device.
    pub language: Option<Language>,
    pub theme: Theme,
    /// Whether Enter sends a message; otherwise it inserts a line break.
    pub send_on_enter: bool,
    /// Whether clients show a notification when an answer is complete and not on screen.
    pub notify_answers: bool,
    /// The model of new conversations; `None` uses that of the assistant or the installation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_model: Option<String>,
    /// Models that the user wants to see first, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub favorite_models: Vec<String>,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            language: None,
            theme: Theme::System,
            send_on_enter: true,
            notify_answers: true,
            default_model: None,
            favorite_models: vec![],
        }
    }
}

/// A change of preferences; `None` keeps the current value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PreferencesChange {
    /// `Some(None)` returns to the language of the device.
    pub language: Option<Option<Language>>,
    pub theme: Option<Theme>,
    pub send_on_enter: Option<bool>,
    pub notify_answers: Option<bool>,
    /// `Some(None)` returns to the model of the assistant or the installation.
    pub default_model: Option<Option<String>>,
    pub favorite_models: Option<Vec<String>>,
}

impl Preferences {
    pub(super) fn apply_change(self, change: PreferencesChange) -> Result<Self, UserError> {
        let default_model = match change.default_model {
            Some(Some(name)) => Some(model::parse_name(&name).ok_or(UserError::DefaultModel)?),
            Some(None) => None,
            None => self.default_model,
        };
        let favorite_models = match change.favorite_models {
            Some(names) => parse_favorites(&names)?,
            None => self.favorite_models,
        };
        Ok(Self {
            language: change.language.unwrap_or(self.language),
            theme: change.theme.unwrap_or(self.theme),
            send_on_enter: change.send_on_enter.unwrap_or(self.send_on_enter),
            notify_answers: change.notify_answers.unwrap_or(self.notify_answers),
            default_model,
            favorite_models,
        })
    }
}

/// Parses names of models, without repetitions.
fn parse_favorites(names: &[String]) -> Result<Vec<String>, UserError> {
    let mut parsed = Vec::new();
    for name in names {
        let name = model::parse_name(name).ok_or(UserError::FavoriteModels)?;
        if !parsed.contains(&name) {
            parsed.push(name);
        }
        if parsed.len() > MAX_FAVORITE_MODELS {
            return Err(UserError::TooManyFavoriteModels);
        }
    }
    Ok(parsed)
}

/// A language of the interface, by ISO 639-1 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[derive(strum::Display, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Language {
    Ar,
    De,
    En,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[derive(strum::Display, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Theme {
    /// Follows the device.
    System,
    Light,
    Dark,
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionEnd {
    LoggedOut,
    Revoked,
    /// A refresh token was reused after its successor had been used.
    TokenReuse,
}
