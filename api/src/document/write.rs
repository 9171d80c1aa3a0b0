//! Adding, replacing and deleting documents, together with their files.

use domain::assistant::Editor;
use domain::document::{AddDocument, ReplaceDocument, RequireFile, SourceFile};
use domain::file::{DeleteFile, MediaType, file_name};
use domain::knowledge::RequireEditor;
use eventstore::command::idempotency::Idempotency;
use eventstore::command::{Step, step};
use eventstore::{Execution, ExecutorError};
use poem::http::StatusCode;
use projections::document::{DocumentView, queries};
use projections::file::document_claim::{DOCUMENT_CLAIM, with_claim, with_release};
use projections::file::{FILE_GONE, FileView, IN_USE, queries as files, with_deletion_unless_used};
use uuid::Uuid;

use crate::file::{self, MultipartBody, receive};
use crate::http::{Caller, Ctx, Problem};

/// The outcome of an upload.
pub(super) enum Upload {
    /// The request repeats an earlier one. Names the document that the earlier one created or changed; none if it
    /// changed nothing.
    Repeated(Option<Uuid>, FileIdentity),
    Stored(Option<Idempotency>, FileView),
}

/// SHA-256 and name of an uploaded file, which identify it among the files of its owner.
pub(super) struct FileIdentity {
    sha256: String,
    name: String,
}

/// Receives and stores the file of a document. The idempotency key of the request is left for the command on the
/// document: bytes that are sent twice are one file anyway.
pub(super) async fn upload(ctx: &Ctx, body: MultipartBody) -> Result<Upload, Problem> {
    let received = receive(ctx, body).await?;
    let key = ctx
        .meta
        .idempotency(&ctx.caller, received.fingerprint().as_bytes());
    let first = ctx.app.find_repeated(key.clone()).await;
    if !matches!(first, Ok(None)) {
        ctx.files.discard(received.file.id).await;
    }
    if let Some(first) = first? {
        let changed = first.events.first().map(|event| event.aggregate_id);
        let (sha256, name) = (received.file.sha256, received.file.name);
        return Ok(Upload::Repeated(changed, FileIdentity { sha256, name }));
    }
    let (file, _) = file::record_upload(ctx, received, None).await?;
    Ok(Upload::Stored(key, file))
}

/// Creates a document from a file, or finds the existing one.
pub(super) async fn add(
    ctx: &Ctx,
    base: Uuid,
    (file, key): (FileView, Option<Idempotency>),
) -> Result<Uuid, Problem> {
    // Documents of earlier versions have no reservation of their file: only the view knows them.
    if let Some(known) = queries::find_by_file(&ctx.pool, base, file.id).await? {
        file::record_unchanged(ctx, key).await?;
        return Ok(known);
    }
    let (document_id, file_id) = (ctx.clock.new_id(), file.id);
    let command = AddDocument {
        document_id,
        knowledge_base_id: base,
        added_by: ctx.caller.id,
        source: source(file),
    };
    let steps = vec![
        require_base_step(&ctx.caller, base),
        step(document_id, None, command),
    ];
    let execution = Execution {
        idempotency: key.clone(),
        ..Execution::new(ctx.meta.context(&ctx.caller), steps)
    };
    let execution = with_claim(execution, base, file_id);
    match ctx.try_execute(execution).await {
        Ok(committed) => Ok(committed
            .events
            .first()
            .map_or(document_id, |event| event.aggregate_id)),
        // A concurrent request has created the same document.
        Err(ExecutorError::Reserved(DOCUMENT_CLAIM)) => {
            ctx.app
                .read_position(ctx.caller.id, Some(ctx.feed.head()))
                .await?;
            let known = queries::find_by_file(&ctx.pool, base, file_id).await?;
            let known = known.ok_or_else(|| {
                Problem::unavailable("contended", "this document is being changed; try again")
            })?;
            file::record_unchanged(ctx, key).await?;
            Ok(known)
        }
        Err(error) => Err(write_problem(error)),
    }
}

/// Finds the document that was created from a file of the caller.
pub(super) async fn find_existing(
    ctx: &Ctx,
    base: Uuid,
    FileIdentity { sha256, name }: &FileIdentity,
) -> Result<Uuid, Problem> {
    let name = file_name(name).map_err(Problem::refused)?;
    let file = files::find_by_digest_and_name(&ctx.pool, ctx.caller.id, sha256, &name).await?;
    let file = file.ok_or_else(Problem::not_found)?;
    queries::find_by_file(&ctx.pool, base, file.id)
        .await?
        .ok_or_else(Problem::not_found)
}

/// Replaces the file of a document.
pub(super) async fn replace(
    ctx: &Ctx,
    before: &DocumentView,
    (file, key): (FileView, Option<Idempotency>),
) -> Result<(), Problem> {
    let (base, file_id) = (before.knowledge_base_id, file.id);
    let command = ReplaceDocument {
        document_id: before.id,
        source: source(file),
    };
    let steps = vec![
        require_base_step(&ctx.caller, base),
        require_file_step(before.id, before.file_id),
        step(before.id, ctx.meta.expected(), command),
    ];
    let execution = Execution {
        idempotency: key,
        ..Execution::new(ctx.meta.context(&ctx.caller), steps)
    };
    let execution = with_release(execution, base, before.file_id);
    let execution = with_claim(execution, base, file_id);
    match ctx.try_execute(execution).await {
        Ok(_) => Ok(()),
        Err(ExecutorError::Reserved(DOCUMENT_CLAIM)) => Err(Problem::new(
            StatusCode::CONFLICT,
            "document_exists",
            "another document of this knowledge base has the same content and name; delete that one first",
        )),
        Err(error) => Err(write_problem(error)),
    }
}

fn write_problem(error: ExecutorError) -> Problem {
    match error {
        ExecutorError::WriteRefused(FILE_GONE) => {
            Problem::unavailable("contended", "this file is being deleted; try again")
        }
        error => error.into(),
    }
}

/// A step that fails if the knowledge base was deleted or belongs to someone else. The aggregate decides that, because
/// a view may be stale.
pub(super) fn require_base_step(caller: &Caller, id: Uuid) -> Box<dyn Step> {
    let editor: Editor = caller.editor();
    step(id, None, RequireEditor { editor })
}

/// A step that fails if the document has another file by now.
pub(super) fn require_file_step(id: Uuid, file_id: Uuid) -> Box<dyn Step> {
    step(id, None, RequireFile { file_id })
}

/// Deletes a file of the caller that no other document uses.
pub(super) async fn remove_unused(
    ctx: &Ctx,
    file_id: Uuid,
    document_id: Uuid,
) -> Result<(), Problem> {
    ctx.catch_up().await?;
    let Some(file) = files::find(&ctx.pool, ctx.caller.id, file_id).await? else {
        return Ok(());
    };
    if files::is_used_elsewhere(&ctx.pool, file_id, document_id).await? {
        return Ok(());
    }
    let command = DeleteFile {
        actor: Some(ctx.caller.id),
    };
    let steps: Vec<Box<dyn Step>> = vec![step(file_id, None, command)];
    let execution = Execution::new(ctx.meta.context(&ctx.caller), steps);
    let execution = with_deletion_unless_used(execution, &file);
    match ctx.try_execute(execution).await {
        Ok(_) => ctx.files.discard(file_id).await,
        // The file is used by a new document, or was deleted already.
        Err(ExecutorError::WriteRefused(IN_USE) | ExecutorError::Refused(_)) => {}
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
