//! Creating an account.

use uuid::Uuid;

use crate::command::{Command, Decision};
use crate::user::commands::profile::{seal_email, seal_name};
use crate::user::{Origin, Role, User, UserError, UserEvent};

#[derive(Debug, Clone, PartialEq)]
pub struct RegisterUser {
    pub user_id: Uuid,
    pub role: Role,
    /// `None` for the local user before set-up.
    pub email: Option<String>,
    pub display_name: String,
    pub origin: Origin,
}

impl Command<User> for RegisterUser {
    fn decide(self, state: &User) -> Decision<User> {
        if state.role.is_some() {
            return Err(UserError::AlreadyRegistered);
        }
        let email = self.email.map(|text| seal_email(self.user_id, &text));
        Ok(vec![UserEvent::UserRegistered {
            role: self.role,
            email: email.transpose()?,
            display_name: seal_name(self.user_id, &self.display_name)?,
            origin: self.origin,
        }])
    }
}

/// Turns the local user into the first account at set-up. The password is stored outside the log.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimLocalUser {
    pub user_id: Uuid,
    pub email: String,
    pub display_name: String,
}

impl Command<User> for ClaimLocalUser {
    fn decide(self, state: &User) -> Decision<User> {
        state.require_existing()?;
        if state.has_email {
            return Err(UserError::NotLocal);
        }
        Ok(vec![
            UserEvent::EmailChanged {
                email: seal_email(self.user_id, &self.email)?,
            },
            UserEvent::DisplayNameChanged {
                display_name: seal_name(self.user_id, &self.display_name)?,
            },
            UserEvent::PasswordChanged {},
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::decide;
    use crate::text::TextError;
    use crate::user::fixture::{ADA, personal, registered};

    fn register(email: Option<&str>, name: &str) -> RegisterUser {
        RegisterUser {
            user_id: ADA,
            role: Role::User,
            email: email.map(str::to_owned),
            display_name: name.to_owned(),
            origin: Origin::Registration,
        }
    }

    #[test]
    fn registering_records_role_address_and_name() {
        let address = Some("ada@example.org");
        let decided = decide([], register(address, " Ada "));
        assert_eq!(decided, Ok(vec![registered(address)]));
    }

    #[test]
    fn registering_twice_is_refused() {
        let again = decide([registered(None)], register(None, "Ada"));
        assert_eq!(again, Err(UserError::AlreadyRegistered));
    }

    #[test]
    fn an_empty_name_is_refused() {
        let refused = decide([], register(None, "  "));
        assert_eq!(refused, Err(UserError::DisplayName(TextError::Empty)));
    }

    #[test]
    fn an_address_without_a_host_is_refused() {
        let refused = decide([], register(Some("ada@"), "Ada"));
        assert_eq!(refused, Err(UserError::Email));
    }

    #[test]
    fn the_local_user_can_be_claimed_once() {
        let claim = ClaimLocalUser {
            user_id: ADA,
            email: "ada@example.org".into(),
            display_name: "Ada L".into(),
        };
        let claimed = vec![
            UserEvent::EmailChanged {
                email: personal("ada@example.org"),
            },
            UserEvent::DisplayNameChanged {
                display_name: personal("Ada L"),
            },
            UserEvent::PasswordChanged {},
        ];
        let mut history = vec![registered(None)];
        assert_eq!(decide(history.clone(), claim.clone()), Ok(claimed.clone()));
        history.extend(claimed);
        assert_eq!(decide(history, claim), Err(UserError::NotLocal));
    }
}
