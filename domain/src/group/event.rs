//! What happened to a group.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::values::Naming;
use crate::recorded::stored_events;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event_type", rename_all = "snake_case")]
pub enum GroupEvent {
    GroupCreated {
        naming: Naming,
        /// Who made it and keeps it; not in events before managers kept their own groups alone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        keeper_id: Option<Uuid>,
    },
    GroupDescribed {
        naming: Naming,
    },
    MemberAdded {
        user_id: Uuid,
    },
    MemberRemoved {
        user_id: Uuid,
    },
    /// What was shared with it is shared with it no more.
    GroupDeleted {},
}

stored_events!(GroupEvent {
    GroupCreated => "group_created",
    GroupDescribed => "group_described",
    MemberAdded => "member_added",
    MemberRemoved => "member_removed",
    GroupDeleted => "group_deleted",
});
