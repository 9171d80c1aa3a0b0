//! Commands of an assistant.

use uuid::Uuid;

use super::values::{Configuration, Status, Visibility};
use super::{Assistant, AssistantError, AssistantEvent};
use crate::command::{Command, Decision, commands};
use crate::user::Role;

commands! {
    AssistantCommand for Assistant { CreateAssistant, UpdateAssistant, DeleteAssistant }
}

/// The user who sends a command, with the role that decides what they may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Editor {
    pub user_id: Uuid,
    pub role: Role,
}

impl Editor {
    /// Publishing to everyone requires the role manager or admin.
    pub fn may_set_visibility(self, visibility: Visibility) -> bool {
        visibility != Visibility::Everyone || self.role >= Role::Manager
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct CreateAssistant {
    pub owner: Option<Editor>,
    pub configuration: Configuration,
    pub visibility: Visibility,
    pub status: Status,
    pub is_default: bool,
}

impl Command<Assistant> for CreateAssistant {
    fn decide(self, state: &Assistant) -> Decision<Assistant> {
        if state.version > 0 {
            return Err(AssistantError::AlreadyCreated);
        }
        if let Some(editor) = self.owner {
            if editor.role == Role::Guest {
                return Err(AssistantError::GuestsCannotCreate);
            }
            require_publisher(editor, self.visibility)?;
        }
        Ok(vec![AssistantEvent::AssistantCreated {
            owner_id: self.owner.map(|editor| editor.user_id),
            configuration: self.configuration,
            visibility: self.visibility,
            status: self.status,
            is_default: self.is_default,
        }])
    }
}

/// Changes only the fields that are set.
#[derive(Debug, Clone, PartialEq)]
pub struct UpdateAssistant {
    pub editor: Editor,
    pub configuration: Option<Configuration>,
    pub visibility: Option<Visibility>,
    pub status: Option<Status>,
}

impl Command<Assistant> for UpdateAssistant {
    fn decide(self, state: &Assistant) -> Decision<Assistant> {
        state.require_editor(self.editor)?;
        let visibility = self.visibility.filter(|new| *new != state.visibility);
        if let Some(visibility) = visibility {
            require_publisher(self.editor, visibility)?;
        }
        let configured =
            self.configuration
                .map(|configuration| AssistantEvent::AssistantConfigured {
                    assistant_version: state.version + 1,
                    configuration,
                });
        let visibility_changed =
            visibility.map(|visibility| AssistantEvent::VisibilityChanged { visibility });
        let status = self.status.filter(|new| *new != state.status);
        let status_changed = status.map(|status| AssistantEvent::StatusChanged { status });
        Ok([configured, visibility_changed, status_changed]
            .into_iter()
            .flatten()
            .collect())
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct DeleteAssistant {
    /// The user who deletes it; `None` is the installation.
    pub editor: Option<Editor>,
}

impl Command<Assistant> for DeleteAssistant {
    fn decide(self, state: &Assistant) -> Decision<Assistant> {
        match self.editor {
            Some(editor) => state.require_editor(editor)?,
            None => state.require_existing()?,
        }
        match state.is_default {
            true => Err(AssistantError::DefaultNotDeletable),
            false => Ok(vec![AssistantEvent::AssistantDeleted {}]),
        }
    }
}

fn require_publisher(editor: Editor, visibility: Visibility) -> Result<(), AssistantError> {
    match editor.may_set_visibility(visibility) {
        true => Ok(()),
        false => Err(AssistantError::PublishingNotAllowed),
    }
}
