//! One file: its owner and whether it has been deleted.

use cqrs_es::Aggregate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{DeleteFile, FileCommand, FileError, FileEvent};
use crate::command::handle_commands;
use crate::event::{Erasable, StoredAggregate};

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct File {
    pub(super) owner_id: Option<Uuid>,
    pub(super) deleted: bool,
}

impl StoredAggregate for File {
    const OWNS_KEY: bool = true;
}

impl Erasable for File {
    const ENDED_BY: &'static str = "file_deleted";

    fn erasure() -> Self::Command {
        DeleteFile { actor: None }.into()
    }
}

impl Aggregate for File {
    const TYPE: &'static str = "file";
    type Command = FileCommand;
    type Event = FileEvent;
    type Error = FileError;
    handle_commands!();

    fn apply(&mut self, event: FileEvent) {
        match event {
            FileEvent::FileUploaded { owner_id, .. } => self.owner_id = Some(owner_id),
            FileEvent::FileRenamed { .. } => {}
            FileEvent::FileDeleted {} => self.deleted = true,
        }
    }
}
