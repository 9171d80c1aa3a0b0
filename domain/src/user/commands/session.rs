//! Sessions of users. Their tokens are stored outside the log.

use uuid::Uuid;

use crate::command::{Command, Decision};
use crate::user::{SessionEnd, User, UserError, UserEvent};

#[derive(Debug, Clone, PartialEq)]
pub struct StartSession {
    pub session_id: Uuid,
}

impl Command<User> for StartSession {
    fn decide(self, state: &User) -> Decision<User> {
        state.require_existing()?;
        if state.suspended {
            return Err(UserError::Suspended);
        }
        let session_id = self.session_id;
        Ok(vec![UserEvent::SessionStarted { session_id }])
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct EndSession {
    pub session_id: Uuid,
    pub cause: SessionEnd,
}

impl Command<User> for EndSession {
    fn decide(self, state: &User) -> Decision<User> {
        state.require_existing()?;
        Ok(vec![UserEvent::SessionEnded {
            session_id: self.session_id,
            cause: self.cause,
        }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::decide;
    use crate::user::fixture::registered;

    #[test]
    fn a_suspended_user_cannot_start_a_session() {
        let session_id = Uuid::from_u128(1);
        let mut given = vec![registered(None), UserEvent::UserSuspended {}];
        let refused = decide(given.clone(), StartSession { session_id });
        assert_eq!(refused, Err(UserError::Suspended));
        given.push(UserEvent::UserReactivated {});
        let started = decide(given, StartSession { session_id });
        assert_eq!(started, Ok(vec![UserEvent::SessionStarted { session_id }]));
    }
}
