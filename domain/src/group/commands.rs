//! Commands of a group.

use uuid::Uuid;

use super::values::GroupDetails;
use super::{Group, GroupError, GroupEvent};
use crate::assistant::Editor;
use crate::command::{Command, Decision, commands};
use crate::user::Role;

const MAX_MEMBERS: usize = 10_000;

commands! {
    GroupCommand for Group { CreateGroup, DescribeGroup, DeleteGroup, AddMember, RemoveMember }
}

#[derive(Debug, Clone, PartialEq)]
pub struct CreateGroup {
    pub editor: Editor,
    pub details: GroupDetails,
}

impl Command<Group> for CreateGroup {
    fn decide(self, state: &Group) -> Decision<Group> {
        if self.editor.role < Role::Manager {
            return Err(GroupError::NotGroupManager);
        }
        match state.created {
            true => Err(GroupError::AlreadyCreated),
            false => Ok(vec![GroupEvent::GroupCreated {
                details: self.details,
                creator_id: Some(self.editor.user_id),
            }]),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct DescribeGroup {
    pub editor: Editor,
    pub details: GroupDetails,
}

impl Command<Group> for DescribeGroup {
    fn decide(self, state: &Group) -> Decision<Group> {
        state.require_manager(self.editor)?;
        let details = self.details;
        Ok(vec![GroupEvent::GroupDescribed { details }])
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct DeleteGroup {
    /// The user who deletes it; `None` is the installation.
    pub editor: Option<Editor>,
}

impl Command<Group> for DeleteGroup {
    fn decide(self, state: &Group) -> Decision<Group> {
        match self.editor {
            Some(editor) => state.require_manager(editor)?,
            None => state.require_existing()?,
        }
        Ok(vec![GroupEvent::GroupDeleted {}])
    }
}

/// Changes nothing if the user is already a member.
#[derive(Debug, Clone, PartialEq)]
pub struct AddMember {
    pub editor: Editor,
    pub user_id: Uuid,
    /// The user's role in the installation.
    pub role: Role,
}

impl Command<Group> for AddMember {
    fn decide(self, state: &Group) -> Decision<Group> {
        state.require_manager(self.editor)?;
        require_rank(self.editor, self.user_id, self.role)?;
        if state.members.contains(&self.user_id) {
            return Ok(vec![]);
        }
        if state.members.len() >= MAX_MEMBERS {
            return Err(GroupError::Full(MAX_MEMBERS));
        }
        let user_id = self.user_id;
        Ok(vec![GroupEvent::MemberAdded { user_id }])
    }
}

/// Every member may leave.
#[derive(Debug, Clone, PartialEq)]
pub struct RemoveMember {
    pub editor: Editor,
    pub user_id: Uuid,
    /// The user's role in the installation.
    pub role: Role,
}

impl Command<Group> for RemoveMember {
    fn decide(self, state: &Group) -> Decision<Group> {
        state.require_existing()?;
        let user_id = self.user_id;
        if self.editor.user_id != user_id {
            state.require_manager(self.editor)?;
            require_rank(self.editor, user_id, self.role)?;
        }
        match state.members.contains(&user_id) {
            true => Ok(vec![GroupEvent::MemberRemoved { user_id }]),
            false => Err(GroupError::NotAMember),
        }
    }
}

/// Administrators may add and remove everybody, managers only themselves and users below their role.
fn require_rank(editor: Editor, user_id: Uuid, role: Role) -> Result<(), GroupError> {
    match editor.role == Role::Admin || editor.user_id == user_id || role < Role::Manager {
        true => Ok(()),
        false => Err(GroupError::MemberOutranks),
    }
}
