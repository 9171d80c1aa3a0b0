//! Suspending, reactivating and erasing an account.

use crate::command::{Command, Decision};
use crate::user::{User, UserError, UserEvent};

#[derive(Debug, Clone, PartialEq)]
pub struct SuspendUser;

impl Command<User> for SuspendUser {
    fn decide(self, state: &User) -> Decision<User> {
        state.require_existing()?;
        match state.suspended {
            true => Err(UserError::Suspended),
            false => Ok(vec![UserEvent::UserSuspended {}]),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct ReactivateUser;

impl Command<User> for ReactivateUser {
    fn decide(self, state: &User) -> Decision<User> {
        state.require_existing()?;
        match state.suspended {
            true => Ok(vec![UserEvent::UserReactivated {}]),
            false => Err(UserError::NotSuspended),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct EraseUser;

impl Command<User> for EraseUser {
    fn decide(self, state: &User) -> Decision<User> {
        state.require_existing()?;
        Ok(vec![UserEvent::UserErased {}])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::decide;
    use crate::user::fixture::{ADA, registered};
    use crate::user::{ChangeEmail, ChangePassword, ChangeRole, ClaimLocalUser, Role, UserCommand};

    #[test]
    fn suspending_twice_or_reactivating_an_active_user_is_refused() {
        let suspended = [registered(None), UserEvent::UserSuspended {}];
        assert_eq!(decide(suspended, SuspendUser), Err(UserError::Suspended));
        let refused = decide([registered(None)], ReactivateUser);
        assert_eq!(refused, Err(UserError::NotSuspended));
    }

    #[test]
    fn commands_on_a_missing_or_erased_user_are_refused() {
        let erased = decide([registered(None)], EraseUser).unwrap();
        assert_eq!(erased, [UserEvent::UserErased {}]);
        let claim = ClaimLocalUser {
            user_id: ADA,
            email: "ada@example.org".into(),
            display_name: "Ada L".into(),
        };
        let change_email = ChangeEmail {
            user_id: ADA,
            email: "ada@example.org".into(),
        };
        for given in [vec![], [vec![registered(None)], erased].concat()] {
            for command in [
                UserCommand::from(SuspendUser),
                ReactivateUser.into(),
                EraseUser.into(),
                ChangePassword.into(),
                change_email.clone().into(),
                ChangeRole { role: Role::User }.into(),
                claim.clone().into(),
            ] {
                let refused = decide(given.clone(), command);
                assert_eq!(refused, Err(UserError::NotFound));
            }
        }
    }
}
