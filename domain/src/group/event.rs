//! Events of a group.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::values::GroupDetails;
use crate::codec::{rename, stored_events};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event_type", rename_all = "snake_case")]
pub enum GroupEvent {
    GroupCreated {
        details: GroupDetails,
        /// The user who created and manages the group; missing in the oldest events.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        creator_id: Option<Uuid>,
    },
    GroupDescribed {
        details: GroupDetails,
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
    GroupCreated => "group_created" upcast [name_details_and_creator],
    GroupDescribed => "group_described" upcast [name_details],
    MemberAdded => "member_added",
    MemberRemoved => "member_removed",
    GroupDeleted => "group_deleted",
});

/// Version 1 called the details `naming`.
fn name_details(fields: &mut Map<String, Value>) {
    rename(fields, "naming", "details");
}

/// Version 1 called the details `naming` and the creator `keeper_id`.
fn name_details_and_creator(fields: &mut Map<String, Value>) {
    name_details(fields);
    rename(fields, "keeper_id", "creator_id");
}
