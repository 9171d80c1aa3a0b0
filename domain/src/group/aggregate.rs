//! One group and its members.

use std::collections::BTreeSet;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{GroupCommand, GroupError, GroupEvent};
use crate::assistant::Editor;
use crate::recorded::{Event, Recorded};
use crate::user::Role;

const MEMBERS: usize = 10_000;

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Group {
    created: bool,
    keeper_id: Option<Uuid>,
    members: BTreeSet<Uuid>,
    deleted: bool,
}

impl Recorded for Group {
    const OWNS_KEY: bool = true;

    fn weight(&self) -> usize {
        256 + self.members.len() * 32
    }

    fn event(event: Self::Event) -> Event {
        Event::Group(event)
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
                self.keeper_id = keeper_id;
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
        if let GroupCommand::CreateGroup { editor, naming } = command {
            if editor.role < Role::Manager {
                return Err(GroupError::NotAKeeper);
            }
            return match self.created {
                true => Err(GroupError::AlreadyCreated),
                false => Ok(Some(GroupEvent::GroupCreated {
                    naming,
                    keeper_id: Some(editor.user_id),
                })),
            };
        }
        if !self.created || self.deleted {
            return Err(GroupError::NotFound);
        }
        match command {
            GroupCommand::CreateGroup { .. } => Err(GroupError::AlreadyCreated),
            GroupCommand::DescribeGroup { editor, naming } => {
                self.kept_by(editor)?;
                Ok(Some(GroupEvent::GroupDescribed { naming }))
            }
            GroupCommand::DeleteGroup { editor } => {
                self.kept_by(editor)?;
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
        self.kept_by(editor)?;
        reaches(editor, user_id, role)?;
        if self.members.contains(&user_id) {
            return Ok(None);
        }
        if self.members.len() >= MEMBERS {
            return Err(GroupError::Full(MEMBERS));
        }
        Ok(Some(GroupEvent::MemberAdded { user_id }))
    }

    /// Administrators keep every group, a manager the one that he has made or is a member of: who is in a group reads
    /// what is shared with it, so nobody lets himself in.
    fn kept_by(&self, editor: Editor) -> Result<(), GroupError> {
        let belongs =
            self.keeper_id == Some(editor.user_id) || self.members.contains(&editor.user_id);
        match editor.role {
            Role::Admin => Ok(()),
            Role::Manager if belongs => Ok(()),
            Role::Manager | Role::User | Role::Guest => Err(GroupError::NotAKeeper),
        }
    }

    /// Everybody may leave.
    fn remove(
        &self,
        editor: Editor,
        user_id: Uuid,
        role: Role,
    ) -> Result<Option<GroupEvent>, GroupError> {
        if editor.user_id != user_id {
            self.kept_by(editor)?;
            reaches(editor, user_id, role)?;
        }
        match self.members.contains(&user_id) {
            true => Ok(Some(GroupEvent::MemberRemoved { user_id })),
            false => Err(GroupError::NotAMember),
        }
    }
}

/// Administrators group everybody, managers themselves and those below.
fn reaches(editor: Editor, user_id: Uuid, role: Role) -> Result<(), GroupError> {
    match editor.role == Role::Admin || editor.user_id == user_id || role < Role::Manager {
        true => Ok(()),
        false => Err(GroupError::MemberOutranks),
    }
}
