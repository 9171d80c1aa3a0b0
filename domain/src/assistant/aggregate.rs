//! One assistant: its owner, status, visibility and the version of its configuration.

use cqrs_es::Aggregate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::values::{Status, Visibility};
use super::{AssistantCommand, AssistantError, AssistantEvent, DeleteAssistant, Editor};
use crate::command::handle_commands;
use crate::event::{Erasable, StoredAggregate};
use crate::user::Role;

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Assistant {
    pub(super) version: u32,
    pub(super) owner_id: Option<Uuid>,
    pub(super) status: Status,
    pub(super) visibility: Visibility,
    pub(super) is_default: bool,
    pub(super) deleted: bool,
}

impl StoredAggregate for Assistant {
    const OWNS_KEY: bool = true;
}

impl Erasable for Assistant {
    const ENDED_BY: &'static str = "assistant_deleted";

    fn erasure() -> Self::Command {
        DeleteAssistant { editor: None }.into()
    }
}

impl Aggregate for Assistant {
    const TYPE: &'static str = "assistant";
    type Command = AssistantCommand;
    type Event = AssistantEvent;
    type Error = AssistantError;
    handle_commands!();

    fn apply(&mut self, event: AssistantEvent) {
        match event {
            AssistantEvent::AssistantCreated {
                owner_id,
                visibility,
                status,
                is_default,
                ..
            } => {
                self.version = 1;
                self.owner_id = owner_id;
                self.visibility = visibility;
                self.status = status;
                self.is_default = is_default;
            }
            AssistantEvent::AssistantConfigured {
                assistant_version, ..
            } => self.version = assistant_version,
            AssistantEvent::VisibilityChanged { visibility } => self.visibility = visibility,
            AssistantEvent::StatusChanged { status } => self.status = status,
            AssistantEvent::AssistantDeleted {} => self.deleted = true,
        }
    }
}

impl Assistant {
    pub(super) fn require_existing(&self) -> Result<(), AssistantError> {
        match self.version > 0 && !self.deleted {
            true => Ok(()),
            false => Err(AssistantError::NotFound),
        }
    }

    /// Users who cannot see the assistant get `NotFound`, so that its existence is not revealed. The default assistant
    /// has no owner and is changed by administrators.
    pub(super) fn require_editor(&self, editor: Editor) -> Result<(), AssistantError> {
        self.require_existing()?;
        let owns = self.owner_id == Some(editor.user_id);
        let administers = self.owner_id.is_none() && editor.role == Role::Admin;
        if owns || administers {
            return Ok(());
        }
        match self.visibility {
            Visibility::Everyone => Err(AssistantError::NotOwner),
            Visibility::Private => Err(AssistantError::NotFound),
        }
    }
}
