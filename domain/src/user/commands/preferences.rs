//! Changing preferences.

use crate::command::{Command, Decision};
use crate::user::{PreferencesChange, User, UserEvent};

/// Changes only the preferences that are set.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangePreferences {
    pub change: PreferencesChange,
}

impl Command<User> for ChangePreferences {
    fn decide(self, state: &User) -> Decision<User> {
        state.require_existing()?;
        let preferences = state.preferences.clone().apply_change(self.change)?;
        if preferences == state.preferences {
            return Ok(vec![]);
        }
        Ok(vec![UserEvent::PreferencesChanged { preferences }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::decide;
    use crate::user::fixture::registered;
    use crate::user::{Language, Preferences, Theme, UserError};

    #[test]
    fn only_different_preferences_create_an_event() {
        let dark = PreferencesChange {
            theme: Some(Theme::Dark),
            ..PreferencesChange::default()
        };
        let changed = |preferences| UserEvent::PreferencesChanged { preferences };
        let prefers_dark = Preferences {
            theme: Theme::Dark,
            ..Preferences::default()
        };
        // Unset fields keep their value, and the language can be reset.
        let german = Preferences {
            language: Some(Language::De),
            ..prefers_dark.clone()
        };
        let none = PreferencesChange {
            language: Some(None),
            ..PreferencesChange::default()
        };
        for (before, change, events) in [
            (None, dark.clone(), vec![changed(prefers_dark.clone())]),
            (Some(prefers_dark.clone()), dark.clone(), vec![]),
            (Some(german), none, vec![changed(prefers_dark)]),
        ] {
            let given = std::iter::once(registered(None)).chain(before.map(changed));
            assert_eq!(decide(given, ChangePreferences { change }), Ok(events));
        }
        let missing = decide([], ChangePreferences { change: dark });
        assert_eq!(missing, Err(UserError::NotFound));
    }

    fn with_default(model: Option<&str>) -> PreferencesChange {
        PreferencesChange {
            default_model: Some(model.map(str::to_owned)),
            ..PreferencesChange::default()
        }
    }

    fn with_favorites(models: &[&str]) -> PreferencesChange {
        PreferencesChange {
            favorite_models: Some(models.iter().map(|name| (*name).to_owned()).collect()),
            ..PreferencesChange::default()
        }
    }

    #[test]
    fn models_are_chosen_kept_and_reset() {
        let chosen = Preferences {
            default_model: Some("openai/gpt-5".to_owned()),
            favorite_models: vec!["b/one".to_owned(), "a/two".to_owned()],
            ..Preferences::default()
        };
        let changed = |preferences| UserEvent::PreferencesChanged { preferences };
        let change = PreferencesChange {
            favorite_models: with_favorites(&["b/one", "a/two", "b/one"]).favorite_models,
            ..with_default(Some("openai/gpt-5"))
        };
        let events = decide([registered(None)], ChangePreferences { change }).unwrap();
        assert_eq!(events, [changed(chosen.clone())]);
        let given = || std::iter::once(registered(None)).chain(events.clone());
        let change = with_default(None);
        let none = decide(given(), ChangePreferences { change });
        let without_default = Preferences {
            default_model: None,
            ..chosen.clone()
        };
        assert_eq!(none, Ok(vec![changed(without_default)]));
        let change = with_favorites(&[]);
        let none = decide(given(), ChangePreferences { change });
        let without_favorites = Preferences {
            favorite_models: vec![],
            ..chosen
        };
        assert_eq!(none, Ok(vec![changed(without_favorites)]));
    }

    #[test]
    fn invalid_and_too_many_models_are_refused() {
        let many: Vec<String> = (0..101).map(|n| format!("a/{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        for (change, refusal) in [
            (with_default(Some("gpt-5")), UserError::DefaultModel),
            (with_favorites(&["a/b", "c"]), UserError::FavoriteModels),
            (with_favorites(&many), UserError::TooManyFavoriteModels),
        ] {
            let command = ChangePreferences { change };
            assert_eq!(decide([registered(None)], command), Err(refusal));
        }
    }
}
