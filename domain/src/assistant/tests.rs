use cqrs_es::test::TestFramework;
use uuid::Uuid;

use super::*;
use crate::text::TextFault;
use crate::user::Role;

type Framework = TestFramework<Assistant>;

const OWNER: Editor = Editor {
    user_id: Uuid::from_u128(1),
    role: Role::User,
};
const STRANGER: Editor = Editor {
    user_id: Uuid::from_u128(2),
    role: Role::User,
};
const ADMIN: Editor = Editor {
    user_id: Uuid::from_u128(3),
    role: Role::Admin,
};

fn configuration() -> Configuration {
    Configuration::parse(Uuid::from_u128(9), "Guide", "", "Be brief.").unwrap()
}

fn created(owner: Option<Editor>, visibility: Visibility) -> AssistantEvent {
    AssistantEvent::AssistantCreated {
        owner_id: owner.map(|editor| editor.user_id),
        configuration: configuration(),
        visibility,
        status: Status::Draft,
        is_default: owner.is_none(),
    }
}

fn create(owner: Editor, visibility: Visibility) -> AssistantCommand {
    AssistantCommand::CreateAssistant {
        owner: Some(owner),
        configuration: configuration(),
        visibility,
        status: Status::Draft,
        is_default: false,
    }
}

fn update(editor: Editor) -> AssistantCommand {
    AssistantCommand::UpdateAssistant {
        editor,
        configuration: Some(configuration()),
        visibility: None,
        status: Some(Status::Active),
    }
}

#[test]
fn a_user_creates_a_private_assistant() {
    Framework::with(())
        .given_no_previous_events()
        .when(create(OWNER, Visibility::Private))
        .then_expect_events(vec![created(Some(OWNER), Visibility::Private)]);
}

#[test]
fn guests_create_nothing() {
    let guest = Editor {
        role: Role::Guest,
        ..OWNER
    };
    Framework::with(())
        .given_no_previous_events()
        .when(create(guest, Visibility::Private))
        .then_expect_error(AssistantError::GuestsCreateNothing);
}

#[test]
fn publishing_takes_a_manager() {
    Framework::with(())
        .given_no_previous_events()
        .when(create(OWNER, Visibility::Everyone))
        .then_expect_error(AssistantError::PublishingNotAllowed);
    Framework::with(())
        .given(vec![created(Some(OWNER), Visibility::Private)])
        .when(AssistantCommand::UpdateAssistant {
            editor: OWNER,
            configuration: None,
            visibility: Some(Visibility::Everyone),
            status: None,
        })
        .then_expect_error(AssistantError::PublishingNotAllowed);
}

#[test]
fn creating_twice_is_refused() {
    Framework::with(())
        .given(vec![created(Some(OWNER), Visibility::Private)])
        .when(create(OWNER, Visibility::Private))
        .then_expect_error(AssistantError::AlreadyCreated);
}

#[test]
fn an_update_numbers_the_configuration_and_changes_the_status() {
    Framework::with(())
        .given(vec![created(Some(OWNER), Visibility::Private)])
        .when(update(OWNER))
        .then_expect_events(vec![
            AssistantEvent::AssistantConfigured {
                assistant_version: 2,
                configuration: configuration(),
            },
            AssistantEvent::StatusChanged {
                status: Status::Active,
            },
        ]);
}

#[test]
fn a_stranger_learns_nothing_of_a_private_assistant_and_may_not_change_a_public_one() {
    Framework::with(())
        .given(vec![created(Some(OWNER), Visibility::Private)])
        .when(update(STRANGER))
        .then_expect_error(AssistantError::NotFound);
    Framework::with(())
        .given(vec![created(Some(OWNER), Visibility::Everyone)])
        .when(update(STRANGER))
        .then_expect_error(AssistantError::NotTheOwner);
}

#[test]
fn the_default_assistant_is_changed_by_administrators_and_never_deleted() {
    let given = vec![created(None, Visibility::Everyone)];
    Framework::with(())
        .given(given.clone())
        .when(update(OWNER))
        .then_expect_error(AssistantError::NotTheOwner);
    Framework::with(())
        .given(given)
        .when(AssistantCommand::DeleteAssistant { editor: ADMIN })
        .then_expect_error(AssistantError::DefaultStays);
}

#[test]
fn a_deleted_assistant_is_gone() {
    Framework::with(())
        .given(vec![
            created(Some(OWNER), Visibility::Private),
            AssistantEvent::AssistantDeleted {},
        ])
        .when(update(OWNER))
        .then_expect_error(AssistantError::NotFound);
}

#[test]
fn the_owner_deletes_an_assistant() {
    Framework::with(())
        .given(vec![created(Some(OWNER), Visibility::Private)])
        .when(AssistantCommand::DeleteAssistant { editor: OWNER })
        .then_expect_events(vec![AssistantEvent::AssistantDeleted {}]);
}

#[test]
fn each_field_out_of_range_is_named() {
    let id = Uuid::from_u128(9);
    assert_eq!(
        Configuration::parse(id, "", "", ""),
        Err(AssistantError::Name(TextFault::Empty))
    );
    assert_eq!(
        Configuration::parse(id, "a", "\u{0}", ""),
        Err(AssistantError::Description(TextFault::Control))
    );
    assert_eq!(
        Configuration::parse(id, "a", "", "\u{0}"),
        Err(AssistantError::Instructions(TextFault::Control))
    );
    for model in ["guide", "/guide", "builtin/", ""] {
        assert_eq!(
            configuration().with_model(Some(model.into()), None, None),
            Err(AssistantError::Model),
            "{model}"
        );
    }
    assert_eq!(
        configuration().with_model(None, Some(2.1), None),
        Err(AssistantError::Temperature)
    );
    assert_eq!(
        configuration().with_model(None, Some(f64::NAN), None),
        Err(AssistantError::Temperature)
    );
    assert_eq!(
        configuration().with_model(None, None, Some(0)),
        Err(AssistantError::MaxOutputTokens)
    );
}
