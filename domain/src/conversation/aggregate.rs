//! One conversation: the tree of its messages (ids and parents, without text), its state and its read markers.

use std::collections::HashMap;

use cqrs_es::Aggregate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::title::Title;
use super::{ConversationCommand, ConversationError, ConversationEvent, EraseConversation};
use crate::command::handle_commands;
use crate::event::{Erasable, StoredAggregate};

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Conversation {
    pub(super) owner_id: Option<Uuid>,
    pub(super) assistant_id: Uuid,
    pub(super) model: Option<String>,
    pub(super) nodes: HashMap<Uuid, Node>,
    pub(super) leaf: Option<Uuid>,
    /// The number of the newest message that each user has read.
    pub(super) read: HashMap<Uuid, u32>,
    pub(super) title: Title,
    pub(super) pinned: bool,
    pub(super) archived: bool,
    pub(super) trashed: bool,
    pub(super) imported: bool,
    pub(super) erased: bool,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Node {
    /// Position in the order in which messages were added, from 0.
    pub number: u32,
    pub parent_id: Option<Uuid>,
    pub is_answer: bool,
}

impl StoredAggregate for Conversation {
    const OWNS_KEY: bool = true;
    const SNAPSHOT_VERSION: Option<i32> = Some(4);

    fn weight(&self) -> usize {
        512 + self.nodes.len() * 64
    }
}

impl Erasable for Conversation {
    const ENDED_BY: &'static str = "conversation_erased";

    fn erasure() -> Self::Command {
        EraseConversation { actor: None }.into()
    }
}

impl Aggregate for Conversation {
    const TYPE: &'static str = "conversation";
    type Command = ConversationCommand;
    type Event = ConversationEvent;
    type Error = ConversationError;
    handle_commands!();

    fn apply(&mut self, event: ConversationEvent) {
        match event {
            ConversationEvent::ConversationStarted {
                owner_id,
                title,
                assistant_id,
                model,
                ..
            } => self.start(owner_id, title.is_some(), assistant_id, model),
            ConversationEvent::ConversationImported {
                owner_id,
                title,
                assistant_id,
                model,
                pinned,
                archived,
                trashed,
                ..
            } => {
                self.start(owner_id, title.is_some(), assistant_id, model);
                (self.pinned, self.archived, self.trashed) = (pinned, archived, trashed);
                self.imported = true;
            }
            ConversationEvent::MessageImported {
                message_id,
                parent_id,
                said,
                ..
            } => self.import_node(message_id, parent_id, said.is_answer()),
            ConversationEvent::MessagePosted {
                message_id,
                parent_id,
                ..
            } => self.add_node(message_id, parent_id, false),
            ConversationEvent::AnswerAdded {
                message_id,
                parent_id,
                ..
            } => self.add_node(message_id, Some(parent_id), true),
            ConversationEvent::TitleChanged { automatic, .. } => {
                self.title = self.title.after_change(automatic);
            }
            ConversationEvent::AssistantChosen {
                assistant_id,
                model,
            } => self.choose(assistant_id, model),
            ConversationEvent::ConversationPinned {} => self.pinned = true,
            ConversationEvent::ConversationUnpinned {} => self.pinned = false,
            ConversationEvent::ConversationArchived {} => self.archived = true,
            ConversationEvent::ConversationUnarchived {} => self.archived = false,
            ConversationEvent::ConversationTrashed {} => self.trashed = true,
            ConversationEvent::ConversationRestored {} => self.trashed = false,
            ConversationEvent::ReadMarkerMoved {
                user_id,
                message_id,
            } => self.mark_read(user_id, message_id),
            ConversationEvent::FeedbackGiven { .. } => {}
            ConversationEvent::ConversationErased {} => self.erase(),
        }
    }
}

/// Changes by events.
impl Conversation {
    fn start(
        &mut self,
        owner_id: Uuid,
        has_title: bool,
        assistant_id: Uuid,
        model: Option<String>,
    ) {
        self.owner_id = Some(owner_id);
        self.title = Title::new(has_title);
        self.choose(assistant_id, model);
    }

    fn choose(&mut self, assistant_id: Uuid, model: Option<String>) {
        self.assistant_id = assistant_id;
        self.model = model;
    }

    fn add_node(&mut self, id: Uuid, parent_id: Option<Uuid>, is_answer: bool) {
        let number = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        self.nodes.insert(
            id,
            Node {
                number,
                parent_id,
                is_answer,
            },
        );
        self.leaf = Some(id);
    }

    /// The owner has read the messages that they import.
    fn import_node(&mut self, id: Uuid, parent_id: Option<Uuid>, is_answer: bool) {
        self.add_node(id, parent_id, is_answer);
        if let Some(owner) = self.owner_id {
            self.mark_read(owner, id);
        }
    }

    fn mark_read(&mut self, user_id: Uuid, message_id: Uuid) {
        if let Ok(node) = self.node(message_id) {
            self.read.insert(user_id, node.number);
        }
    }

    fn erase(&mut self) {
        self.erased = true;
        self.nodes.clear();
        self.read.clear();
        self.leaf = None;
    }
}

/// Checks of commands.
impl Conversation {
    pub(super) fn require_visible(&self, actor: Uuid) -> Result<(), ConversationError> {
        if self.owner_id == Some(actor) && !self.erased {
            return Ok(());
        }
        Err(ConversationError::NotFound)
    }

    pub(super) fn require_writable(&self, actor: Uuid) -> Result<(), ConversationError> {
        self.require_visible(actor)?;
        if self.trashed {
            return Err(ConversationError::Trashed);
        }
        if self.archived {
            return Err(ConversationError::Archived);
        }
        Ok(())
    }

    pub(super) fn node(&self, id: Uuid) -> Result<Node, ConversationError> {
        self.nodes
            .get(&id)
            .copied()
            .ok_or(ConversationError::UnknownMessage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::fixture::{QUESTION, posted, started};

    /// Pins the snapshot format. When it changes, raise `SNAPSHOT_VERSION` and adjust the expected text.
    #[test]
    fn the_snapshot_format_matches_its_version() {
        let mut conversation = Conversation::default();
        conversation.apply(started());
        conversation.apply(posted(QUESTION, None));
        let fields = serde_json::to_string(&conversation).unwrap();
        let expected = concat!(
            r#"{"owner_id":"00000000-0000-0000-0000-000000000ada","assistant_id":"00000000-0000-0000-0000-000000000000","#,
            r#""model":null,"nodes":{"00000000-0000-0000-0000-000000000011":{"number":0,"parent_id":null,"is_answer":false}},"#,
            r#""leaf":"00000000-0000-0000-0000-000000000011","read":{},"title":"missing","pinned":false,"archived":false,"#,
            r#""trashed":false,"imported":false,"erased":false}"#,
        );
        assert_eq!(
            (Conversation::SNAPSHOT_VERSION, fields.as_str()),
            (Some(4), expected)
        );
    }
}
