use uuid::Uuid;

use super::*;
use crate::command::decide;
use crate::event::Erasable;
use crate::text::TextError;
use crate::user::Role;

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

fn create(owner: Editor, visibility: Visibility) -> CreateAssistant {
    CreateAssistant {
        owner: Some(owner),
        configuration: configuration(),
        visibility,
        status: Status::Draft,
        is_default: false,
    }
}

fn update(editor: Editor) -> UpdateAssistant {
    UpdateAssistant {
        editor,
        configuration: Some(configuration()),
        visibility: None,
        status: Some(Status::Active),
    }
}

fn delete(by: Editor) -> DeleteAssistant {
    DeleteAssistant { editor: Some(by) }
}

#[test]
fn a_user_creates_a_private_assistant() {
    assert_eq!(
        decide([], create(OWNER, Visibility::Private)),
        Ok(vec![created(Some(OWNER), Visibility::Private)])
    );
}

#[test]
fn guests_cannot_create_assistants() {
    let guest = Editor {
        role: Role::Guest,
        ..OWNER
    };
    assert_eq!(
        decide([], create(guest, Visibility::Private)),
        Err(AssistantError::GuestsCannotCreate)
    );
}

#[test]
fn publishing_requires_a_manager() {
    assert_eq!(
        decide([], create(OWNER, Visibility::Everyone)),
        Err(AssistantError::PublishingNotAllowed)
    );
    assert_eq!(
        decide(
            [created(Some(OWNER), Visibility::Private)],
            UpdateAssistant {
                editor: OWNER,
                configuration: None,
                visibility: Some(Visibility::Everyone),
                status: None,
            }
        ),
        Err(AssistantError::PublishingNotAllowed)
    );
}

#[test]
fn creating_twice_is_refused() {
    assert_eq!(
        decide(
            [created(Some(OWNER), Visibility::Private)],
            create(OWNER, Visibility::Private)
        ),
        Err(AssistantError::AlreadyCreated)
    );
}

#[test]
fn an_update_increments_the_version_and_changes_the_status() {
    assert_eq!(
        decide([created(Some(OWNER), Visibility::Private)], update(OWNER)),
        Ok(vec![
            AssistantEvent::AssistantConfigured {
                assistant_version: 2,
                configuration: configuration(),
            },
            AssistantEvent::StatusChanged {
                status: Status::Active,
            },
        ])
    );
}

#[test]
fn a_stranger_cannot_see_a_private_assistant_or_change_a_public_one() {
    assert_eq!(
        decide(
            [created(Some(OWNER), Visibility::Private)],
            update(STRANGER)
        ),
        Err(AssistantError::NotFound)
    );
    assert_eq!(
        decide(
            [created(Some(OWNER), Visibility::Everyone)],
            update(STRANGER)
        ),
        Err(AssistantError::NotOwner)
    );
}

#[test]
fn users_cannot_change_the_default_assistant_and_nobody_can_delete_it() {
    let given = vec![created(None, Visibility::Everyone)];
    assert_eq!(
        decide(given.clone(), update(OWNER)),
        Err(AssistantError::NotOwner)
    );
    assert_eq!(
        decide(given, delete(ADMIN)),
        Err(AssistantError::DefaultNotDeletable)
    );
}

#[test]
fn commands_on_a_deleted_assistant_are_refused() {
    assert_eq!(
        decide(
            [
                created(Some(OWNER), Visibility::Private),
                AssistantEvent::AssistantDeleted {},
            ],
            update(OWNER)
        ),
        Err(AssistantError::NotFound)
    );
}

#[test]
fn the_owner_can_delete_an_assistant() {
    assert_eq!(
        decide([created(Some(OWNER), Visibility::Private)], delete(OWNER)),
        Ok(vec![AssistantEvent::AssistantDeleted {}])
    );
}

#[test]
fn the_installation_erases_an_assistant() {
    let given = [created(Some(OWNER), Visibility::Private)];
    assert_eq!(
        decide(given, Assistant::erasure()),
        Ok(vec![AssistantEvent::AssistantDeleted {}])
    );
    assert_eq!(
        decide([], Assistant::erasure()),
        Err(AssistantError::NotFound)
    );
}

#[test]
fn the_error_names_the_invalid_field() {
    let id = Uuid::from_u128(9);
    assert_eq!(
        Configuration::parse(id, "", "", ""),
        Err(AssistantError::Name(TextError::Empty))
    );
    assert_eq!(
        Configuration::parse(id, "a", "\u{0}", ""),
        Err(AssistantError::Description(TextError::Control))
    );
    assert_eq!(
        Configuration::parse(id, "a", "", "\u{0}"),
        Err(AssistantError::Instructions(TextError::Control))
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
