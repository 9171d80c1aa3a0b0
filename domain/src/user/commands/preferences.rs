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
        let preferences = state.preferences.apply_change(self.change);
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
            ..prefers_dark
        };
        let none = PreferencesChange {
            language: Some(None),
            ..PreferencesChange::default()
        };
        for (before, change, events) in [
            (None, dark, vec![changed(prefers_dark)]),
            (Some(prefers_dark), dark, vec![]),
            (Some(german), none, vec![changed(prefers_dark)]),
        ] {
            let given = std::iter::once(registered(None)).chain(before.map(changed));
            assert_eq!(decide(given, ChangePreferences { change }), Ok(events));
        }
        let missing = decide([], ChangePreferences { change: dark });
        assert_eq!(missing, Err(UserError::NotFound));
    }
}
