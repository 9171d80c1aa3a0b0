//! What may be asked of a group.

use uuid::Uuid;

use super::values::Naming;
use crate::assistant::Editor;
use crate::user::Role;

#[derive(Debug, Clone, PartialEq)]
pub enum GroupCommand {
    CreateGroup {
        editor: Editor,
        naming: Naming,
    },
    DescribeGroup {
        editor: Editor,
        naming: Naming,
    },
    DeleteGroup {
        editor: Editor,
    },
    /// Somebody who is a member already stays one.
    AddMember {
        editor: Editor,
        user_id: Uuid,
        /// What the new member may do in the installation.
        role: Role,
    },
    RemoveMember {
        editor: Editor,
        user_id: Uuid,
        role: Role,
    },
}
