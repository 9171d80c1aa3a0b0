use cqrs_es::test::TestFramework;
use uuid::Uuid;

use super::*;
use crate::personal::{Personal, Subject};
use crate::text::TextError;

type Framework = TestFramework<User>;

const ADA: Uuid = Uuid::from_u128(0xada);

fn personal(text: &str) -> Personal<String> {
    Personal::new([Subject::new("user", ADA)], text.to_owned())
}

fn registered(email: Option<&str>) -> UserEvent {
    UserEvent::UserRegistered {
        role: Role::User,
        email: email.map(personal),
        display_name: personal("Ada"),
        origin: Origin::Registration,
    }
}

fn register(email: Option<&str>, name: &str) -> UserCommand {
    UserCommand::RegisterUser {
        user_id: ADA,
        role: Role::User,
        email: email.map(str::to_owned),
        display_name: name.to_owned(),
        origin: Origin::Registration,
    }
}

fn claim() -> UserCommand {
    UserCommand::ClaimLocalUser {
        user_id: ADA,
        email: "ada@example.org".into(),
        display_name: "Ada L".into(),
    }
}

#[test]
fn registering_records_role_address_and_name() {
    Framework::with(())
        .given_no_previous_events()
        .when(register(Some("ada@example.org"), " Ada "))
        .then_expect_events(vec![registered(Some("ada@example.org"))]);
}

#[test]
fn registering_twice_is_refused() {
    Framework::with(())
        .given(vec![registered(None)])
        .when(register(None, "Ada"))
        .then_expect_error(UserError::AlreadyRegistered);
}

#[test]
fn an_empty_name_is_refused() {
    Framework::with(())
        .given_no_previous_events()
        .when(register(None, "  "))
        .then_expect_error(UserError::DisplayName(TextError::Empty));
}

#[test]
fn an_address_without_a_host_is_refused() {
    Framework::with(())
        .given_no_previous_events()
        .when(register(Some("ada@"), "Ada"))
        .then_expect_error(UserError::Email);
}

#[test]
fn the_local_user_can_be_claimed_once() {
    let claimed = vec![
        UserEvent::EmailChanged {
            email: personal("ada@example.org"),
        },
        UserEvent::DisplayNameChanged {
            display_name: personal("Ada L"),
        },
        UserEvent::PasswordChanged {},
    ];
    Framework::with(())
        .given(vec![registered(None)])
        .when(claim())
        .then_expect_events(claimed.clone());
    let mut history = vec![registered(None)];
    history.extend(claimed);
    Framework::with(())
        .given(history)
        .when(claim())
        .then_expect_error(UserError::NotLocal);
}

#[test]
fn a_suspended_user_cannot_start_a_session() {
    let session_id = Uuid::from_u128(1);
    Framework::with(())
        .given(vec![registered(None), UserEvent::UserSuspended {}])
        .when(UserCommand::StartSession { session_id })
        .then_expect_error(UserError::Suspended);
    Framework::with(())
        .given(vec![
            registered(None),
            UserEvent::UserSuspended {},
            UserEvent::UserReactivated {},
        ])
        .when(UserCommand::StartSession { session_id })
        .then_expect_events(vec![UserEvent::SessionStarted { session_id }]);
}

#[test]
fn suspending_twice_or_reactivating_an_active_user_is_refused() {
    Framework::with(())
        .given(vec![registered(None), UserEvent::UserSuspended {}])
        .when(UserCommand::SuspendUser {})
        .then_expect_error(UserError::Suspended);
    Framework::with(())
        .given(vec![registered(None)])
        .when(UserCommand::ReactivateUser {})
        .then_expect_error(UserError::NotSuspended);
}

#[test]
fn require_not_admin_checks_the_current_role() {
    Framework::with(())
        .given(vec![registered(None)])
        .when(UserCommand::RequireNotAdmin {})
        .then_expect_events(vec![]);
    let promoted = UserEvent::RoleChanged { role: Role::Admin };
    Framework::with(())
        .given(vec![registered(None), promoted])
        .when(UserCommand::RequireNotAdmin {})
        .then_expect_error(UserError::IsAdmin);
}

#[test]
fn assigning_the_same_role_changes_nothing() {
    Framework::with(())
        .given(vec![registered(None)])
        .when(UserCommand::ChangeRole { role: Role::User })
        .then_expect_events(vec![]);
    Framework::with(())
        .given(vec![registered(None)])
        .when(UserCommand::ChangeRole { role: Role::Admin })
        .then_expect_events(vec![UserEvent::RoleChanged { role: Role::Admin }]);
}

#[test]
fn commands_on_a_missing_user_are_refused() {
    for command in [
        UserCommand::SuspendUser {},
        UserCommand::ReactivateUser {},
        UserCommand::ChangePassword {},
        UserCommand::ChangeRole { role: Role::User },
        claim(),
    ] {
        Framework::with(())
            .given_no_previous_events()
            .when(command)
            .then_expect_error(UserError::NotFound);
    }
}

#[test]
fn commands_on_an_erased_user_are_refused() {
    Framework::with(())
        .given(vec![registered(None)])
        .when(UserCommand::EraseUser {})
        .then_expect_events(vec![UserEvent::UserErased {}]);
    for command in [
        UserCommand::EraseUser {},
        UserCommand::ReactivateUser {},
        UserCommand::ChangePassword {},
        claim(),
    ] {
        Framework::with(())
            .given(vec![registered(None), UserEvent::UserErased {}])
            .when(command)
            .then_expect_error(UserError::NotFound);
    }
}

#[test]
fn only_different_preferences_create_an_event() {
    let dark = PreferencesChange {
        theme: Some(Theme::Dark),
        ..PreferencesChange::default()
    };
    let changed = |preferences| UserEvent::PreferencesChanged { preferences };
    let prefers_dark = Preferences {
        theme: Theme::Dark,
        ..Preferences::default()
    };
    Framework::with(())
        .given(vec![registered(None)])
        .when(UserCommand::ChangePreferences { change: dark })
        .then_expect_events(vec![changed(prefers_dark)]);
    Framework::with(())
        .given(vec![registered(None), changed(prefers_dark)])
        .when(UserCommand::ChangePreferences { change: dark })
        .then_expect_events(vec![]);
    // Unset fields keep their value, and the language can be reset.
    let german = Preferences {
        language: Some(Language::De),
        ..prefers_dark
    };
    let none = PreferencesChange {
        language: Some(None),
        ..PreferencesChange::default()
    };
    Framework::with(())
        .given(vec![registered(None), changed(german)])
        .when(UserCommand::ChangePreferences { change: none })
        .then_expect_events(vec![changed(prefers_dark)]);
    Framework::with(())
        .given_no_previous_events()
        .when(UserCommand::ChangePreferences { change: dark })
        .then_expect_error(UserError::NotFound);
}
