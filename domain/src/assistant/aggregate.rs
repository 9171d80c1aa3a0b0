//! One assistant: its owner, status, visibility and the version of its configuration.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::values::{Configuration, Status, Visibility};
use super::{AssistantCommand, AssistantError, AssistantEvent, Editor};
use crate::event::StoredAggregate;
use crate::user::Role;

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Assistant {
    version: u32,
    owner_id: Option<Uuid>,
    status: Status,
    visibility: Visibility,
    is_default: bool,
    deleted: bool,
}

impl StoredAggregate for Assistant {
    const OWNS_KEY: bool = true;
}

impl Aggregate for Assistant {
    const TYPE: &'static str = "assistant";
    type Command = AssistantCommand;
    type Event = AssistantEvent;
    type Error = AssistantError;
    type Services = ();

    async fn handle(
        &mut self,
        command: AssistantCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), AssistantError> {
        let events = match command {
            AssistantCommand::CreateAssistant {
                owner,
                configuration,
                visibility,
                status,
                is_default,
            } => self.create(owner, configuration, visibility, status, is_default)?,
            AssistantCommand::UpdateAssistant {
                editor,
                configuration,
                visibility,
                status,
            } => self.update(editor, configuration, visibility, status)?,
            AssistantCommand::DeleteAssistant { editor } => self.delete(editor)?,
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: AssistantEvent) {
        match event {
            AssistantEvent::AssistantCreated {
                owner_id,
                visibility,
                status,
                is_default,
                ..
            } => {
                self.version = 1;
                self.owner_id = owner_id;
                self.visibility = visibility;
                self.status = status;
                self.is_default = is_default;
            }
            AssistantEvent::AssistantConfigured {
                assistant_version, ..
            } => self.version = assistant_version,
            AssistantEvent::VisibilityChanged { visibility } => self.visibility = visibility,
            AssistantEvent::StatusChanged { status } => self.status = status,
            AssistantEvent::AssistantDeleted {} => self.deleted = true,
        }
    }
}

impl Assistant {
    fn create(
        &self,
        owner: Option<Editor>,
        configuration: Configuration,
        visibility: Visibility,
        status: Status,
        is_default: bool,
    ) -> Result<Vec<AssistantEvent>, AssistantError> {
        if self.version > 0 {
            return Err(AssistantError::AlreadyCreated);
        }
        if let Some(editor) = owner {
            if editor.role == Role::Guest {
                return Err(AssistantError::GuestsCannotCreate);
            }
            require_publisher(editor, visibility)?;
        }
        Ok(vec![AssistantEvent::AssistantCreated {
            owner_id: owner.map(|editor| editor.user_id),
            configuration,
            visibility,
            status,
            is_default,
        }])
    }

    fn update(
        &self,
        editor: Editor,
        configuration: Option<Configuration>,
        visibility: Option<Visibility>,
        status: Option<Status>,
    ) -> Result<Vec<AssistantEvent>, AssistantError> {
        self.require_editor(editor)?;
        let visibility = visibility.filter(|new| *new != self.visibility);
        if let Some(visibility) = visibility {
            require_publisher(editor, visibility)?;
        }
        let configured = configuration.map(|configuration| AssistantEvent::AssistantConfigured {
            assistant_version: self.version + 1,
            configuration,
        });
        let visibility_changed =
            visibility.map(|visibility| AssistantEvent::VisibilityChanged { visibility });
        let status_changed = status
            .filter(|new| *new != self.status)
            .map(|status| AssistantEvent::StatusChanged { status });
        Ok([configured, visibility_changed, status_changed]
            .into_iter()
            .flatten()
            .collect())
    }

    fn delete(&self, editor: Editor) -> Result<Vec<AssistantEvent>, AssistantError> {
        self.require_editor(editor)?;
        if self.is_default {
            return Err(AssistantError::DefaultNotDeletable);
        }
        Ok(vec![AssistantEvent::AssistantDeleted {}])
    }

    /// Users who cannot see the assistant get `NotFound`, so that its existence is not revealed. The default assistant
    /// has no owner and is changed by administrators.
    fn require_editor(&self, editor: Editor) -> Result<(), AssistantError> {
        let owns = self.owner_id == Some(editor.user_id);
        let administers = self.owner_id.is_none() && editor.role == Role::Admin;
        if self.version == 0 || self.deleted {
            return Err(AssistantError::NotFound);
        }
        if owns || administers {
            return Ok(());
        }
        match self.visibility {
            Visibility::Everyone => Err(AssistantError::NotOwner),
            Visibility::Private => Err(AssistantError::NotFound),
        }
    }
}

fn require_publisher(editor: Editor, visibility: Visibility) -> Result<(), AssistantError> {
    match editor.may_set_visibility(visibility) {
        true => Ok(()),
        false => Err(AssistantError::PublishingNotAllowed),
    }
}
