//! One user account.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Origin, Preferences, PreferencesChange, Role, UserCommand, UserError, UserEvent};
use crate::event::StoredAggregate;
use crate::personal::{Personal, Subject};
use crate::text;

const NAME_LIMIT: usize = 100;

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct User {
    role: Option<Role>,
    has_email: bool,
    suspended: bool,
    erased: bool,
    preferences: Preferences,
}

impl StoredAggregate for User {
    const OWNS_KEY: bool = true;
}

impl Aggregate for User {
    const TYPE: &'static str = "user";
    type Command = UserCommand;
    type Event = UserEvent;
    type Error = UserError;
    type Services = ();

    async fn handle(
        &mut self,
        command: UserCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), UserError> {
        for event in self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

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
    fn decide(&self, command: UserCommand) -> Result<Vec<UserEvent>, UserError> {
        if let UserCommand::RegisterUser {
            user_id,
            role,
            email,
            display_name,
            origin,
        } = command
        {
            return self.register(user_id, role, email, &display_name, origin);
        }
        let role = self
            .role
            .filter(|_| !self.erased)
            .ok_or(UserError::NotFound)?;
        match command {
            UserCommand::RegisterUser { .. } => Err(UserError::AlreadyRegistered),
            UserCommand::ClaimLocalUser {
                user_id,
                email,
                display_name,
            } => self.claim(user_id, &email, &display_name),
            UserCommand::ChangeDisplayName {
                user_id,
                display_name,
            } => Ok(vec![UserEvent::DisplayNameChanged {
                display_name: seal_name(user_id, &display_name)?,
            }]),
            UserCommand::ChangePassword {} => Ok(vec![UserEvent::PasswordChanged {}]),
            UserCommand::ChangePreferences { change } => Ok(self.change_preferences(change)),
            UserCommand::ChangeRole { role: new } if new == role => Ok(vec![]),
            UserCommand::ChangeRole { role } => Ok(vec![UserEvent::RoleChanged { role }]),
            UserCommand::RequireNotAdmin {} if role == Role::Admin => Err(UserError::IsAdmin),
            UserCommand::RequireNotAdmin {} => Ok(vec![]),
            UserCommand::SuspendUser {} if self.suspended => Err(UserError::Suspended),
            UserCommand::SuspendUser {} => Ok(vec![UserEvent::UserSuspended {}]),
            UserCommand::ReactivateUser {} if !self.suspended => Err(UserError::NotSuspended),
            UserCommand::ReactivateUser {} => Ok(vec![UserEvent::UserReactivated {}]),
            UserCommand::EraseUser {} => Ok(vec![UserEvent::UserErased {}]),
            UserCommand::StartSession { session_id } => self.start_session(session_id),
            UserCommand::EndSession { session_id, cause } => {
                Ok(vec![UserEvent::SessionEnded { session_id, cause }])
            }
        }
    }

    fn register(
        &self,
        user_id: Uuid,
        role: Role,
        email: Option<String>,
        display_name: &str,
        origin: Origin,
    ) -> Result<Vec<UserEvent>, UserError> {
        if self.role.is_some() {
            return Err(UserError::AlreadyRegistered);
        }
        let email = email.map(|text| seal_email(user_id, &text)).transpose()?;
        Ok(vec![UserEvent::UserRegistered {
            role,
            email,
            display_name: seal_name(user_id, display_name)?,
            origin,
        }])
    }

    fn claim(
        &self,
        user_id: Uuid,
        email: &str,
        display_name: &str,
    ) -> Result<Vec<UserEvent>, UserError> {
        if self.has_email {
            return Err(UserError::NotLocal);
        }
        Ok(vec![
            UserEvent::EmailChanged {
                email: seal_email(user_id, email)?,
            },
            UserEvent::DisplayNameChanged {
                display_name: seal_name(user_id, display_name)?,
            },
            UserEvent::PasswordChanged {},
        ])
    }

    fn change_preferences(&self, change: PreferencesChange) -> Vec<UserEvent> {
        let preferences = self.preferences.apply_change(change);
        if preferences == self.preferences {
            return vec![];
        }
        vec![UserEvent::PreferencesChanged { preferences }]
    }

    fn start_session(&self, session_id: Uuid) -> Result<Vec<UserEvent>, UserError> {
        if self.suspended {
            return Err(UserError::Suspended);
        }
        Ok(vec![UserEvent::SessionStarted { session_id }])
    }
}

fn seal_name(user_id: Uuid, text: &str) -> Result<Personal<String>, UserError> {
    let name = text::parse_line(text, NAME_LIMIT).map_err(UserError::DisplayName)?;
    Ok(Personal::new([Subject::new("user", user_id)], name))
}

fn seal_email(user_id: Uuid, text: &str) -> Result<Personal<String>, UserError> {
    let email = text::parse_email(text).ok_or(UserError::Email)?;
    Ok(Personal::new([Subject::new("user", user_id)], email))
}
