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
            GroupEvent::GroupCreated { .. } => self.created = true,
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
            keeps(editor)?;
            return match self.created {
                true => Err(GroupError::AlreadyCreated),
                false => Ok(Some(GroupEvent::GroupCreated { naming })),
            };
        }
        if !self.created || self.deleted {
            return Err(GroupError::NotFound);
        }
        match command {
            GroupCommand::CreateGroup { .. } => Err(GroupError::AlreadyCreated),
            GroupCommand::DescribeGroup { editor, naming } => {
                keeps(editor)?;
                Ok(Some(GroupEvent::GroupDescribed { naming }))
            }
            GroupCommand::DeleteGroup { editor } => {
                keeps(editor)?;
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
        keeps(editor)?;
        reaches(editor, user_id, role)?;
        if self.members.contains(&user_id) {
            return Ok(None);
        }
        if self.members.len() >= MEMBERS {
            return Err(GroupError::Full(MEMBERS));
        }
        Ok(Some(GroupEvent::MemberAdded { user_id }))
    }

    /// Everybody may leave.
    fn remove(
        &self,
        editor: Editor,
        user_id: Uuid,
        role: Role,
    ) -> Result<Option<GroupEvent>, GroupError> {
        if editor.user_id != user_id {
            keeps(editor)?;
            reaches(editor, user_id, role)?;
        }
        match self.members.contains(&user_id) {
            true => Ok(Some(GroupEvent::MemberRemoved { user_id })),
            false => Err(GroupError::NotAMember),
        }
    }
}

fn keeps(editor: Editor) -> Result<(), GroupError> {
    match editor.role >= Role::Manager {
        true => Ok(()),
        false => Err(GroupError::NotAKeeper),
    }
}

/// Administrators group everybody, managers themselves and those below.
fn reaches(editor: Editor, user_id: Uuid, role: Role) -> Result<(), GroupError> {
    match editor.role == Role::Admin || editor.user_id == user_id || role < Role::Manager {
        true => Ok(()),
        false => Err(GroupError::MemberOutranks),
    }
}
