//! Events of an assistant.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::values::{Configuration, Status, Visibility};
use crate::codec::stored_events;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event_type", rename_all = "snake_case")]
pub enum AssistantEvent {
    AssistantCreated {
        /// `None` for the default assistant, which the installation creates.
        owner_id: Option<Uuid>,
        configuration: Configuration,
        visibility: Visibility,
        status: Status,
        is_default: bool,
    },
    AssistantConfigured {
        /// The version of this configuration, from 1.
        assistant_version: u32,
        configuration: Configuration,
    },
    VisibilityChanged {
        visibility: Visibility,
    },
    StatusChanged {
        status: Status,
    },
    AssistantDeleted {},
}

stored_events!(AssistantEvent {
    AssistantCreated => "assistant_created",
    AssistantConfigured => "assistant_configured",
    VisibilityChanged => "visibility_changed",
    StatusChanged => "status_changed",
    AssistantDeleted => "assistant_deleted",
});
