//! Files: uploaded as a stream, stored once per owner, served so that a browser never runs them.

pub(crate) mod content;
mod delete;
mod download;
mod get;
mod list;
mod receive;
mod sniff;
mod unreadable;
mod upload;
mod wire;

use domain::Event;
use domain::file::{FileEvent, UploadFile, file_name};
use eventstore::command::idempotency::Idempotency;
use eventstore::command::{Committed, step};
use eventstore::{Execution, ExecutorError};
use poem::Result;
use poem_openapi::{OpenApi, Tags};
use projections::file::{FileView, QUOTA_EXCEEDED, queries, with_upload};
use uuid::Uuid;

pub(crate) use self::receive::{MultipartBody, Received, receive};
use crate::http::{Ctx, Problem};

/// The area of the contract.
#[derive(Tags)]
pub(crate) enum Tag {
    /// Uploaded files.
    Files,
}

/// The operations of this feature.
pub(crate) fn operations() -> impl OpenApi {
    (
        upload::Operation,
        list::Operation,
        get::Operation,
        download::Operation,
        delete::Operation,
    )
}

/// Finds a file of the caller.
pub(crate) async fn find(ctx: &Ctx, id: Uuid) -> Result<FileView, Problem> {
    queries::find(&ctx.pool, ctx.caller.id, id)
        .await?
        .ok_or_else(Problem::not_found)
}

/// Checks attachments: the caller must own them and their text must be readable. Returns each id once.
pub(crate) async fn require_own_files(ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Uuid>, Problem> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    ctx.catch_up().await?;
    let found = queries::find_many(&ctx.pool, ids).await?;
    let mut own = Vec::new();
    for (index, id) in ids.iter().copied().enumerate() {
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
    let result = execute_upload(ctx, &received.file, key.clone()).await;
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
        Err(ExecutorError::WriteRefused(QUOTA_EXCEEDED)) => Err(receive::quota_exceeded(&ctx.app)),
        Err(error) => Err(error.into()),
    }
}

/// Executes the upload. Discards the bytes if another file, or none, was recorded.
async fn execute_upload(
    ctx: &Ctx,
    file: &UploadFile,
    key: Option<Idempotency>,
) -> Result<Committed, ExecutorError> {
    let execution = Execution {
        idempotency: key,
        ..Execution::new(
            ctx.meta.context(&ctx.caller),
            vec![step(file.id, None, file.clone())],
        )
    };
    let execution = with_upload(execution, file, ctx.settings.file_quota);
    let result = ctx.try_execute(execution).await;
    let stored_id = match &result {
        Ok(committed) => committed.events.first().map(|event| event.aggregate_id),
        // The outcome is unknown: a later clean-up deletes files without an event.
        Err(ExecutorError::Append(_) | ExecutorError::Database(_)) => Some(file.id),
        Err(_) => None,
    };
    if stored_id != Some(file.id) {
        ctx.files.discard(file.id).await;
    }
    result
}

/// Finds the caller's file with the same bytes and name.
async fn find_same(ctx: &Ctx, file: &UploadFile) -> Result<Option<FileView>, Problem> {
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
