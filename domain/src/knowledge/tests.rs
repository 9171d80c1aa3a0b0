//! Tests of the rules for knowledge bases.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::*;
use crate::assistant::Editor;
use crate::command::decide;
use crate::event::Erasable;
use crate::text::Line;
use crate::user::Role;

const ADA: Uuid = Uuid::from_u128(1);
const BOB: Uuid = Uuid::from_u128(2);
const LEGAL: Uuid = Uuid::from_u128(3);

fn editor(user_id: Uuid, role: Role) -> Editor {
    Editor { user_id, role }
}

fn description(tags: &[&str]) -> Result<Description, KnowledgeError> {
    let tags = tags.iter().map(|tag| Line::from(*tag));
    Description::parse(Uuid::from_u128(9), "Handbook", "", tags)
}

fn create(role: Role, readers: Readers) -> Result<Vec<KnowledgeEvent>, KnowledgeError> {
    let command = CreateKnowledgeBase {
        owner: editor(ADA, role),
        description: description(&[]).unwrap(),
        readers,
        chunking: Chunking::default(),
    };
    decide([], command)
}

fn created(readers: Readers) -> Vec<KnowledgeEvent> {
    create(Role::Manager, readers).unwrap()
}

fn change(editor: Editor, readers: Option<Readers>) -> UpdateKnowledgeBase {
    UpdateKnowledgeBase {
        editor,
        description: None,
        readers,
        chunking: None,
    }
}

#[test]
fn guests_cannot_create_and_users_cannot_publish() {
    use Readers::{Everyone, Nobody};
    assert_eq!(
        create(Role::Guest, Nobody),
        Err(KnowledgeError::GuestsCannotCreate)
    );
    assert_eq!(
        create(Role::User, Everyone),
        Err(KnowledgeError::PublishingNotAllowed)
    );
    assert!(create(Role::Manager, Everyone).is_ok());
    let publish = change(editor(ADA, Role::User), Some(Everyone));
    assert_eq!(
        decide(created(Nobody), publish),
        Err(KnowledgeError::PublishingNotAllowed)
    );
}

#[test]
fn only_the_owner_can_change_a_knowledge_base() {
    let stranger = editor(BOB, Role::Admin);
    for (readers, refusal) in [
        (Readers::Nobody, KnowledgeError::NotFound),
        (Readers::groups(&[LEGAL]).unwrap(), KnowledgeError::NotFound),
        (Readers::Everyone, KnowledgeError::NotOwner),
    ] {
        let delete = DeleteKnowledgeBase {
            editor: Some(stranger),
        };
        assert_eq!(
            decide(created(readers.clone()), delete),
            Err(refusal.clone())
        );
        assert_eq!(
            decide(created(readers.clone()), change(stranger, None)),
            Err(refusal)
        );
    }
}

#[test]
fn the_installation_erases_a_knowledge_base() {
    assert_eq!(
        decide(created(Readers::Nobody), KnowledgeBase::erasure()),
        Ok(vec![KnowledgeEvent::KnowledgeBaseDeleted {}])
    );
    assert_eq!(
        decide([], KnowledgeBase::erasure()),
        Err(KnowledgeError::NotFound)
    );
}

#[test]
fn an_update_without_changes_produces_no_event() {
    let same = UpdateKnowledgeBase {
        editor: editor(ADA, Role::User),
        description: None,
        readers: Some(Readers::Nobody),
        chunking: Some(Chunking::default()),
    };
    assert_eq!(decide(created(Readers::Nobody), same), Ok(vec![]));
}

#[test]
fn owners_can_share_with_groups() {
    let legal = || Readers::groups(&[LEGAL, LEGAL]).unwrap();
    let shared = KnowledgeEvent::SharedWithGroups {
        group_ids: BTreeSet::from([LEGAL]),
    };
    let created_shared = create(Role::User, legal()).unwrap();
    assert_eq!(created_shared.last(), Some(&shared));
    let ada = editor(ADA, Role::User);
    let share = change(ada, Some(legal()));
    assert_eq!(
        decide(created(Readers::Nobody), share.clone()),
        Ok(vec![shared])
    );
    assert_eq!(decide(created_shared.clone(), share), Ok(vec![]));
    let hidden = decide(created_shared, change(ada, Some(Readers::Nobody))).unwrap();
    assert!(matches!(
        hidden[..],
        [KnowledgeEvent::VisibilityChanged { .. }]
    ));
    assert_eq!(Readers::groups(&[]), Err(KnowledgeError::NoGroups));
    let many: Vec<Uuid> = (0..101).map(Uuid::from_u128).collect();
    assert_eq!(
        Readers::groups(&many),
        Err(KnowledgeError::TooManyGroups(100))
    );
}

#[test]
fn commands_on_a_deleted_knowledge_base_are_refused() {
    let mut given = created(Readers::Nobody);
    given.push(KnowledgeEvent::KnowledgeBaseDeleted {});
    assert_eq!(
        decide(given, change(editor(ADA, Role::User), None)),
        Err(KnowledgeError::NotFound)
    );
}

#[test]
fn tags_are_limited_and_unique() {
    let tags = description(&["Law", "law", " HR "]).unwrap().tags;
    assert_eq!(tags.plain(), Some(&vec!["Law".to_owned(), "HR".to_owned()]));
    let many: Vec<String> = (0..21).map(|n| n.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(description(&many), Err(KnowledgeError::TooManyTags(20)));
    assert!(matches!(description(&[""]), Err(KnowledgeError::Tags(_))));
}

#[test]
fn chunk_length_and_overlap_are_limited() {
    assert!(Chunking::parse(500, 50).is_ok());
    assert_eq!(Chunking::parse(49, 0), Err(KnowledgeError::ChunkTokens));
    assert_eq!(Chunking::parse(100, 51), Err(KnowledgeError::ChunkOverlap));
}
