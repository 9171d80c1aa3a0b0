//! One knowledge base: its owner, its readers and its chunking.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::values::{Chunking, Description, Readers};
use super::{KnowledgeCommand, KnowledgeError, KnowledgeEvent};
use crate::assistant::{Editor, Visibility};
use crate::event::StoredAggregate;
use crate::user::Role;

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct KnowledgeBase {
    owner_id: Option<Uuid>,
    readers: Readers,
    chunking: Chunking,
    deleted: bool,
}

impl StoredAggregate for KnowledgeBase {
    const OWNS_KEY: bool = true;
}

impl Aggregate for KnowledgeBase {
    const TYPE: &'static str = "knowledge_base";
    type Command = KnowledgeCommand;
    type Event = KnowledgeEvent;
    type Error = KnowledgeError;
    type Services = ();

    async fn handle(
        &mut self,
        command: KnowledgeCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), KnowledgeError> {
        let events = match command {
            KnowledgeCommand::CreateKnowledgeBase {
                owner,
                description,
                readers,
                chunking,
            } => self.create(owner, description, readers, chunking)?,
            KnowledgeCommand::UpdateKnowledgeBase {
                editor,
                description,
                readers,
                chunking,
            } => self.update(editor, description, readers, chunking)?,
            KnowledgeCommand::RequireEditor { editor } => {
                self.require_editor(editor)?;
                vec![]
            }
            KnowledgeCommand::DeleteKnowledgeBase { editor } => {
                self.require_editor(editor)?;
                vec![KnowledgeEvent::KnowledgeBaseDeleted {}]
            }
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

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
    fn create(
        &self,
        owner: Editor,
        description: Description,
        readers: Readers,
        chunking: Chunking,
    ) -> Result<Vec<KnowledgeEvent>, KnowledgeError> {
        if self.owner_id.is_some() {
            return Err(KnowledgeError::AlreadyCreated);
        }
        if owner.role == Role::Guest {
            return Err(KnowledgeError::GuestsCannotCreate);
        }
        require_publisher(owner, &readers)?;
        let (visibility, shared) = match readers {
            Readers::Nobody => (Visibility::Private, None),
            Readers::Everyone => (Visibility::Everyone, None),
            groups @ Readers::Groups(_) => (Visibility::Private, Some(readers_changed(groups))),
        };
        let created = KnowledgeEvent::KnowledgeBaseCreated {
            owner_id: owner.user_id,
            description,
            visibility,
            chunking,
        };
        Ok(std::iter::once(created).chain(shared).collect())
    }

    fn update(
        &self,
        editor: Editor,
        description: Option<Description>,
        readers: Option<Readers>,
        chunking: Option<Chunking>,
    ) -> Result<Vec<KnowledgeEvent>, KnowledgeError> {
        self.require_editor(editor)?;
        let readers = readers.filter(|new| *new != self.readers);
        if let Some(readers) = &readers {
            require_publisher(editor, readers)?;
        }
        let described =
            description.map(|description| KnowledgeEvent::KnowledgeBaseDescribed { description });
        let chunking_changed = chunking
            .filter(|new| *new != self.chunking)
            .map(|chunking| KnowledgeEvent::ChunkingChanged { chunking });
        Ok([described, readers.map(readers_changed), chunking_changed]
            .into_iter()
            .flatten()
            .collect())
    }

    /// Users who may not be able to read it get `NotFound`, so that its existence is not revealed. Group members do
    /// too, because the aggregate does not know who is in a group.
    fn require_editor(&self, editor: Editor) -> Result<(), KnowledgeError> {
        if self.owner_id.is_none() || self.deleted {
            return Err(KnowledgeError::NotFound);
        }
        match (self.owner_id == Some(editor.user_id), &self.readers) {
            (true, _) => Ok(()),
            (false, Readers::Everyone) => Err(KnowledgeError::NotOwner),
            (false, Readers::Nobody | Readers::Groups(_)) => Err(KnowledgeError::NotFound),
        }
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
