//! Changing the name and the password of an account.

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
