//! One knowledge base: its owner, its readers and its chunking.

use cqrs_es::Aggregate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::values::{Chunking, Readers};
use super::{DeleteKnowledgeBase, KnowledgeCommand, KnowledgeError, KnowledgeEvent};
use crate::assistant::Editor;
use crate::command::handle_commands;
use crate::event::{Erasable, StoredAggregate};

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct KnowledgeBase {
    pub(super) owner_id: Option<Uuid>,
    pub(super) readers: Readers,
    pub(super) chunking: Chunking,
    pub(super) deleted: bool,
}

impl StoredAggregate for KnowledgeBase {
    const OWNS_KEY: bool = true;
}

impl Erasable for KnowledgeBase {
    const ENDED_BY: &'static str = "knowledge_base_deleted";

    fn erasure() -> Self::Command {
        DeleteKnowledgeBase { editor: None }.into()
    }
}

impl Aggregate for KnowledgeBase {
    const TYPE: &'static str = "knowledge_base";
    type Command = KnowledgeCommand;
    type Event = KnowledgeEvent;
    type Error = KnowledgeError;
    handle_commands!();

    fn apply(&mut self, event: KnowledgeEvent) {
        match event {
            KnowledgeEvent::KnowledgeBaseCreated {
                owner_id,
                visibility,
                chunking,
                ..
            } => {
                self.owner_id = Some(owner_id);
                self.readers = visibility.into();
                self.chunking = chunking;
            }
            KnowledgeEvent::KnowledgeBaseDescribed { .. } => {}
            KnowledgeEvent::VisibilityChanged { visibility } => self.readers = visibility.into(),
            KnowledgeEvent::SharedWithGroups { group_ids } => {
                self.readers = Readers::Groups(group_ids);
            }
            KnowledgeEvent::ChunkingChanged { chunking } => self.chunking = chunking,
            KnowledgeEvent::KnowledgeBaseDeleted {} => self.deleted = true,
        }
    }
}

impl KnowledgeBase {
    pub(super) fn require_existing(&self) -> Result<(), KnowledgeError> {
        match self.owner_id.is_some() && !self.deleted {
            true => Ok(()),
            false => Err(KnowledgeError::NotFound),
        }
    }

    /// Users who may not be able to read it get `NotFound`, so that its existence is not revealed. Group members do
    /// too, because the aggregate does not know who is in a group.
    pub(super) fn require_editor(&self, editor: Editor) -> Result<(), KnowledgeError> {
        self.require_existing()?;
        match (self.owner_id == Some(editor.user_id), &self.readers) {
            (true, _) => Ok(()),
            (false, Readers::Everyone) => Err(KnowledgeError::NotOwner),
            (false, Readers::Nobody | Readers::Groups(_)) => Err(KnowledgeError::NotFound),
        }
    }
}
