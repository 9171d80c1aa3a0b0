//! Files of an import, each of which is stored once.

use domain::file::{File, FileCommand, MediaType, NewFile};
use eventstore::executor::step_on_new;
use eventstore::files::{FilesError, Upload};
use eventstore::{Execution, ExecutorError};
use projections::file::{QUOTA_EXCEEDED, queries as files, with_upload};
use uuid::Uuid;

use super::Taker;
use crate::import::Stop;
use crate::job::later;

impl Taker {
    /// The owner's file with a digest.
    pub fn file_with(&mut self, digest: &str) -> Result<Option<Uuid>, Stop> {
        if let Some(known) = self.files.get(digest) {
            return Ok(Some(*known));
        }
        let pool = &self.work.source.pool;
        let found = files::find_by_digest(pool, self.owner, digest);
        let found = self.runtime.block_on(found)?.map(|file| file.id);
        if let Some(found) = found {
            self.files.insert(digest.to_owned(), found);
        }
        Ok(found)
    }

    /// Whether the owner has a file with a digest; counts it as existing.
    pub fn has_file(&mut self, digest: &str) -> Result<bool, Stop> {
        let known = self.file_with(digest)?.is_some();
        if known {
            self.files_taken.add(true);
        }
        Ok(known)
    }

    /// Starts a file whose chunks follow.
    pub fn begin_file(&mut self, name: &str, media_type: &str) -> Result<(), Stop> {
        self.go_on()?;
        if let Some(left) = self.coming.take() {
            self.abort(left);
        }
        let id = Uuid::now_v7();
        let upload = self.runtime.block_on(self.work.files.begin_upload(id));
        self.coming = Some(Coming {
            id,
            name: domain::file::file_name(name).unwrap_or_else(|_| "file".to_owned()),
            media_type: media_type.to_owned(),
            upload: upload.map_err(stopped)?,
        });
        Ok(())
    }

    /// Writes bytes of the file to the store, up to the size limit; returns whether to continue.
    pub fn piece(&mut self, piece: &[u8]) -> Result<bool, Stop> {
        let Some(coming) = &mut self.coming else {
            return Ok(false);
        };
        let limit = self.work.max_file;
        if coming.upload.size() + piece.len() as u64 <= limit {
            let written = self.runtime.block_on(coming.upload.write(piece));
            if let Err(error) = written {
                self.give_up_file();
                return Err(stopped(error));
            }
            return Ok(true);
        }
        if let Some(name) = self.give_up_file() {
            self.refuse("file", &format!("it has more than {limit} bytes"));
            self.miss(&name);
        }
        Ok(false)
    }

    /// Stores the file unless the owner has it; returns its digest, or `None` if it cannot be stored.
    pub fn end_file(&mut self) -> Result<Option<String>, Stop> {
        let Some(coming) = self.coming.take() else {
            return Ok(None);
        };
        let runtime = self.runtime.clone();
        let stored = runtime.block_on(coming.upload.finish()).map_err(stopped)?;
        let file = NewFile {
            id: coming.id,
            owner_id: self.owner,
            role: self.role,
            name: coming.name,
            media_type: MediaType::from_name(&coming.media_type),
            size: stored.size,
            sha256: stored.sha256,
            content_key: stored.content_key,
        };
        runtime.block_on(self.keep(file))
    }

    /// Aborts the current file; returns its name.
    pub fn give_up_file(&mut self) -> Option<String> {
        let coming = self.coming.take()?;
        let name = coming.name.clone();
        self.abort(coming);
        Some(name)
    }

    fn abort(&self, coming: Coming) {
        self.runtime.block_on(coming.upload.abort());
    }

    async fn keep(&mut self, file: NewFile) -> Result<Option<String>, Stop> {
        let (id, digest, name) = (file.id, file.sha256.clone(), file.name.clone());
        let command = FileCommand::UploadFile(file.clone());
        let execution = Execution::new(self.context(), vec![step_on_new::<File>(id, command)]);
        let execution = with_upload(execution, &file, self.work.file_quota);
        match self.work.executor.execute(execution).await {
            Ok(_) => {
                self.files.insert(digest.clone(), id);
                self.files_taken.new += 1;
                return Ok(Some(digest));
            }
            Err(ExecutorError::Reserved(_)) => self.files_taken.known += 1,
            Err(ExecutorError::ExtraRefused(QUOTA_EXCEEDED)) => {
                self.work.files.discard(id).await;
                self.refuse("file", &"the quota of your files is used up");
                self.miss(&name);
                return Ok(None);
            }
            Err(error) => {
                let stop = self.refused("file", error);
                self.work.files.discard(id).await;
                return stop.map(|()| None);
            }
        }
        self.work.files.discard(id).await;
        Ok(Some(digest))
    }
}

/// A file that is being uploaded.
pub(super) struct Coming {
    id: Uuid,
    name: String,
    media_type: String,
    upload: Upload,
}

fn stopped(error: FilesError) -> Stop {
    match error {
        FilesError::Log(error) => error.into(),
        FilesError::Full => Stop::Unreadable("the disk of the server is full".to_owned()),
        error => {
            tracing::warn!(%error, "an import was broken off; it is begun anew");
            later().into()
        }
    }
}
