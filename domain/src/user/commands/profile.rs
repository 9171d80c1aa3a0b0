//! Changing the name, the address and the password of an account.

use uuid::Uuid;

use crate::command::{Command, Decision};
use crate::personal::{Personal, Subject};
use crate::text;
use crate::user::{User, UserError, UserEvent};

const NAME_LIMIT: usize = 100;

#[derive(Debug, Clone, PartialEq)]
pub struct ChangeDisplayName {
    pub user_id: Uuid,
    pub display_name: String,
}

impl Command<User> for ChangeDisplayName {
    fn decide(self, state: &User) -> Decision<User> {
        state.require_existing()?;
        let display_name = seal_name(self.user_id, &self.display_name)?;
        Ok(vec![UserEvent::DisplayNameChanged { display_name }])
    }
}

/// The caller reserves the new address and releases the earlier one.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeEmail {
    pub user_id: Uuid,
    pub email: String,
}

impl Command<User> for ChangeEmail {
    fn decide(self, state: &User) -> Decision<User> {
        state.require_existing()?;
        let email = seal_email(self.user_id, &self.email)?;
        Ok(vec![UserEvent::EmailChanged { email }])
    }
}

/// Records that the password changed; it is stored outside the log.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangePassword;

impl Command<User> for ChangePassword {
    fn decide(self, state: &User) -> Decision<User> {
        state.require_existing()?;
        Ok(vec![UserEvent::PasswordChanged {}])
    }
}

pub(super) fn seal_name(user_id: Uuid, text: &str) -> Result<Personal<String>, UserError> {
    let name = text::parse_line(text, NAME_LIMIT).map_err(UserError::DisplayName)?;
    Ok(Personal::new([Subject::new("user", user_id)], name))
}

pub(super) fn seal_email(user_id: Uuid, text: &str) -> Result<Personal<String>, UserError> {
    let email = text::parse_email(text).ok_or(UserError::Email)?;
    Ok(Personal::new([Subject::new("user", user_id)], email))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::decide;
    use crate::user::fixture::{ADA, personal, registered};

    #[test]
    fn an_address_is_changed_to_a_valid_one() {
        let change = |email: &str| ChangeEmail {
            user_id: ADA,
            email: email.to_owned(),
        };
        let given = || [registered(Some("ada@example.org"))];
        let email = personal("countess@example.org");
        let changed = decide(given(), change(" countess@example.org "));
        assert_eq!(changed, Ok(vec![UserEvent::EmailChanged { email }]));
        assert_eq!(decide(given(), change("countess")), Err(UserError::Email));
    }
}
