//! Commands of a group.

use uuid::Uuid;

use super::values::GroupDetails;
use crate::assistant::Editor;
use crate::user::Role;

#[derive(Debug, Clone, PartialEq)]
pub enum GroupCommand {
    CreateGroup {
        editor: Editor,
        details: GroupDetails,
    },
    DescribeGroup {
        editor: Editor,
        details: GroupDetails,
    },
    DeleteGroup {
        editor: Editor,
    },
    /// Changes nothing if the user is already a member.
    AddMember {
        editor: Editor,
        user_id: Uuid,
        /// The user's role in the installation.
        role: Role,
    },
    RemoveMember {
        editor: Editor,
        user_id: Uuid,
        /// The user's role in the installation.
        role: Role,
    },
}
