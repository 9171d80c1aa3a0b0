//! Tests of the rules for groups.

use uuid::Uuid;

use super::*;
use crate::assistant::Editor;
use crate::command::decide;
use crate::event::Erasable;
use crate::user::Role;

const MAX: Uuid = Uuid::from_u128(1);
const BOB: Uuid = Uuid::from_u128(2);

fn editor(user_id: Uuid, role: Role) -> Editor {
    Editor { user_id, role }
}

fn details() -> GroupDetails {
    GroupDetails::parse(Uuid::from_u128(9), "Legal", "").unwrap()
}

fn created(members: &[Uuid]) -> Vec<GroupEvent> {
    let added = members
        .iter()
        .map(|user_id| GroupEvent::MemberAdded { user_id: *user_id });
    let first = GroupEvent::GroupCreated {
        details: details(),
        creator_id: Some(MAX),
    };
    std::iter::once(first).chain(added).collect()
}

fn add(by: Editor, user_id: Uuid, role: Role) -> AddMember {
    AddMember {
        editor: by,
        user_id,
        role,
    }
}

fn remove(by: Editor, user_id: Uuid, role: Role) -> RemoveMember {
    RemoveMember {
        editor: by,
        user_id,
        role,
    }
}

fn delete(by: Editor) -> DeleteGroup {
    DeleteGroup { editor: Some(by) }
}

#[test]
fn only_managers_and_administrators_manage_groups() {
    for role in [Role::Guest, Role::User, Role::Manager, Role::Admin] {
        let editor = editor(MAX, role);
        let details = details();
        let create = CreateGroup {
            editor,
            details: details.clone(),
        };
        let created_by = decide([], create);
        let others = [
            GroupCommand::from(DescribeGroup { editor, details }),
            delete(editor).into(),
            add(editor, BOB, Role::User).into(),
        ];
        let decided = others.map(|command| decide(created(&[]), command));
        for result in decided.into_iter().chain([created_by]) {
            match role >= Role::Manager {
                true => assert_eq!(result.unwrap().len(), 1, "{role:?}"),
                false => assert_eq!(result, Err(GroupError::NotGroupManager), "{role:?}"),
            }
        }
    }
}

#[test]
fn managers_add_and_remove_only_themselves_and_lower_roles() {
    let (max, eve) = (editor(MAX, Role::Manager), editor(MAX, Role::Admin));
    let bob_is = |role| (add(max, BOB, role), remove(max, BOB, role));
    for role in [Role::Guest, Role::User] {
        let (add, remove) = bob_is(role);
        assert!(decide(created(&[]), add).is_ok());
        assert!(decide(created(&[BOB]), remove).is_ok());
    }
    for role in [Role::Manager, Role::Admin] {
        let (add_one, remove_one) = bob_is(role);
        let refused = Err(GroupError::MemberOutranks);
        assert_eq!(decide(created(&[]), add_one), refused);
        assert_eq!(decide(created(&[BOB]), remove_one), refused);
        assert!(decide(created(&[]), add(eve, BOB, role)).is_ok());
    }
    assert!(decide(created(&[]), add(max, MAX, Role::Manager)).is_ok());
}

#[test]
fn a_manager_cannot_join_a_group_of_others() {
    const EVE: Uuid = Uuid::from_u128(3);
    let eve = editor(EVE, Role::Manager);
    let old = GroupEvent::GroupCreated {
        details: details(),
        creator_id: None,
    };
    for given in [created(&[BOB]), vec![old]] {
        for command in [
            GroupCommand::from(add(eve, EVE, Role::Manager)),
            add(eve, BOB, Role::User).into(),
            remove(eve, BOB, Role::User).into(),
            DescribeGroup {
                editor: eve,
                details: details(),
            }
            .into(),
            delete(eve).into(),
        ] {
            let decided = decide(given.clone(), command.clone());
            assert_eq!(decided, Err(GroupError::NotGroupManager), "{command:?}");
        }
    }
    // A manager who was added to the group may manage it.
    let deleted = decide(created(&[EVE]), delete(eve));
    assert!(deleted.is_ok());
}

#[test]
fn every_member_may_leave_once() {
    let bob = editor(BOB, Role::Guest);
    let leave = || remove(bob, BOB, Role::Guest);
    assert_eq!(
        decide(created(&[BOB]), leave()),
        Ok(vec![GroupEvent::MemberRemoved { user_id: BOB }])
    );
    assert_eq!(decide(created(&[]), leave()), Err(GroupError::NotAMember));
    let other = remove(bob, MAX, Role::Guest);
    assert_eq!(
        decide(created(&[MAX]), other),
        Err(GroupError::NotGroupManager)
    );
}

#[test]
fn adding_a_member_again_changes_nothing() {
    let again = add(editor(MAX, Role::Manager), BOB, Role::User);
    assert_eq!(decide(created(&[BOB]), again), Ok(vec![]));
}

#[test]
fn the_number_of_members_is_limited() {
    let many: Vec<Uuid> = (100..10_100).map(Uuid::from_u128).collect();
    let one_more = add(editor(MAX, Role::Admin), BOB, Role::User);
    assert_eq!(
        decide(created(&many), one_more),
        Err(GroupError::Full(10_000))
    );
}

#[test]
fn the_installation_erases_a_group() {
    let erased = decide(created(&[BOB]), Group::erasure());
    assert_eq!(erased, Ok(vec![GroupEvent::GroupDeleted {}]));
    assert_eq!(decide([], Group::erasure()), Err(GroupError::NotFound));
}

#[test]
fn commands_on_a_deleted_group_are_refused() {
    let mut given = created(&[BOB]);
    given.push(GroupEvent::GroupDeleted {});
    let again = add(editor(MAX, Role::Admin), MAX, Role::Admin);
    assert_eq!(decide(given, again), Err(GroupError::NotFound));
}
