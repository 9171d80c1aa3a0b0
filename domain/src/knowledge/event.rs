//! What happened to a knowledge base.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::values::{Chunking, Description};
use crate::assistant::Visibility;
use crate::recorded::stored_events;

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
    /// Members of these groups read it from here on, and of no others.
    SharedWithGroups {
        group_ids: BTreeSet<Uuid>,
    },
    /// Documents that are processed from here on are cut so.
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
