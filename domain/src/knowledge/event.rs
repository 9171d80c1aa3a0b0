//! Events of a knowledge base.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::values::{Chunking, Description};
use crate::assistant::Visibility;
use crate::codec::stored_events;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event_type", rename_all = "snake_case")]
pub enum KnowledgeEvent {
    KnowledgeBaseCreated {
        owner_id: Uuid,
        description: Description,
        visibility: Visibility,
        chunking: Chunking,
    },
    KnowledgeBaseDescribed {
        description: Description,
    },
    VisibilityChanged {
        visibility: Visibility,
    },
    /// Shared with exactly these groups from now on.
    SharedWithGroups {
        group_ids: BTreeSet<Uuid>,
    },
    /// Applies to documents processed from now on.
    ChunkingChanged {
        chunking: Chunking,
    },
    KnowledgeBaseDeleted {},
}

stored_events!(KnowledgeEvent {
    KnowledgeBaseCreated => "knowledge_base_created",
    KnowledgeBaseDescribed => "knowledge_base_described",
    VisibilityChanged => "visibility_changed",
    SharedWithGroups => "shared_with_groups",
    ChunkingChanged => "chunking_changed",
    KnowledgeBaseDeleted => "knowledge_base_deleted",
});
