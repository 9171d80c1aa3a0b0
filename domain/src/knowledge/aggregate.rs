//! One knowledge base: its owner and who else may read it.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::values::{Chunking, Description};
use super::{KnowledgeCommand, KnowledgeError, KnowledgeEvent};
use crate::assistant::{Editor, Visibility};
use crate::recorded::{Event, Recorded};
use crate::user::Role;

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct KnowledgeBase {
    owner_id: Option<Uuid>,
    visibility: Visibility,
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
                visibility,
                chunking,
            } => self.create(owner, description, visibility, chunking)?,
            KnowledgeCommand::UpdateKnowledgeBase {
                editor,
                description,
                visibility,
                chunking,
            } => self.update(editor, description, visibility, chunking)?,
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
                self.visibility = visibility;
                self.chunking = chunking;
            }
            KnowledgeEvent::KnowledgeBaseDescribed { .. } => {}
            KnowledgeEvent::VisibilityChanged { visibility } => self.visibility = visibility,
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
        visibility: Visibility,
        chunking: Chunking,
    ) -> Result<Vec<KnowledgeEvent>, KnowledgeError> {
        if self.owner_id.is_some() {
            return Err(KnowledgeError::AlreadyCreated);
        }
        if owner.role == Role::Guest {
            return Err(KnowledgeError::GuestsCreateNothing);
        }
        may_publish(owner, visibility)?;
        Ok(vec![KnowledgeEvent::KnowledgeBaseCreated {
            owner_id: owner.user_id,
            description,
            visibility,
            chunking,
        }])
    }

    fn update(
        &self,
        editor: Editor,
        description: Option<Description>,
        visibility: Option<Visibility>,
        chunking: Option<Chunking>,
    ) -> Result<Vec<KnowledgeEvent>, KnowledgeError> {
        self.may_edit(editor)?;
        let visibility = visibility.filter(|new| *new != self.visibility);
        if let Some(visibility) = visibility {
            may_publish(editor, visibility)?;
        }
        let described =
            description.map(|description| KnowledgeEvent::KnowledgeBaseDescribed { description });
        let shown = visibility.map(|visibility| KnowledgeEvent::VisibilityChanged { visibility });
        let cut = chunking
            .filter(|new| *new != self.chunking)
            .map(|chunking| KnowledgeEvent::ChunkingChanged { chunking });
        Ok([described, shown, cut].into_iter().flatten().collect())
    }

    /// Who may not see it learns nothing; who sees it and does not own it is told so.
    fn may_edit(&self, editor: Editor) -> Result<(), KnowledgeError> {
        if self.owner_id.is_none() || self.deleted {
            return Err(KnowledgeError::NotFound);
        }
        match (self.owner_id == Some(editor.user_id), self.visibility) {
            (true, _) => Ok(()),
            (false, Visibility::Everyone) => Err(KnowledgeError::NotTheOwner),
            (false, Visibility::Private) => Err(KnowledgeError::NotFound),
        }
    }
}

fn may_publish(editor: Editor, visibility: Visibility) -> Result<(), KnowledgeError> {
    match editor.may_show(visibility) {
        true => Ok(()),
        false => Err(KnowledgeError::PublishingNotAllowed),
    }
}
