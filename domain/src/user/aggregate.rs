//! One user account.

use cqrs_es::Aggregate;
use serde::{Deserialize, Serialize};

use super::{EraseUser, Preferences, Role, UserCommand, UserError, UserEvent};
use crate::command::handle_commands;
use crate::event::{Erasable, StoredAggregate};

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct User {
    pub(super) role: Option<Role>,
    pub(super) has_email: bool,
    pub(super) suspended: bool,
    pub(super) erased: bool,
    pub(super) preferences: Preferences,
}

impl StoredAggregate for User {
    const OWNS_KEY: bool = true;
}

impl Erasable for User {
    const ENDED_BY: &'static str = "user_erased";

    fn erasure() -> Self::Command {
        EraseUser.into()
    }
}

impl Aggregate for User {
    const TYPE: &'static str = "user";
    type Command = UserCommand;
    type Event = UserEvent;
    type Error = UserError;
    handle_commands!();

    fn apply(&mut self, event: UserEvent) {
        match event {
            UserEvent::UserRegistered { role, email, .. } => {
                self.role = Some(role);
                self.has_email = email.is_some();
            }
            UserEvent::EmailChanged { .. } => self.has_email = true,
            UserEvent::RoleChanged { role } => self.role = Some(role),
            UserEvent::UserSuspended {} => self.suspended = true,
            UserEvent::UserReactivated {} => self.suspended = false,
            UserEvent::UserErased {} => self.erased = true,
            UserEvent::PreferencesChanged { preferences } => self.preferences = preferences,
            UserEvent::DisplayNameChanged { .. }
            | UserEvent::PasswordChanged {}
            | UserEvent::SessionStarted { .. }
            | UserEvent::SessionEnded { .. } => {}
        }
    }
}

impl User {
    /// The role of an account that exists and is not erased.
    pub(super) fn require_existing(&self) -> Result<Role, UserError> {
        self.role
            .filter(|_| !self.erased)
            .ok_or(UserError::NotFound)
    }
}
