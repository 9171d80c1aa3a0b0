//! Files: uploaded as a stream, stored once per owner, served so that a browser never runs them.

pub(crate) mod content;
mod receive;
mod request;
mod sniff;
mod unreadable;

use domain::file::{File, FileCommand, FileEvent, NewFile, file_name};
use domain::{Event, Subject};
use eventstore::executor::step;
use eventstore::idempotency::Idempotency;
use eventstore::{Execution, ExecutorError};
use poem::Result;
use poem::http::StatusCode;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};
use projections::file::{
    FileView, IN_USE, QUOTA_EXCEEDED, queries, text, with_deletion_unless_used, with_upload,
};
use uuid::Uuid;

use self::content::{Content, serve_content};
pub(crate) use self::receive::{MultipartBody, Received, receive};
pub(crate) use self::request::FileResource;
use self::request::Uploaded;
use crate::http::{Ctx, List, NoContent, Problem, Single, Tag, Unversioned};
use crate::state::App;

#[derive(Debug, Clone, Copy)]
pub struct FileApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Files")]
impl FileApi {
    /// Uploads a file.
    ///
    /// Send one part named `file`, with a file name. Uploading the same bytes under the same name again returns the
    /// existing file; under another name they are a new file.
    #[oai(path = "/files", method = "post", operation_id = "uploadFile")]
    async fn upload_file(&self, ctx: Ctx, body: MultipartBody) -> Result<Uploaded, Problem> {
        let received = receive(&ctx, body).await?;
        let key = ctx
            .meta
            .idempotency(&ctx.caller, received.fingerprint().as_bytes());
        let (file, is_new) = record_upload(&ctx, received, key).await?;
        Ok(Uploaded::new(file, is_new, ctx.feed.head()))
    }

    /// Lists the caller's files.
    ///
    /// The newest file comes first.
    #[oai(path = "/files", method = "get", operation_id = "listFiles")]
    async fn list_files(
        &self,
        ctx: Ctx,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<FileResource>>, Problem> {
        let page = ctx.page("files", limit.0, cursor.0.as_deref())?;
        ctx.list(page, |after, limit| {
            queries::list(&ctx.pool, ctx.caller.id, after, limit)
        })
        .await
    }

    /// Reads the description of a file.
    ///
    /// Name, type, size and digest, and why its text could not be read, if so.
    #[oai(path = "/files/:id", method = "get", operation_id = "getFile")]
    async fn get_file(&self, ctx: Ctx, id: Path<Uuid>) -> Result<Single<FileResource>, Problem> {
        let position = ctx.read_position().await?;
        let file = find(&ctx, id.0).await?;
        let version = file.version;
        let resource = FileResource {
            unread_reason: text::failure(&ctx.files, file.id).await?,
            ..file.into()
        };
        Ok(Single::new(resource, version, position))
    }

    /// Downloads a file.
    ///
    /// The bytes as they were uploaded, as an attachment that no browser runs. Supports a single byte range.
    #[oai(
        path = "/files/:id/content",
        method = "get",
        operation_id = "getFileContent"
    )]
    async fn get_file_content(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        /// Such as `bytes=0-1023`; several ranges are answered with the whole file.
        #[oai(name = "Range")]
        range: Header<Option<String>>,
    ) -> Result<Content, Problem> {
        ctx.read_position().await?;
        let file = find(&ctx, id.0).await?;
        serve_content(&ctx.app, ctx.caller.id, file, range.0.as_deref()).await
    }

    /// Deletes a file.
    ///
    /// Destroys its encryption key and deletes its bytes. A file that belongs to a document cannot be deleted.
    #[oai(path = "/files/:id", method = "delete", operation_id = "deleteFile")]
    async fn delete_file(&self, ctx: Ctx, id: Path<Uuid>) -> Result<NoContent, Problem> {
        ctx.catch_up().await?;
        if let Some(first) = ctx.find_repeated(b"").await? {
            return Ok(NoContent::at(first.position));
        }
        let file = find(&ctx, id.0).await?;
        // Documents of earlier versions have no reservation of their file: only the view knows them.
        if queries::is_in_document(&ctx.pool, file.id).await? {
            return Err(in_use());
        }
        let command = FileCommand::DeleteFile {
            actor: ctx.caller.id,
        };
        let steps = vec![step::<File>(file.id, ctx.meta.expected(), command)];
        let execution = with_deletion_unless_used(ctx.execution(b"", steps), &file);
        let deleted = ctx.try_execute(execution).await;
        let committed = deleted.map_err(|error| match error {
            ExecutorError::ExtraRefused(IN_USE) => in_use(),
            error => error.into(),
        })?;
        discard_bytes(&ctx.app, file.id).await;
        Ok(NoContent::at(committed.position))
    }
}

fn in_use() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        IN_USE,
        "a document of a knowledge base uses this file; delete the document instead",
    )
}

/// Finds a file of the caller.
pub(crate) async fn find(ctx: &Ctx, id: Uuid) -> Result<FileView, Problem> {
    queries::find(&ctx.pool, ctx.caller.id, id)
        .await?
        .ok_or_else(Problem::not_found)
}

/// Checks attachments: the caller must own them and their text must be readable. Returns each id once.
pub(crate) async fn require_own_files(ctx: &Ctx, ids: Vec<Uuid>) -> Result<Vec<Uuid>, Problem> {
    if ids.is_empty() {
        return Ok(ids);
    }
    ctx.catch_up().await?;
    let found = queries::find_many(&ctx.pool, &ids).await?;
    let mut own = Vec::new();
    for (index, id) in ids.into_iter().enumerate() {
        let pointer = format!("/attachment_ids/{index}");
        let is_match = |file: &&FileView| file.id == id && file.owner_id == ctx.caller.id;
        let Some(file) = found.iter().find(is_match) else {
            return Err(Problem::invalid(
                &pointer,
                "unknown_file",
                "you have no file with this id; upload it first",
            ));
        };
        if let Some(why) = unreadable::find_reason(file) {
            return Err(Problem::invalid(&pointer, "unreadable_file", &why));
        }
        if !own.contains(&id) {
            own.push(id);
        }
    }
    Ok(own)
}

/// Records an uploaded file and returns whether it is new. Discards the bytes if the owner has the same file already.
pub(crate) async fn record_upload(
    ctx: &Ctx,
    received: Received,
    key: Option<Idempotency>,
) -> Result<(FileView, bool), Problem> {
    let id = received.file.id;
    let known = match ctx.app.find_repeated(key.clone()).await {
        Ok(None) => find_same(ctx, &received.file).await,
        Ok(Some(_)) => Ok(None),
        Err(refused) => Err(refused),
    };
    if !matches!(known, Ok(None)) {
        ctx.files.discard(id).await;
    }
    if let Some(file) = known? {
        record_unchanged(ctx, key).await?;
        return Ok((file, false));
    }
    let command = FileCommand::UploadFile(received.file.clone());
    let steps = vec![step::<File>(id, None, command)];
    let execution = Execution {
        idempotency: key.clone(),
        ..Execution::new(ctx.meta.context(&ctx.caller), steps)
    };
    let execution = with_upload(execution, &received.file, ctx.settings.file_quota);
    let result = ctx.try_execute(execution).await;
    let stored_id = match &result {
        Ok(committed) => committed.events.first().map(|event| event.aggregate_id),
        // The outcome is unknown: a later clean-up deletes files without an event.
        Err(ExecutorError::Append(_) | ExecutorError::Database(_)) => Some(id),
        Err(_) => None,
    };
    if stored_id != Some(id) {
        ctx.files.discard(id).await;
    }
    match result.map(|committed| committed.events.into_iter().next()) {
        Ok(Some(first)) => {
            ctx.catch_up().await?;
            let file = find(ctx, first.aggregate_id).await?;
            // In earlier versions an upload could rename a file, and such a request may be repeated.
            let is_new = matches!(first.event, Event::File(FileEvent::FileUploaded { .. }));
            Ok((file, is_new))
        }
        // Repeats a request that found the file; it may have been deleted in the meantime.
        Ok(None) => {
            let file = find_same(ctx, &received.file).await?;
            Ok((file.ok_or_else(Problem::not_found)?, false))
        }
        Err(ExecutorError::Reserved("file")) => {
            ctx.app
                .read_position(ctx.caller.id, Some(ctx.feed.head()))
                .await?;
            let gone =
                || Problem::unavailable("contended", "this file is being deleted; try again");
            let file = find_same(ctx, &received.file).await?.ok_or_else(gone)?;
            record_unchanged(ctx, key).await?;
            Ok((file, false))
        }
        Err(ExecutorError::ExtraRefused(QUOTA_EXCEEDED)) => Err(receive::quota_exceeded(&ctx.app)),
        Err(error) => Err(error.into()),
    }
}

/// Finds the caller's file with the same bytes and name.
async fn find_same(ctx: &Ctx, file: &NewFile) -> Result<Option<FileView>, Problem> {
    ctx.catch_up().await?;
    let name = file_name(&file.name).map_err(Problem::refused)?;
    Ok(queries::find_by_digest_and_name(&ctx.pool, ctx.caller.id, &file.sha256, &name).await?)
}

/// Records the idempotency key of a request that changed nothing.
pub(crate) async fn record_unchanged(ctx: &Ctx, key: Option<Idempotency>) -> Result<(), Problem> {
    let execution = Execution {
        idempotency: key,
        ..Execution::new(ctx.meta.context(&ctx.caller), vec![])
    };
    ctx.execute(execution).await?;
    Ok(())
}

/// Discards the bytes of a deleted file. If the store is unavailable, a later clean-up deletes them.
pub(crate) async fn discard_bytes(app: &App, id: Uuid) {
    app.keys.forget(&Subject::new("file", id));
    app.files.discard(id).await;
}
