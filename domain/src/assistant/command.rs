//! What may be asked of an assistant.

use uuid::Uuid;

use super::values::{Configuration, Status, Visibility};
use crate::user::Role;

/// Who asks, as far as the rules of assistants care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Editor {
    pub user_id: Uuid,
    pub role: Role,
}

impl Editor {
    /// Publishing to everyone takes the role manager or admin.
    pub fn may_show(self, visibility: Visibility) -> bool {
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
    /// Changes what is given and leaves the rest.
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
