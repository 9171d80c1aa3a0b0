//! One file: its owner and whether it has been deleted.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::values::file_name;
use super::{FileCommand, FileError, FileEvent, NewFile};
use crate::event::StoredAggregate;
use crate::personal::{Personal, Subject};
use crate::user::Role;

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct File {
    owner_id: Option<Uuid>,
    deleted: bool,
}

impl StoredAggregate for File {
    const OWNS_KEY: bool = true;
}

impl Aggregate for File {
    const TYPE: &'static str = "file";
    type Command = FileCommand;
    type Event = FileEvent;
    type Error = FileError;
    type Services = ();

    async fn handle(
        &mut self,
        command: FileCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), FileError> {
        let event = match command {
            FileCommand::UploadFile(file) => self.upload(file)?,
            FileCommand::DeleteFile { actor } => self.delete(actor)?,
        };
        sink.write(event, self).await;
        Ok(())
    }

    fn apply(&mut self, event: FileEvent) {
        match event {
            FileEvent::FileUploaded { owner_id, .. } => self.owner_id = Some(owner_id),
            FileEvent::FileRenamed { .. } => {}
            FileEvent::FileDeleted {} => self.deleted = true,
        }
    }
}

impl File {
    fn upload(&self, file: NewFile) -> Result<FileEvent, FileError> {
        if self.owner_id.is_some() {
            return Err(FileError::AlreadyUploaded);
        }
        if file.role == Role::Guest {
            return Err(FileError::GuestsCannotCreate);
        }
        let seal = |value: String| Personal::new(subjects(file.id, file.owner_id), value);
        Ok(FileEvent::FileUploaded {
            owner_id: file.owner_id,
            name: seal(file_name(&file.name)?),
            media_type: file.media_type,
            size: file.size,
            sha256: seal(file.sha256),
            content_key: seal(file.content_key),
        })
    }

    fn delete(&self, actor: Uuid) -> Result<FileEvent, FileError> {
        self.require_owner(actor)?;
        Ok(FileEvent::FileDeleted {})
    }

    fn require_owner(&self, actor: Uuid) -> Result<(), FileError> {
        match self.owner_id == Some(actor) && !self.deleted {
            true => Ok(()),
            false => Err(FileError::NotFound),
        }
    }
}

/// Destroying the key of the file or of its owner makes the file unreadable.
fn subjects(file_id: Uuid, owner_id: Uuid) -> [Subject; 2] {
    [
        Subject::new("file", file_id),
        Subject::new("user", owner_id),
    ]
}
