//! Rules of knowledge bases.

use cqrs_es::test::TestFramework;
use uuid::Uuid;

use super::*;
use crate::assistant::{Editor, Visibility};
use crate::user::Role;

const ADA: Uuid = Uuid::from_u128(1);
const BOB: Uuid = Uuid::from_u128(2);

fn editor(user_id: Uuid, role: Role) -> Editor {
    Editor { user_id, role }
}

fn description(tags: &[&str]) -> Result<Description, KnowledgeError> {
    let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
    Description::parse(Uuid::from_u128(9), "Handbook", "", &tags)
}

fn decide(
    given: &[KnowledgeEvent],
    command: KnowledgeCommand,
) -> Result<Vec<KnowledgeEvent>, KnowledgeError> {
    let framework = TestFramework::<KnowledgeBase>::with(());
    let framework = match given {
        [] => framework.given_no_previous_events(),
        given => framework.given(given.to_vec()),
    };
    framework.when(command).inspect_result()
}

fn create(role: Role, visibility: Visibility) -> Result<Vec<KnowledgeEvent>, KnowledgeError> {
    let command = KnowledgeCommand::CreateKnowledgeBase {
        owner: editor(ADA, role),
        description: description(&[]).unwrap(),
        visibility,
        chunking: Chunking::default(),
    };
    decide(&[], command)
}

fn created(visibility: Visibility) -> Vec<KnowledgeEvent> {
    create(Role::Manager, visibility).unwrap()
}

fn change(editor: Editor, visibility: Option<Visibility>) -> KnowledgeCommand {
    KnowledgeCommand::UpdateKnowledgeBase {
        editor,
        description: None,
        visibility,
        chunking: None,
    }
}

#[test]
fn guests_create_nothing_and_users_publish_nothing() {
    use Visibility::{Everyone, Private};
    assert_eq!(
        create(Role::Guest, Private),
        Err(KnowledgeError::GuestsCreateNothing)
    );
    assert_eq!(
        create(Role::User, Everyone),
        Err(KnowledgeError::PublishingNotAllowed)
    );
    assert!(create(Role::Manager, Everyone).is_ok());
    let publish = change(editor(ADA, Role::User), Some(Everyone));
    assert_eq!(
        decide(&created(Private), publish),
        Err(KnowledgeError::PublishingNotAllowed)
    );
}

#[test]
fn only_the_owner_changes_it() {
    let stranger = editor(BOB, Role::Admin);
    for (visibility, refusal) in [
        (Visibility::Private, KnowledgeError::NotFound),
        (Visibility::Everyone, KnowledgeError::NotTheOwner),
    ] {
        let delete = KnowledgeCommand::DeleteKnowledgeBase { editor: stranger };
        assert_eq!(decide(&created(visibility), delete), Err(refusal.clone()));
        assert_eq!(
            decide(&created(visibility), change(stranger, None)),
            Err(refusal)
        );
    }
}

#[test]
fn what_does_not_change_is_no_event() {
    let same = KnowledgeCommand::UpdateKnowledgeBase {
        editor: editor(ADA, Role::User),
        description: None,
        visibility: Some(Visibility::Private),
        chunking: Some(Chunking::default()),
    };
    assert_eq!(decide(&created(Visibility::Private), same), Ok(vec![]));
}

#[test]
fn a_deleted_one_is_gone() {
    let mut given = created(Visibility::Private);
    given.push(KnowledgeEvent::KnowledgeBaseDeleted {});
    assert_eq!(
        decide(&given, change(editor(ADA, Role::User), None)),
        Err(KnowledgeError::NotFound)
    );
}

#[test]
fn tags_are_few_and_each_stands_once() {
    let tags = description(&["Law", "law", " HR "]).unwrap().tags;
    assert_eq!(tags.plain(), Some(&vec!["Law".to_owned(), "HR".to_owned()]));
    let many: Vec<String> = (0..21).map(|n| n.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(description(&many), Err(KnowledgeError::TooManyTags(20)));
    assert!(matches!(description(&[""]), Err(KnowledgeError::Tags(_))));
}

#[test]
fn passages_have_a_sensible_length() {
    assert!(Chunking::parse(500, 50).is_ok());
    assert_eq!(Chunking::parse(49, 0), Err(KnowledgeError::ChunkTokens));
    assert_eq!(Chunking::parse(100, 51), Err(KnowledgeError::ChunkOverlap));
}
