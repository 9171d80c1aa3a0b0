//! Commands of an assistant.

use uuid::Uuid;

use super::values::{Configuration, Status, Visibility};
use crate::user::Role;

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
pub enum AssistantCommand {
    CreateAssistant {
        owner: Option<Editor>,
        configuration: Configuration,
        visibility: Visibility,
        status: Status,
        is_default: bool,
    },
    /// Changes only the fields that are set.
    UpdateAssistant {
        editor: Editor,
        configuration: Option<Configuration>,
        visibility: Option<Visibility>,
        status: Option<Status>,
    },
    DeleteAssistant {
        editor: Editor,
    },
}
