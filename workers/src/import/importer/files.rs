//! Files of an import, each of which is stored once.

use domain::file::{MediaType, UploadFile};
use eventstore::command::step_on_new;
use eventstore::files::{FilesError, Upload};
use eventstore::{Execution, ExecutorError};
use projections::file::{QUOTA_EXCEEDED, queries as files, with_upload};
use uuid::Uuid;

use super::Importer;
use crate::import::ImportError;
use crate::job::retry_later;

impl Importer {
    /// The owner's file with a digest.
    pub(crate) fn find_file(&mut self, digest: &str) -> Result<Option<Uuid>, ImportError> {
        if let Some(id) = self.files.get(digest) {
            return Ok(Some(*id));
        }
        let pool = &self.context.source.pool;
        let file = files::find_by_digest(pool, self.owner, digest);
        let id = self.runtime.block_on(file)?.map(|file| file.id);
        if let Some(id) = id {
            self.files.insert(digest.to_owned(), id);
        }
        Ok(id)
    }

    /// Whether the owner has a file with a digest; counts it as existing.
    pub(crate) fn has_file(&mut self, digest: &str) -> Result<bool, ImportError> {
        let exists = self.find_file(digest)?.is_some();
        if exists {
            self.imported_files.add(true);
        }
        Ok(exists)
    }

    /// Starts a file whose chunks follow.
    pub(crate) fn start_file(&mut self, name: &str, media_type: &str) -> Result<(), ImportError> {
        self.check_cancelled()?;
        if let Some(unfinished) = self.pending_file.take() {
            self.abort_upload(unfinished);
        }
        let id = self.context.executor.clock().new_id();
        let upload = self.runtime.block_on(self.context.files.begin_upload(id));
        self.pending_file = Some(PendingFile {
            id,
            name: domain::file::file_name(name).unwrap_or_else(|_| "file".to_owned()),
            media_type: media_type.to_owned(),
            upload: upload.map_err(upload_error)?,
        });
        Ok(())
    }

    /// Writes bytes of the file to the store, up to the size limit; returns whether to continue.
    pub(crate) fn write_chunk(&mut self, chunk: &[u8]) -> Result<bool, ImportError> {
        let Some(file) = &mut self.pending_file else {
            return Ok(false);
        };
        let limit = self.context.max_file;
        if file.upload.size() + chunk.len() as u64 <= limit {
            let written = self.runtime.block_on(file.upload.write(chunk));
            if let Err(error) = written {
                self.abort_file();
                return Err(upload_error(error));
            }
            return Ok(true);
        }
        if let Some(name) = self.abort_file() {
            self.reject("file", &format!("it has more than {limit} bytes"));
            self.add_missing_file(&name);
        }
        Ok(false)
    }

    /// Stores the file unless the owner has it; returns its digest, or `None` if it cannot be stored.
    pub(crate) fn finish_file(&mut self) -> Result<Option<String>, ImportError> {
        let Some(file) = self.pending_file.take() else {
            return Ok(None);
        };
        let runtime = self.runtime.clone();
        let stored = runtime
            .block_on(file.upload.finish())
            .map_err(upload_error)?;
        let new_file = UploadFile {
            id: file.id,
            owner_id: self.owner,
            role: self.role,
            name: file.name,
            media_type: MediaType::from_name(&file.media_type),
            size: stored.size,
            sha256: stored.sha256,
            content_key: stored.content_key,
        };
        runtime.block_on(self.store_file(new_file))
    }

    /// Aborts the current file; returns its name.
    pub(crate) fn abort_file(&mut self) -> Option<String> {
        let file = self.pending_file.take()?;
        let name = file.name.clone();
        self.abort_upload(file);
        Some(name)
    }

    fn abort_upload(&self, file: PendingFile) {
        self.runtime.block_on(file.upload.abort());
    }

    async fn store_file(&mut self, file: UploadFile) -> Result<Option<String>, ImportError> {
        let (id, digest, name) = (file.id, file.sha256.clone(), file.name.clone());
        let command = file.clone();
        let execution = Execution::new(self.execution_context(), vec![step_on_new(id, command)]);
        let execution = with_upload(execution, &file, self.context.file_quota);
        match self.context.executor.execute(execution).await {
            Ok(_) => {
                self.files.insert(digest.clone(), id);
                self.imported_files.new += 1;
                return Ok(Some(digest));
            }
            Err(ExecutorError::Reserved(_)) => self.imported_files.existing += 1,
            Err(ExecutorError::WriteRefused(QUOTA_EXCEEDED)) => {
                self.context.files.discard(id).await;
                self.reject("file", &"your file quota is used up");
                self.add_missing_file(&name);
                return Ok(None);
            }
            Err(error) => {
                let result = self.reject_command("file", error);
                self.context.files.discard(id).await;
                return result.map(|()| None);
            }
        }
        self.context.files.discard(id).await;
        Ok(Some(digest))
    }
}

/// A file that is being uploaded.
pub(super) struct PendingFile {
    id: Uuid,
    name: String,
    media_type: String,
    upload: Upload,
}

fn upload_error(error: FilesError) -> ImportError {
    match error {
        FilesError::Log(error) => error.into(),
        FilesError::Full => ImportError::Unreadable("the disk of the server is full".to_owned()),
        error => {
            tracing::warn!(%error, "an import was interrupted; it will be retried");
            retry_later().into()
        }
    }
}
