//! Request and response bodies of preferences.

use domain::user::{Language, Preferences, PreferencesChange, Theme};
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{Enum, Object};
use serde::Deserialize;

/// A language of the user interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[oai(rename = "Language", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum LanguageCode {
    Ar,
    De,
    En,
}

/// The colour theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[oai(rename = "Theme", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ThemeName {
    System,
    Light,
    Dark,
}

/// The preferences of a user, on every device.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(rename = "Preferences")]
pub(super) struct PreferencesResource {
    /// The version of the account, for If-Match.
    pub version: i64,
    /// Null for the language of the device.
    pub language: Option<LanguageCode>,
    pub theme: ThemeName,
    /// Whether Enter sends a message; otherwise it starts a new line.
    pub send_on_enter: bool,
    /// Whether clients may show a notification when an answer is complete and the page is not visible.
    pub notify_answers: bool,
    /// The model of new conversations for which neither an assistant nor a model is chosen. Null for the model of the
    /// default assistant, and while the chosen model does not exist or is disabled.
    pub default_model: Option<String>,
    /// Models to show first, in this order. They need not exist any more.
    pub favorite_models: Vec<String>,
}

#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub struct UpdatePreferences {
    /// Null resets it to the language of the device.
    #[serde(default)]
    pub language: MaybeUndefined<LanguageCode>,
    pub theme: Option<ThemeName>,
    pub send_on_enter: Option<bool>,
    pub notify_answers: Option<bool>,
    /// Null resets it to the model of the default assistant.
    #[serde(default)]
    pub default_model: MaybeUndefined<String>,
    /// Replaces the favourite models, at most 100.
    pub favorite_models: Option<Vec<String>>,
}

impl PreferencesResource {
    pub(super) fn new(version: i64, preferences: Preferences) -> Self {
        Self {
            version,
            language: preferences.language.map(|language| match language {
                Language::Ar => LanguageCode::Ar,
                Language::De => LanguageCode::De,
                Language::En => LanguageCode::En,
            }),
            theme: match preferences.theme {
                Theme::System => ThemeName::System,
                Theme::Light => ThemeName::Light,
                Theme::Dark => ThemeName::Dark,
            },
            send_on_enter: preferences.send_on_enter,
            notify_answers: preferences.notify_answers,
            default_model: preferences.default_model,
            favorite_models: preferences.favorite_models,
        }
    }
}

impl From<UpdatePreferences> for PreferencesChange {
    fn from(update: UpdatePreferences) -> Self {
        let language = |code| match code {
            LanguageCode::Ar => Language::Ar,
            LanguageCode::De => Language::De,
            LanguageCode::En => Language::En,
        };
        Self {
            language: update.language.map_value(language).into(),
            theme: update.theme.map(|theme| match theme {
                ThemeName::System => Theme::System,
                ThemeName::Light => Theme::Light,
                ThemeName::Dark => Theme::Dark,
            }),
            send_on_enter: update.send_on_enter,
            notify_answers: update.notify_answers,
            default_model: update.default_model.into(),
            favorite_models: update.favorite_models,
        }
    }
}
