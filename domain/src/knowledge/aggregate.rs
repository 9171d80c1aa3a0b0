//! One knowledge base: its owner and who else may read it.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::values::{Chunking, Description, Readers};
use super::{KnowledgeCommand, KnowledgeError, KnowledgeEvent};
use crate::assistant::{Editor, Visibility};
use crate::recorded::{Event, Recorded};
use crate::user::Role;

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct KnowledgeBase {
    owner_id: Option<Uuid>,
    readers: Readers,
    chunking: Chunking,
    deleted: bool,
}

impl Recorded for KnowledgeBase {
    const OWNS_KEY: bool = true;

    fn event(event: Self::Event) -> Event {
        Event::Knowledge(event)
    }
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
            KnowledgeCommand::ChangeDocuments { editor } => {
                self.may_edit(editor)?;
                vec![]
            }
            KnowledgeCommand::DeleteKnowledgeBase { editor } => {
                self.may_edit(editor)?;
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
            return Err(KnowledgeError::GuestsCreateNothing);
        }
        may_show(owner, &readers)?;
        let (visibility, shared) = match readers {
            Readers::Nobody => (Visibility::Private, None),
            Readers::Everyone => (Visibility::Everyone, None),
            groups @ Readers::Groups(_) => (Visibility::Private, Some(shown(groups))),
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
        self.may_edit(editor)?;
        let readers = readers.filter(|new| *new != self.readers);
        if let Some(readers) = &readers {
            may_show(editor, readers)?;
        }
        let described =
            description.map(|description| KnowledgeEvent::KnowledgeBaseDescribed { description });
        let cut = chunking
            .filter(|new| *new != self.chunking)
            .map(|chunking| KnowledgeEvent::ChunkingChanged { chunking });
        Ok([described, readers.map(shown), cut]
            .into_iter()
            .flatten()
            .collect())
    }

    /// Who may not see it learns nothing; who sees it and does not own it is told so. Who is in which group is not
    /// known here.
    fn may_edit(&self, editor: Editor) -> Result<(), KnowledgeError> {
        if self.owner_id.is_none() || self.deleted {
            return Err(KnowledgeError::NotFound);
        }
        match (self.owner_id == Some(editor.user_id), &self.readers) {
            (true, _) => Ok(()),
            (false, Readers::Everyone) => Err(KnowledgeError::NotTheOwner),
            (false, Readers::Nobody | Readers::Groups(_)) => Err(KnowledgeError::NotFound),
        }
    }
}

fn may_show(editor: Editor, readers: &Readers) -> Result<(), KnowledgeError> {
    match *readers == Readers::Everyone && !editor.may_show(Visibility::Everyone) {
        true => Err(KnowledgeError::PublishingNotAllowed),
        false => Ok(()),
    }
}

fn shown(readers: Readers) -> KnowledgeEvent {
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
