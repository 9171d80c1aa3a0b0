//! Files that come with what is imported: each is kept once.

use std::io::Read;

use domain::file::{File, FileCommand, MediaType, NewFile};
use eventstore::executor::step_on_new;
use eventstore::files::{FilesError, Upload};
use eventstore::{Execution, ExecutorError};
use projections::file::{QUOTA_EXCEEDED, keeping, queries as files};
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
        let found = files::with_digest(pool, self.owner, digest);
        let found = self.runtime.block_on(found)?.map(|file| file.id);
        if let Some(found) = found {
            self.files.insert(digest.to_owned(), found);
        }
        Ok(found)
    }

    /// Takes a file, unless its owner has it; tells its digest, or nothing where it cannot be taken.
    pub fn file(
        &mut self,
        (name, media_type): (&str, &str),
        reader: &mut dyn Read,
    ) -> Result<Option<String>, Stop> {
        self.go_on()?;
        let name = domain::file::file_name(name).unwrap_or_else(|_| "file".to_owned());
        let id = Uuid::now_v7();
        let runtime = self.runtime.clone();
        let upload = runtime.block_on(self.work.files.begin(id));
        let mut upload = upload.map_err(stopped)?;
        if let Err(fault) = self.pour(&mut upload, reader) {
            runtime.block_on(upload.abort());
            return match fault {
                Poured::Refused(reason) => {
                    self.refuse("file", &reason);
                    self.miss(&name);
                    Ok(None)
                }
                Poured::Store(error) => Err(stopped(error)),
            };
        }
        let stored = runtime.block_on(upload.finish()).map_err(stopped)?;
        let file = NewFile {
            id,
            owner_id: self.owner,
            role: self.role,
            name,
            media_type: MediaType::of(media_type),
            size: stored.size,
            sha256: stored.sha256,
            content_key: stored.content_key,
        };
        runtime.block_on(self.keep(file))
    }

    /// The bytes of a file into the store, within what a file may have.
    fn pour(&self, upload: &mut Upload, reader: &mut dyn Read) -> Result<(), Poured> {
        let mut buffer = vec![0; 256 * 1024];
        loop {
            let read = reader.read(&mut buffer);
            let read = read.map_err(|error| Poured::Refused(format!("unreadable: {error}")))?;
            if read == 0 {
                return Ok(());
            }
            if upload.size() + read as u64 > self.work.max_file {
                let limit = self.work.max_file;
                return Err(Poured::Refused(format!("it has more than {limit} bytes")));
            }
            let written = self.runtime.block_on(upload.write(&buffer[..read]));
            written.map_err(Poured::Store)?;
        }
    }

    async fn keep(&mut self, file: NewFile) -> Result<Option<String>, Stop> {
        let (id, digest, name) = (file.id, file.sha256.clone(), file.name.clone());
        let command = FileCommand::UploadFile(file.clone());
        let execution = Execution::new(self.context(), vec![step_on_new::<File>(id, command)]);
        let execution = keeping(execution, &file, self.work.file_quota);
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

enum Poured {
    Refused(String),
    Store(FilesError),
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
