//! What adding, replacing and deleting documents have in common: files that are claimed, and the bases they belong to.

use domain::assistant::Editor;
use domain::document::{Document, DocumentCommand, SourceFile};
use domain::file::{File, FileCommand, MediaType, file_name};
use domain::knowledge::{KnowledgeBase, KnowledgeCommand};
use eventstore::executor::{Step, step};
use eventstore::idempotency::Idempotency;
use eventstore::{Execution, ExecutorError};
use poem::http::StatusCode;
use projections::document::{DocumentView, queries};
use projections::file::claims::{DOCUMENT, FILE_GONE, claiming, releasing};
use projections::file::{FileView, IN_USE, deletion_unless_used, queries as files};
use uuid::Uuid;

use crate::auth::Caller;
use crate::file::{self, MultipartBody, receive};
use crate::head::Head;
use crate::problem::Problem;
use crate::state::App;

/// What came of an upload.
pub(super) enum Upload {
    /// The same request was answered before: the document that it made or changed, unless it found it as it should be.
    Repeated(Option<Uuid>, Bytes),
    Kept(Option<Idempotency>, FileView),
}

/// The SHA-256 and the name of an uploaded file.
pub(super) struct Bytes {
    sha256: String,
    name: String,
}

/// Receives the file of a document and keeps it. The request's key is for the command on the document: bytes that are
/// sent twice are one file anyway.
pub(super) async fn upload(
    app: &App,
    caller: &Caller,
    head: &Head,
    body: MultipartBody,
) -> Result<Upload, Problem> {
    let received = receive(app, caller, body).await?;
    let key = head.idempotency(caller, received.said().as_bytes());
    let first = app.repeated(key.clone()).await;
    if !matches!(first, Ok(None)) {
        app.files.discard(received.file.id).await;
    }
    if let Some(first) = first? {
        let changed = first.events.first().map(|event| event.aggregate_id);
        let (sha256, name) = (received.file.sha256, received.file.name);
        return Ok(Upload::Repeated(changed, Bytes { sha256, name }));
    }
    let (file, _) = file::keep(app, caller, head, received, None).await?;
    Ok(Upload::Kept(key, file))
}

/// Makes a document of a file, or finds the one that is made of it already.
pub(super) async fn add(
    app: &App,
    caller: &Caller,
    head: &Head,
    base: Uuid,
    (file, key): (FileView, Option<Idempotency>),
) -> Result<Uuid, Problem> {
    // Documents that were added before they claimed their files are in the view alone.
    if let Some(known) = queries::of_file(&app.pool, base, file.id).await? {
        file::unchanged(app, caller, head, key).await?;
        return Ok(known);
    }
    let (document_id, file_id) = (Uuid::now_v7(), file.id);
    let command = DocumentCommand::AddDocument {
        document_id,
        knowledge_base_id: base,
        added_by: caller.id,
        source: source(file),
    };
    let steps = vec![
        in_base(caller, base),
        step::<Document>(document_id, None, command),
    ];
    let execution = Execution {
        idempotency: key.clone(),
        ..Execution::new(head.context(caller), steps)
    };
    let execution = claiming(execution, base, file_id);
    match app.try_execute(caller.id, execution).await {
        Ok(committed) => Ok(committed
            .events
            .first()
            .map_or(document_id, |event| event.aggregate_id)),
        // Another request was quicker: what it has made is what this one asks for.
        Err(ExecutorError::Reserved(DOCUMENT)) => {
            app.read_position(caller.id, Some(app.feed.head())).await?;
            let known = queries::of_file(&app.pool, base, file_id).await?;
            let known = known.ok_or_else(|| {
                Problem::unavailable(
                    "contended",
                    "this document is just being changed; try again",
                )
            })?;
            file::unchanged(app, caller, head, key).await?;
            Ok(known)
        }
        Err(error) => Err(refused(error)),
    }
}

/// The document of a knowledge base that is made of a file of the caller's.
pub(super) async fn made_before(
    app: &App,
    caller: &Caller,
    base: Uuid,
    Bytes { sha256, name }: &Bytes,
) -> Result<Uuid, Problem> {
    let name = file_name(name).map_err(Problem::refused)?;
    let file = files::named(&app.pool, caller.id, sha256, &name).await?;
    let file = file.ok_or_else(Problem::not_found)?;
    queries::of_file(&app.pool, base, file.id)
        .await?
        .ok_or_else(Problem::not_found)
}

/// Makes a document of another file.
pub(super) async fn replace(
    app: &App,
    caller: &Caller,
    head: &Head,
    before: &DocumentView,
    (file, key): (FileView, Option<Idempotency>),
) -> Result<(), Problem> {
    let (base, file_id) = (before.knowledge_base_id, file.id);
    let command = DocumentCommand::ReplaceDocument {
        document_id: before.id,
        source: source(file),
    };
    let steps = vec![
        in_base(caller, base),
        made_of(before.id, before.file_id),
        step::<Document>(before.id, head.expected(), command),
    ];
    let execution = Execution {
        idempotency: key,
        ..Execution::new(head.context(caller), steps)
    };
    let execution = releasing(execution, base, before.file_id);
    let execution = claiming(execution, base, file_id);
    match app.try_execute(caller.id, execution).await {
        Ok(_) => Ok(()),
        Err(ExecutorError::Reserved(DOCUMENT)) => Err(Problem::new(
            StatusCode::CONFLICT,
            "document_exists",
            "another document of this knowledge base has these bytes and this name; delete that one first",
        )),
        Err(error) => Err(refused(error)),
    }
}

fn refused(error: ExecutorError) -> Problem {
    match error {
        ExecutorError::ExtraRefused(FILE_GONE) => {
            Problem::unavailable("contended", "this file is just being deleted; try again")
        }
        error => error.into(),
    }
}

/// Refuses what follows where the knowledge base is gone, or is somebody else's: its aggregate knows, a view may not.
pub(super) fn in_base(caller: &Caller, id: Uuid) -> Box<dyn Step> {
    let editor: Editor = caller.editor();
    step::<KnowledgeBase>(id, None, KnowledgeCommand::RequireEditor { editor })
}

/// Refuses what follows where the document is made of another file by now.
pub(super) fn made_of(id: Uuid, file_id: Uuid) -> Box<dyn Step> {
    step::<Document>(id, None, DocumentCommand::RequireFile { file_id })
}

/// Deletes the file of a document that nothing else is made of, where it is the caller's.
pub(super) async fn remove_unused(
    app: &App,
    caller: &Caller,
    head: &Head,
    file_id: Uuid,
    document_id: Uuid,
) -> Result<(), Problem> {
    app.read_position(caller.id, None).await?;
    let Some(file) = files::find(&app.pool, caller.id, file_id).await? else {
        return Ok(());
    };
    if files::is_used(&app.pool, file_id, document_id).await? {
        return Ok(());
    }
    let command = FileCommand::DeleteFile { actor: caller.id };
    let steps: Vec<Box<dyn Step>> = vec![step::<File>(file_id, None, command)];
    let execution = Execution::new(head.context(caller), steps);
    let execution = deletion_unless_used(execution, &file);
    match app.try_execute(caller.id, execution).await {
        Ok(_) => file::forget(app, file_id).await,
        // It has just become a document again, or somebody else has deleted it.
        Err(ExecutorError::ExtraRefused(IN_USE) | ExecutorError::Refused(_)) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

fn source(file: FileView) -> SourceFile {
    SourceFile {
        file_id: file.id,
        name: file.name,
        media_type: MediaType::from_name(&file.media_type),
        size: u64::try_from(file.size).unwrap_or(0),
    }
}
