//! The archive of everything that a user owns, streamed while it is written.

use std::io::{self, Write};
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::{TryStreamExt, stream};
use poem_openapi::payload::Binary;
use projections::assistant::queries as assistants;
use projections::conversation::ConversationView;
use projections::conversation::export;
use projections::file::{FileView, queries as files};
use projections::portable::{
    self, ArchiveManifest, PortableAssistant, PortableDocument, PortableFile,
};
use projections::portable::{ARCHIVE_FORMAT, FORMAT_VERSION, PortableKnowledgeBase};
use projections::user::queries as users;
use projections::{document, knowledge};
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use uuid::Uuid;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use super::json::Json;
use super::{CHUNK, ExportFile, Writer, all_messages, body};
use crate::file::content::content_disposition;
use crate::http::{Caller, Problem};
use crate::limits::ExportPermit;
use crate::state::App;

/// Rows per query.
const PAGE: usize = 100;
/// Chunks that are buffered for the reader of the archive.
const BUFFERED_CHUNKS: usize = 2;

type Failure = Box<dyn std::error::Error + Send + Sync>;
type Zip = ZipWriter<StreamWriter<ChannelWriter>>;

/// Starts a thread that writes the archive of the caller.
pub(super) async fn write(
    export: ExportPermit,
    app: Arc<App>,
    caller: &Caller,
    with_files: bool,
) -> Result<ExportFile, Problem> {
    let id = caller.id;
    let owner = load_owner(&app, id).await?;
    let exported_at = app.clock.now();
    let (sender, chunks) = mpsc::channel(BUFFERED_CHUNKS);
    let runtime = Handle::current();
    let slot = export.slot.clone();
    tokio::task::spawn_blocking(move || {
        // Held until the thread has ended.
        let _slot = slot;
        let channel = ChannelWriter {
            chunks: sender.clone(),
            buffer: Vec::with_capacity(CHUNK),
        };
        let archive = ArchiveWriter {
            app,
            id,
            runtime,
            with_files,
            exported_at,
        };
        if let Err(error) = archive.write(ZipWriter::new_stream(channel), owner) {
            tracing::warn!(user = %id, %error, "writing an archive failed");
            // The reader is gone, or must learn that the archive is incomplete.
            let _ = sender.blocking_send(Err(io::Error::other("the archive is incomplete")));
        }
    });
    let body = stream::unfold(chunks, |mut chunks| async move {
        chunks.recv().await.map(|chunk| (chunk, chunks))
    });
    let name = format!("convosphere-{}.zip", exported_at.format("%Y-%m-%d"));
    Ok(ExportFile::File(
        Binary(body::from_stream(export, body)),
        content_disposition(&name),
        None,
    ))
}

async fn load_owner(app: &App, id: Uuid) -> Result<Value, Problem> {
    let user = users::find(&app.pool, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let preferences = users::preferences(&app.pool, id).await?;
    Ok(json!({
        "id": id, "email": user.email, "display_name": user.display_name, "role": user.role.0,
        "created_at": user.created_at, "preferences": preferences,
    }))
}

/// Writes the archive of one user.
struct ArchiveWriter {
    app: Arc<App>,
    id: Uuid,
    runtime: Handle,
    with_files: bool,
    exported_at: DateTime<Utc>,
}

impl ArchiveWriter {
    /// Blocks, so it runs on a thread of its own: compression takes time, and the reader may be slow.
    fn write(&self, mut zip: Zip, owner: Value) -> Result<(), Failure> {
        let digests = self.conversations(&mut zip)?;
        let files = match self.with_files {
            true => self.files(&mut zip)?,
            false => vec![],
        };
        let manifest = ArchiveManifest {
            format: ARCHIVE_FORMAT.to_owned(),
            version: FORMAT_VERSION,
            exported_at: self.exported_at,
            owner,
            conversations: digests.len() as u64,
            assistants: self.runtime.block_on(self.assistants())?,
            knowledge_bases: self.runtime.block_on(self.knowledge_bases())?,
            files,
            digest: portable::archive_digest(digests),
        };
        zip.start_file(portable::MANIFEST_FILE, compressed())?;
        serde_json::to_writer_pretty(&mut zip, &manifest)?;
        zip.finish()?.into_inner().flush()?;
        Ok(())
    }

    /// Writes all conversations and returns their digests.
    fn conversations(&self, zip: &mut Zip) -> Result<Vec<String>, Failure> {
        let (mut digests, mut before) = (Vec::new(), None);
        loop {
            let page = export::conversations(&self.app.pool, self.id, before, PAGE);
            let page = self.runtime.block_on(page)?;
            let Some(last) = page.last() else {
                return Ok(digests);
            };
            before = Some(last.id);
            for conversation in &page {
                digests.push(self.conversation(zip, conversation)?);
            }
        }
    }

    fn conversation(&self, zip: &mut Zip, view: &ConversationView) -> Result<String, Failure> {
        zip.start_file(
            format!("{}{}.json", portable::CONVERSATIONS_FOLDER, view.id),
            compressed(),
        )?;
        let mut writer = Json::default();
        zip.write_all(writer.begin(view).as_bytes())?;
        let mut pages = all_messages(self.app.pool.clone(), view.id);
        let mut first = true;
        while let Some(page) = self.runtime.block_on(pages.try_next())? {
            for message in &page {
                zip.write_all(writer.message(message, first).as_bytes())?;
                first = false;
            }
        }
        let (end, digest) = writer.finish();
        zip.write_all(end.as_bytes())?;
        Ok(digest)
    }

    fn files(&self, zip: &mut Zip) -> Result<Vec<PortableFile>, Failure> {
        let (mut written, mut before) = (Vec::new(), None);
        loop {
            let page = files::list(&self.app.pool, self.id, before, PAGE);
            let page = self.runtime.block_on(page)?;
            for file in &page.items {
                self.file(zip, file)?;
                written.push(PortableFile {
                    id: file.id,
                    name: file.name.clone(),
                    media_type: file.media_type.clone(),
                    size: u64::try_from(file.size).unwrap_or(0),
                    sha256: file.sha256.clone(),
                    created_at: file.created_at,
                });
            }
            before = page.next;
            if before.is_none() {
                return Ok(written);
            }
        }
    }

    /// Stores files without compression, because most formats are compressed already.
    fn file(&self, zip: &mut Zip, file: &FileView) -> Result<(), Failure> {
        let size = u64::try_from(file.size).unwrap_or(0);
        let stored = compressed().compression_method(CompressionMethod::Stored);
        zip.start_file(format!("{}{}", portable::FILES_FOLDER, file.id), stored)?;
        let chunks = self.app.files.read(file.id, (0, size), size);
        let mut chunks = self.runtime.block_on(chunks)?;
        while let Some(chunk) = self.runtime.block_on(chunks.try_next())? {
            zip.write_all(&chunk)?;
        }
        Ok(())
    }

    async fn assistants(&self) -> Result<Vec<PortableAssistant>, sqlx::Error> {
        let (mut own, mut after) = (Vec::new(), None);
        loop {
            let page = assistants::list(&self.app.pool, self.id, after, PAGE).await?;
            let mine = page.items.into_iter();
            own.extend(mine.filter(|one| one.owner_id == Some(self.id)).map(|one| {
                PortableAssistant {
                    id: one.id,
                    name: one.name,
                    description: one.description,
                    instructions: one.instructions,
                    model: one.model,
                    temperature: one.temperature,
                    max_output_tokens: one.max_output_tokens.and_then(|n| u32::try_from(n).ok()),
                    status: one.status.to_string(),
                    knowledge_base_ids: one.knowledge_base_ids,
                }
            }));
            after = page.next;
            if after.is_none() {
                return Ok(own);
            }
        }
    }

    async fn knowledge_bases(&self) -> Result<Vec<PortableKnowledgeBase>, sqlx::Error> {
        let (mut own, mut after) = (Vec::new(), None);
        loop {
            let page = knowledge::queries::list(&self.app.pool, self.id, None, after, PAGE).await?;
            for base in page.items {
                if base.owner_id == self.id {
                    own.push(PortableKnowledgeBase {
                        id: base.id,
                        documents: self.documents(base.id).await?,
                        name: base.name,
                        description: base.description,
                        tags: base.tags,
                        chunk_tokens: u32::try_from(base.chunk_tokens).unwrap_or(0),
                        chunk_overlap: u32::try_from(base.chunk_overlap).unwrap_or(0),
                    });
                }
            }
            after = page.next;
            if after.is_none() {
                return Ok(own);
            }
        }
    }

    async fn documents(&self, base: Uuid) -> Result<Vec<PortableDocument>, sqlx::Error> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = document::queries::list(&self.app.pool, base, None, after, PAGE).await?;
            all.extend(page.items.into_iter().map(|one| PortableDocument {
                id: one.id,
                name: one.name,
                file_id: one.file_id,
            }));
            after = page.next;
            if after.is_none() {
                return Ok(all);
            }
        }
    }
}

fn compressed() -> SimpleFileOptions {
    SimpleFileOptions::default().large_file(true)
}

/// Sends the archive to its reader in chunks.
struct ChannelWriter {
    chunks: mpsc::Sender<io::Result<Bytes>>,
    buffer: Vec<u8>,
}

impl Write for ChannelWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= CHUNK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let chunk = std::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK));
        let sent = self.chunks.blocking_send(Ok(Bytes::from(chunk)));
        sent.map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }
}
