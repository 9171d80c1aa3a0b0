//! One group and its members.

use std::collections::BTreeSet;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{GroupCommand, GroupError, GroupEvent};
use crate::assistant::Editor;
use crate::event::StoredAggregate;
use crate::user::Role;

const MAX_MEMBERS: usize = 10_000;

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Group {
    created: bool,
    creator_id: Option<Uuid>,
    members: BTreeSet<Uuid>,
    deleted: bool,
}

impl StoredAggregate for Group {
    const OWNS_KEY: bool = true;

    fn weight(&self) -> usize {
        256 + self.members.len() * 32
    }
}

impl Aggregate for Group {
    const TYPE: &'static str = "group";
    type Command = GroupCommand;
    type Event = GroupEvent;
    type Error = GroupError;
    type Services = ();

    async fn handle(
        &mut self,
        command: GroupCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), GroupError> {
        if let Some(event) = self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: GroupEvent) {
        match event {
            GroupEvent::GroupCreated { keeper_id, .. } => {
                self.created = true;
                self.creator_id = keeper_id;
            }
            GroupEvent::GroupDescribed { .. } => {}
            GroupEvent::MemberAdded { user_id } => {
                self.members.insert(user_id);
            }
            GroupEvent::MemberRemoved { user_id } => {
                self.members.remove(&user_id);
            }
            GroupEvent::GroupDeleted {} => self.deleted = true,
        }
    }
}

impl Group {
    fn decide(&self, command: GroupCommand) -> Result<Option<GroupEvent>, GroupError> {
        if let GroupCommand::CreateGroup { editor, details } = command {
            if editor.role < Role::Manager {
                return Err(GroupError::NotGroupManager);
            }
            return match self.created {
                true => Err(GroupError::AlreadyCreated),
                false => Ok(Some(GroupEvent::GroupCreated {
                    naming: details,
                    keeper_id: Some(editor.user_id),
                })),
            };
        }
        if !self.created || self.deleted {
            return Err(GroupError::NotFound);
        }
        match command {
            GroupCommand::CreateGroup { .. } => Err(GroupError::AlreadyCreated),
            GroupCommand::DescribeGroup { editor, details } => {
                self.require_manager(editor)?;
                Ok(Some(GroupEvent::GroupDescribed { naming: details }))
            }
            GroupCommand::DeleteGroup { editor } => {
                self.require_manager(editor)?;
                Ok(Some(GroupEvent::GroupDeleted {}))
            }
            GroupCommand::AddMember {
                editor,
                user_id,
                role,
            } => self.add(editor, user_id, role),
            GroupCommand::RemoveMember {
                editor,
                user_id,
                role,
            } => self.remove(editor, user_id, role),
        }
    }

    fn add(
        &self,
        editor: Editor,
        user_id: Uuid,
        role: Role,
    ) -> Result<Option<GroupEvent>, GroupError> {
        self.require_manager(editor)?;
        require_rank(editor, user_id, role)?;
        if self.members.contains(&user_id) {
            return Ok(None);
        }
        if self.members.len() >= MAX_MEMBERS {
            return Err(GroupError::Full(MAX_MEMBERS));
        }
        Ok(Some(GroupEvent::MemberAdded { user_id }))
    }

    /// Administrators manage every group; managers only groups that they created or belong to. Members can read
    /// whatever is shared with the group, so managers must not be able to add themselves to any group.
    fn require_manager(&self, editor: Editor) -> Result<(), GroupError> {
        let belongs =
            self.creator_id == Some(editor.user_id) || self.members.contains(&editor.user_id);
        match editor.role {
            Role::Admin => Ok(()),
            Role::Manager if belongs => Ok(()),
            Role::Manager | Role::User | Role::Guest => Err(GroupError::NotGroupManager),
        }
    }

    /// Every member may leave.
    fn remove(
        &self,
        editor: Editor,
        user_id: Uuid,
        role: Role,
    ) -> Result<Option<GroupEvent>, GroupError> {
        if editor.user_id != user_id {
            self.require_manager(editor)?;
            require_rank(editor, user_id, role)?;
        }
        match self.members.contains(&user_id) {
            true => Ok(Some(GroupEvent::MemberRemoved { user_id })),
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
