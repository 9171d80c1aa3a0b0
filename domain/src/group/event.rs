//! Events of a group.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::values::GroupDetails;
use crate::event::stored_events;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event_type", rename_all = "snake_case")]
pub enum GroupEvent {
    GroupCreated {
        naming: GroupDetails,
        /// The user who created and manages the group; absent in events of earlier versions.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        keeper_id: Option<Uuid>,
    },
    GroupDescribed {
        naming: GroupDetails,
    },
    MemberAdded {
        user_id: Uuid,
    },
    MemberRemoved {
        user_id: Uuid,
    },
    /// Knowledge bases that were shared with the group no longer are.
    GroupDeleted {},
}

stored_events!(GroupEvent {
    GroupCreated => "group_created",
    GroupDescribed => "group_described",
    MemberAdded => "member_added",
    MemberRemoved => "member_removed",
    GroupDeleted => "group_deleted",
});
