//! Roles of users.

use crate::command::{Command, Decision};
use crate::user::{Role, User, UserError, UserEvent};

/// Changes nothing if the user already has the role.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeRole {
    pub role: Role,
}

impl Command<User> for ChangeRole {
    fn decide(self, state: &User) -> Decision<User> {
        let role = self.role;
        match state.require_existing()? == role {
            true => Ok(vec![]),
            false => Ok(vec![UserEvent::RoleChanged { role }]),
        }
    }
}

/// Refuses the whole execution if the user is an administrator; produces no event.
#[derive(Debug, Clone, PartialEq)]
pub struct RequireNotAdmin;

impl Command<User> for RequireNotAdmin {
    fn decide(self, state: &User) -> Decision<User> {
        match state.require_existing()? {
            Role::Admin => Err(UserError::IsAdmin),
            Role::Guest | Role::User | Role::Manager => Ok(vec![]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::decide;
    use crate::user::fixture::registered;

    #[test]
    fn assigning_the_same_role_changes_nothing() {
        let promoted = UserEvent::RoleChanged { role: Role::Admin };
        for (role, events) in [(Role::User, vec![]), (Role::Admin, vec![promoted])] {
            assert_eq!(decide([registered(None)], ChangeRole { role }), Ok(events));
        }
    }

    #[test]
    fn require_not_admin_checks_the_current_role() {
        assert_eq!(decide([registered(None)], RequireNotAdmin), Ok(vec![]));
        let promoted = UserEvent::RoleChanged { role: Role::Admin };
        let refused = decide([registered(None), promoted], RequireNotAdmin);
        assert_eq!(refused, Err(UserError::IsAdmin));
    }
}
