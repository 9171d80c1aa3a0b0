//! Files: uploaded as a stream, stored once per owner, served so that a browser never runs them.

pub(crate) mod content;
mod receive;
mod request;
mod sniff;
mod unreadable;

use std::sync::Arc;

use domain::file::{File, FileCommand, FileEvent, NewFile, file_name};
use domain::{Event, Subject};
use eventstore::executor::step;
use eventstore::idempotency::Idempotency;
use eventstore::{Execution, ExecutorError};
use poem::Result;
use poem::http::StatusCode;
use poem::web::Data;
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
use crate::auth::{Auth, Caller};
use crate::cursor::{self, Query as CursorQuery};
use crate::problem::Problem;
use crate::reply::{List, NoContent, Single, Unversioned};
use crate::request_meta::RequestMeta;
use crate::state::App;
use crate::tag::Tag;

#[derive(Debug, Clone, Copy)]
pub struct FileApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Files")]
impl FileApi {
    /// Uploads a file.
    ///
    /// Send one part named `file`, with a file name. Uploading the same bytes under the same name again returns the
    /// existing file; under another name they are a new file.
    #[oai(path = "/files", method = "post", operation_id = "uploadFile")]
    async fn upload_file(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        body: MultipartBody,
    ) -> Result<Uploaded, Problem> {
        let received = receive(&app, &auth.0, body).await?;
        let key = meta.idempotency(&auth.0, received.fingerprint().as_bytes());
        let (file, is_new) = record_upload(&app, &auth.0, &meta, received, key).await?;
        Ok(Uploaded::new(file, is_new, app.feed.head()))
    }

    /// Lists the caller's files.
    ///
    /// The newest file comes first.
    #[oai(path = "/files", method = "get", operation_id = "listFiles")]
    async fn list_files(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<FileResource>>, Problem> {
        let limit = cursor::limit(limit.0)?;
        let query = CursorQuery {
            reader: auth.0.id,
            text: "files",
        };
        let before = app.parse_cursor(query, cursor.0.as_deref())?;
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let page = queries::list(&app.pool, auth.0.id, before, limit).await?;
        let list = List {
            next_cursor: page.next.and_then(|id| app.cursor(query, &id)),
            items: page.items.into_iter().map(Into::into).collect(),
        };
        Ok(Unversioned::new(list, position))
    }

    /// Reads the description of a file.
    ///
    /// Name, type, size and digest, and why its text could not be read, if so.
    #[oai(path = "/files/:id", method = "get", operation_id = "getFile")]
    async fn get_file(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<Single<FileResource>, Problem> {
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let file = find(&app, &auth.0, id.0).await?;
        let version = file.version;
        let resource = FileResource {
            unread_reason: text::failure(&app.files, file.id).await?,
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
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
        /// Such as `bytes=0-1023`; several ranges are answered with the whole file.
        #[oai(name = "Range")]
        range: Header<Option<String>>,
    ) -> Result<Content, Problem> {
        app.read_position(auth.0.id, meta.min_position).await?;
        let file = find(&app, &auth.0, id.0).await?;
        serve_content(&app, auth.0.id, file, range.0.as_deref()).await
    }

    /// Deletes a file.
    ///
    /// Destroys its encryption key and deletes its bytes. A file that belongs to a document cannot be deleted.
    #[oai(path = "/files/:id", method = "delete", operation_id = "deleteFile")]
    async fn delete_file(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<NoContent, Problem> {
        app.read_position(auth.0.id, None).await?;
        if let Some(first) = app.find_repeated(meta.idempotency(&auth.0, b"")).await? {
            return Ok(NoContent::at(first.position));
        }
        let file = find(&app, &auth.0, id.0).await?;
        // Documents of earlier versions have no reservation of their file: only the view knows them.
        if queries::is_in_document(&app.pool, file.id).await? {
            return Err(in_use());
        }
        let command = FileCommand::DeleteFile { actor: auth.0.id };
        let steps = vec![step::<File>(file.id, meta.expected(), command)];
        let execution = with_deletion_unless_used(meta.execution(&auth.0, b"", steps), &file);
        let deleted = app.try_execute(auth.0.id, execution).await;
        let committed = deleted.map_err(|error| match error {
            ExecutorError::ExtraRefused(IN_USE) => in_use(),
            error => error.into(),
        })?;
        discard_bytes(&app, file.id).await;
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
pub(crate) async fn find(app: &App, caller: &Caller, id: Uuid) -> Result<FileView, Problem> {
    queries::find(&app.pool, caller.id, id)
        .await?
        .ok_or_else(Problem::not_found)
}

/// Checks attachments: the caller must own them and their text must be readable. Returns each id once.
pub(crate) async fn require_own_files(
    app: &App,
    caller: &Caller,
    ids: Vec<Uuid>,
) -> Result<Vec<Uuid>, Problem> {
    if ids.is_empty() {
        return Ok(ids);
    }
    app.read_position(caller.id, None).await?;
    let found = queries::find_many(&app.pool, &ids).await?;
    let mut own = Vec::new();
    for (index, id) in ids.into_iter().enumerate() {
        let pointer = format!("/attachment_ids/{index}");
        let is_match = |file: &&FileView| file.id == id && file.owner_id == caller.id;
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
    app: &App,
    caller: &Caller,
    meta: &RequestMeta,
    received: Received,
    key: Option<Idempotency>,
) -> Result<(FileView, bool), Problem> {
    let id = received.file.id;
    let known = match app.find_repeated(key.clone()).await {
        Ok(None) => find_same(app, caller, &received.file).await,
        Ok(Some(_)) => Ok(None),
        Err(refused) => Err(refused),
    };
    if !matches!(known, Ok(None)) {
        app.files.discard(id).await;
    }
    if let Some(file) = known? {
        record_unchanged(app, caller, meta, key).await?;
        return Ok((file, false));
    }
    let command = FileCommand::UploadFile(received.file.clone());
    let steps = vec![step::<File>(id, None, command)];
    let execution = Execution {
        idempotency: key.clone(),
        ..Execution::new(meta.context(caller), steps)
    };
    let execution = with_upload(execution, &received.file, app.settings.file_quota);
    let result = app.try_execute(caller.id, execution).await;
    let stored_id = match &result {
        Ok(committed) => committed.events.first().map(|event| event.aggregate_id),
        // The outcome is unknown: a later clean-up deletes files without an event.
        Err(ExecutorError::Append(_) | ExecutorError::Database(_)) => Some(id),
        Err(_) => None,
    };
    if stored_id != Some(id) {
        app.files.discard(id).await;
    }
    match result.map(|committed| committed.events.into_iter().next()) {
        Ok(Some(first)) => {
            app.read_position(caller.id, None).await?;
            let file = find(app, caller, first.aggregate_id).await?;
            // In earlier versions an upload could rename a file, and such a request may be repeated.
            let is_new = matches!(first.event, Event::File(FileEvent::FileUploaded { .. }));
            Ok((file, is_new))
        }
        // Repeats a request that found the file; it may have been deleted in the meantime.
        Ok(None) => {
            let file = find_same(app, caller, &received.file).await?;
            Ok((file.ok_or_else(Problem::not_found)?, false))
        }
        Err(ExecutorError::Reserved("file")) => {
            app.read_position(caller.id, Some(app.feed.head())).await?;
            let gone =
                || Problem::unavailable("contended", "this file is being deleted; try again");
            let file = find_same(app, caller, &received.file)
                .await?
                .ok_or_else(gone)?;
            record_unchanged(app, caller, meta, key).await?;
            Ok((file, false))
        }
        Err(ExecutorError::ExtraRefused(QUOTA_EXCEEDED)) => Err(receive::quota_exceeded(app)),
        Err(error) => Err(error.into()),
    }
}

/// Finds the caller's file with the same bytes and name.
async fn find_same(
    app: &App,
    caller: &Caller,
    file: &NewFile,
) -> Result<Option<FileView>, Problem> {
    app.read_position(caller.id, None).await?;
    let name = file_name(&file.name).map_err(Problem::refused)?;
    Ok(queries::find_by_digest_and_name(&app.pool, caller.id, &file.sha256, &name).await?)
}

/// Records the idempotency key of a request that changed nothing.
pub(crate) async fn record_unchanged(
    app: &App,
    caller: &Caller,
    meta: &RequestMeta,
    key: Option<Idempotency>,
) -> Result<(), Problem> {
    let execution = Execution {
        idempotency: key,
        ..Execution::new(meta.context(caller), vec![])
    };
    app.execute(caller.id, execution).await?;
    Ok(())
}

/// Discards the bytes of a deleted file. If the store is unavailable, a later clean-up deletes them.
pub(crate) async fn discard_bytes(app: &App, id: Uuid) {
    app.keys.forget(&Subject::new("file", id));
    app.files.discard(id).await;
}
