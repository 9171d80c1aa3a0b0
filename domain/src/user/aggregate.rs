//! The account of one person.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Origin, Preferences, PreferencesChange, Role, SessionEnd, UserCommand, UserError, UserEvent,
};
use crate::personal::{Personal, Subject};
use crate::recorded::{Event, Recorded};
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

impl Recorded for User {
    const OWNS_KEY: bool = true;

    fn event(event: Self::Event) -> Event {
        Event::User(event)
    }
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
                display_name: name(user_id, &display_name)?,
            }]),
            UserCommand::ChangePassword {} => Ok(vec![UserEvent::PasswordChanged {}]),
            UserCommand::ChangePreferences { change } => Ok(self.prefer(change)),
            UserCommand::ChangeRole { role: new } if new == role => Ok(vec![]),
            UserCommand::ChangeRole { role } => Ok(vec![UserEvent::RoleChanged { role }]),
            UserCommand::RequireNoAdmin {} if role == Role::Admin => Err(UserError::IsAdmin),
            UserCommand::RequireNoAdmin {} => Ok(vec![]),
            UserCommand::SuspendUser {} if self.suspended => Err(UserError::Suspended),
            UserCommand::SuspendUser {} => Ok(vec![UserEvent::UserSuspended {}]),
            UserCommand::ReactivateUser {} if !self.suspended => Err(UserError::NotSuspended),
            UserCommand::ReactivateUser {} => Ok(vec![UserEvent::UserReactivated {}]),
            UserCommand::EraseUser {} => Ok(vec![UserEvent::UserErased {}]),
            UserCommand::StartSession { session_id } => self.start_session(session_id),
            UserCommand::EndSession { session_id, cause } => Ok(end_session(session_id, cause)),
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
        let email = email.map(|text| address(user_id, &text)).transpose()?;
        Ok(vec![UserEvent::UserRegistered {
            role,
            email,
            display_name: name(user_id, display_name)?,
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
                email: address(user_id, email)?,
            },
            UserEvent::DisplayNameChanged {
                display_name: name(user_id, display_name)?,
            },
            UserEvent::PasswordChanged {},
        ])
    }

    fn prefer(&self, change: PreferencesChange) -> Vec<UserEvent> {
        let preferences = self.preferences.with(change);
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

fn end_session(session_id: Uuid, cause: SessionEnd) -> Vec<UserEvent> {
    vec![UserEvent::SessionEnded { session_id, cause }]
}

fn name(user_id: Uuid, text: &str) -> Result<Personal<String>, UserError> {
    let name = text::line(text, NAME_LIMIT).map_err(UserError::DisplayName)?;
    Ok(Personal::new([Subject::new("user", user_id)], name))
}

fn address(user_id: Uuid, text: &str) -> Result<Personal<String>, UserError> {
    let address = text::email(text).ok_or(UserError::Email)?;
    Ok(Personal::new([Subject::new("user", user_id)], address))
}
