//! Commands of a knowledge base.

use super::values::{Chunking, Description, Readers};
use super::{KnowledgeBase, KnowledgeError, KnowledgeEvent};
use crate::assistant::{Editor, Visibility};
use crate::command::{Command, Decision, commands};
use crate::user::Role;

commands! {
    KnowledgeCommand for KnowledgeBase {
        CreateKnowledgeBase,
        UpdateKnowledgeBase,
        RequireEditor,
        DeleteKnowledgeBase,
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct CreateKnowledgeBase {
    pub owner: Editor,
    pub description: Description,
    pub readers: Readers,
    pub chunking: Chunking,
}

impl Command<KnowledgeBase> for CreateKnowledgeBase {
    fn decide(self, state: &KnowledgeBase) -> Decision<KnowledgeBase> {
        if state.owner_id.is_some() {
            return Err(KnowledgeError::AlreadyCreated);
        }
        if self.owner.role == Role::Guest {
            return Err(KnowledgeError::GuestsCannotCreate);
        }
        require_publisher(self.owner, &self.readers)?;
        let (visibility, shared) = match self.readers {
            Readers::Nobody => (Visibility::Private, None),
            Readers::Everyone => (Visibility::Everyone, None),
            groups @ Readers::Groups(_) => (Visibility::Private, Some(readers_changed(groups))),
        };
        let created = KnowledgeEvent::KnowledgeBaseCreated {
            owner_id: self.owner.user_id,
            description: self.description,
            visibility,
            chunking: self.chunking,
        };
        Ok(std::iter::once(created).chain(shared).collect())
    }
}

/// Changes only the fields that are set.
#[derive(Debug, Clone, PartialEq)]
pub struct UpdateKnowledgeBase {
    pub editor: Editor,
    pub description: Option<Description>,
    pub readers: Option<Readers>,
    pub chunking: Option<Chunking>,
}

impl Command<KnowledgeBase> for UpdateKnowledgeBase {
    fn decide(self, state: &KnowledgeBase) -> Decision<KnowledgeBase> {
        state.require_editor(self.editor)?;
        let readers = self.readers.filter(|new| *new != state.readers);
        if let Some(readers) = &readers {
            require_publisher(self.editor, readers)?;
        }
        let described = self
            .description
            .map(|description| KnowledgeEvent::KnowledgeBaseDescribed { description });
        let chunking = self.chunking.filter(|new| *new != state.chunking);
        let chunking_changed =
            chunking.map(|chunking| KnowledgeEvent::ChunkingChanged { chunking });
        Ok([described, readers.map(readers_changed), chunking_changed]
            .into_iter()
            .flatten()
            .collect())
    }
}

/// Refuses the whole execution unless the editor may change the documents; produces no event.
#[derive(Debug, Clone, PartialEq)]
pub struct RequireEditor {
    pub editor: Editor,
}

impl Command<KnowledgeBase> for RequireEditor {
    fn decide(self, state: &KnowledgeBase) -> Decision<KnowledgeBase> {
        state.require_editor(self.editor)?;
        Ok(vec![])
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct DeleteKnowledgeBase {
    /// The user who deletes it; `None` is the installation.
    pub editor: Option<Editor>,
}

impl Command<KnowledgeBase> for DeleteKnowledgeBase {
    fn decide(self, state: &KnowledgeBase) -> Decision<KnowledgeBase> {
        match self.editor {
            Some(editor) => state.require_editor(editor)?,
            None => state.require_existing()?,
        }
        Ok(vec![KnowledgeEvent::KnowledgeBaseDeleted {}])
    }
}

fn require_publisher(editor: Editor, readers: &Readers) -> Result<(), KnowledgeError> {
    match *readers == Readers::Everyone && !editor.may_set_visibility(Visibility::Everyone) {
        true => Err(KnowledgeError::PublishingNotAllowed),
        false => Ok(()),
    }
}

fn readers_changed(readers: Readers) -> KnowledgeEvent {
    match readers {
        Readers::Nobody => KnowledgeEvent::VisibilityChanged {
            visibility: Visibility::Private,
        },
        Readers::Groups(group_ids) => KnowledgeEvent::SharedWithGroups { group_ids },
        Readers::Everyone => KnowledgeEvent::VisibilityChanged {
            visibility: Visibility::Everyone,
        },
    }
}
