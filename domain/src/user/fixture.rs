//! A registered user.

use uuid::Uuid;

use super::{Origin, Role, UserEvent};
use crate::personal::{Personal, Subject};

pub(super) const ADA: Uuid = Uuid::from_u128(0xada);

pub(super) fn personal(text: &str) -> Personal<String> {
    Personal::new([Subject::new("user", ADA)], text.to_owned())
}

pub(super) fn registered(email: Option<&str>) -> UserEvent {
    UserEvent::UserRegistered {
        role: Role::User,
        email: email.map(personal),
        display_name: personal("Ada"),
        origin: Origin::Registration,
    }
}
