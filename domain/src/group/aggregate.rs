//! One group and its members.

use std::collections::BTreeSet;

use cqrs_es::Aggregate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{DeleteGroup, GroupCommand, GroupError, GroupEvent};
use crate::assistant::Editor;
use crate::command::handle_commands;
use crate::event::{Erasable, StoredAggregate};
use crate::user::Role;

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Group {
    pub(super) created: bool,
    pub(super) creator_id: Option<Uuid>,
    pub(super) members: BTreeSet<Uuid>,
    pub(super) deleted: bool,
}

impl StoredAggregate for Group {
    const OWNS_KEY: bool = true;

    fn weight(&self) -> usize {
        256 + self.members.len() * 32
    }
}

impl Erasable for Group {
    const ENDED_BY: &'static str = "group_deleted";

    fn erasure() -> Self::Command {
        DeleteGroup { editor: None }.into()
    }
}

impl Aggregate for Group {
    const TYPE: &'static str = "group";
    type Command = GroupCommand;
    type Event = GroupEvent;
    type Error = GroupError;
    handle_commands!();

    fn apply(&mut self, event: GroupEvent) {
        match event {
            GroupEvent::GroupCreated { creator_id, .. } => {
                self.created = true;
                self.creator_id = creator_id;
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
    pub(super) fn require_existing(&self) -> Result<(), GroupError> {
        match self.created && !self.deleted {
            true => Ok(()),
            false => Err(GroupError::NotFound),
        }
    }

    /// Administrators manage every group; managers only groups that they created or belong to. Members can read
    /// whatever is shared with the group, so managers must not be able to add themselves to any group.
    pub(super) fn require_manager(&self, editor: Editor) -> Result<(), GroupError> {
        self.require_existing()?;
        let belongs =
            self.creator_id == Some(editor.user_id) || self.members.contains(&editor.user_id);
        match editor.role {
            Role::Admin => Ok(()),
            Role::Manager if belongs => Ok(()),
            Role::Manager | Role::User | Role::Guest => Err(GroupError::NotGroupManager),
        }
    }
}
