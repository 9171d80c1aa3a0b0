//! Documents of knowledge bases. Readers of the knowledge base can read them; its owner can change them.

mod request;
mod write;

use domain::Subject;
use domain::document::{Document, DocumentCommand};
use eventstore::executor::step;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};
use projections::document::{DocumentView, passages, queries};
use projections::file::claims::with_release;
use projections::file::queries as files;
use uuid::Uuid;

pub(crate) use self::request::ChunkResource;
use self::request::{DocumentResource, Processing};
use self::write::{
    Upload, add, find_existing, remove_unused, replace, require_base_step, require_file_step,
    upload,
};
use crate::file::content::{Content, serve_content};
use crate::file::{self, MultipartBody};
use crate::http::{Ctx, List, NoContent, Problem, Single, Tag, Unversioned};
use crate::knowledge;
use crate::state::App;

#[derive(Debug, Clone, Copy)]
pub struct DocumentApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Knowledge")]
impl DocumentApi {
    /// Lists the documents of a knowledge base.
    ///
    /// In the order in which they were added.
    #[oai(
        path = "/knowledge-bases/:id/documents",
        method = "get",
        operation_id = "listDocuments"
    )]
    #[allow(
        clippy::too_many_arguments,
        reason = "each is a parameter of the operation"
    )]
    async fn list_documents(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        /// Only documents with this status: `queued`, `processing`, `ready` or `failed`.
        status: Query<Option<String>>,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<DocumentResource>>, Problem> {
        let status = status.0.filter(|status| !status.contains('\0'));
        let query = format!("documents {} {status:?}", id.0);
        let page = ctx.page(query, limit.0, cursor.0.as_deref())?;
        ctx.list(page, async |after, limit| {
            knowledge::find(&ctx, id.0).await?;
            let page = queries::list(&ctx.pool, id.0, status.as_deref(), after, limit).await?;
            Ok::<_, Problem>(page)
        })
        .await
    }

    /// Adds a document to a knowledge base.
    ///
    /// Uploading the same bytes under the same name again returns the existing document.
    #[oai(
        path = "/knowledge-bases/:id/documents",
        method = "post",
        operation_id = "addDocument"
    )]
    async fn add_document(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        body: MultipartBody,
    ) -> Result<Processing, Problem> {
        let _caller = &ctx.caller;
        ctx.catch_up().await?;
        knowledge::find_owned(&ctx, id.0).await?;
        let (key, uploaded) = match upload(&ctx, body).await? {
            Upload::Repeated(Some(document_id), _) => {
                return processing_reply(&ctx, document_id).await;
            }
            Upload::Repeated(None, bytes) => {
                let document_id = find_existing(&ctx, id.0, &bytes).await?;
                return processing_reply(&ctx, document_id).await;
            }
            Upload::Stored(key, uploaded) => (key, uploaded),
        };
        let document_id = add(&ctx, id.0, (uploaded, key)).await?;
        processing_reply(&ctx, document_id).await
    }

    /// Reads a document.
    ///
    /// `status` shows whether processing has finished.
    #[oai(path = "/documents/:id", method = "get", operation_id = "getDocument")]
    async fn get_document(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<Single<DocumentResource>, Problem> {
        ctx.get(find(&ctx, id.0)).await
    }

    /// Downloads the file of a document.
    ///
    /// The bytes as they were uploaded, as an attachment that no browser runs. Supports a single byte range.
    #[oai(
        path = "/documents/:id/content",
        method = "get",
        operation_id = "getDocumentContent"
    )]
    async fn get_document_content(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        /// Such as `bytes=0-1023`; several ranges are answered with the whole file.
        #[oai(name = "Range")]
        range: Header<Option<String>>,
    ) -> Result<Content, Problem> {
        ctx.read_position().await?;
        let document = find(&ctx, id.0).await?;
        let file = files::find_many(&ctx.pool, &[document.file_id])
            .await?
            .pop();
        serve_content(
            &ctx.app,
            ctx.caller.id,
            file.ok_or_else(Problem::not_found)?,
            range.0.as_deref(),
        )
        .await
    }

    /// Uploads a new version of a document.
    ///
    /// Searches find the passages of the previous version until the new ones are ready.
    #[oai(
        path = "/documents/:id/content",
        method = "put",
        operation_id = "replaceDocument"
    )]
    async fn replace_document(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        body: MultipartBody,
    ) -> Result<Processing, Problem> {
        let _caller = &ctx.caller;
        ctx.catch_up().await?;
        let document = find_owned(&ctx, id.0).await?;
        match upload(&ctx, body).await? {
            Upload::Repeated(..) => {}
            Upload::Stored(key, uploaded) if uploaded.id == document.file_id => {
                file::record_unchanged(&ctx, key).await?;
            }
            Upload::Stored(key, uploaded) => {
                replace(&ctx, &document, (uploaded, key)).await?;
                remove_unused(&ctx, document.file_id, id.0).await?;
            }
        }
        processing_reply(&ctx, id.0).await
    }

    /// Lists the passages of a document.
    ///
    /// The passages that searches find, in the order of the document.
    #[oai(
        path = "/documents/:id/chunks",
        method = "get",
        operation_id = "listChunks"
    )]
    #[allow(
        clippy::too_many_arguments,
        reason = "each is a parameter of the operation"
    )]
    async fn list_chunks(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        /// Starts the page a little before this passage.
        around: Query<Option<Uuid>>,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<ChunkResource>>, Problem> {
        let query = format!("chunks {}", id.0);
        let page = ctx.page(query, limit.0, cursor.0.as_deref())?;
        ctx.list(page, async |after, limit| {
            let document = find(&ctx, id.0).await?;
            let after = match (after, around.0) {
                (None, Some(around)) => Some(before_passage(&ctx, document.id, around).await?),
                (after, _) => after,
            };
            let page = passages::list(&ctx.pool, document.id, after, limit).await?;
            Ok::<_, Problem>(page)
        })
        .await
    }

    /// Processes a document again.
    ///
    /// Uses the current settings of the knowledge base.
    #[oai(
        path = "/documents/:id/reprocess",
        method = "post",
        operation_id = "reprocessDocument"
    )]
    async fn reprocess_document(&self, ctx: Ctx, id: Path<Uuid>) -> Result<Processing, Problem> {
        let caller = &ctx.caller;
        ctx.catch_up().await?;
        let document = find_owned(&ctx, id.0).await?;
        let command = DocumentCommand::ReprocessDocument {};
        let steps = vec![
            require_base_step(caller, document.knowledge_base_id),
            step::<Document>(id.0, ctx.meta.expected(), command),
        ];
        ctx.execute(ctx.execution(b"", steps)).await?;
        processing_reply(&ctx, id.0).await
    }

    /// Deletes a document.
    ///
    /// The document is no longer found; its encryption key and its file are destroyed.
    #[oai(
        path = "/documents/:id",
        method = "delete",
        operation_id = "deleteDocument"
    )]
    async fn delete_document(&self, ctx: Ctx, id: Path<Uuid>) -> Result<NoContent, Problem> {
        ctx.catch_up().await?;
        if let Some(first) = ctx.find_repeated(b"").await? {
            return Ok(NoContent::at(first.position));
        }
        let document = find_owned(&ctx, id.0).await?;
        let steps = vec![
            require_file_step(id.0, document.file_id),
            ctx.step::<Document>(id.0, DocumentCommand::DeleteDocument {}),
        ];
        let execution = ctx
            .execution(b"", steps)
            .with_key_destruction(&Subject::new("document", id.0));
        let execution = with_release(execution, document.knowledge_base_id, document.file_id);
        let committed = ctx.execute(execution).await?;
        remove_unused(&ctx, document.file_id, id.0).await?;
        ctx.catch_up().await?;
        Ok(NoContent::at(committed.position))
    }
}

/// Number of passages that a page shows before the requested one.
const BEFORE: i32 = 2;

/// The number after which a page begins that shows a passage with some of those before it.
async fn before_passage(app: &App, document_id: Uuid, id: Uuid) -> Result<i32, Problem> {
    let passage = passages::find_many(&app.pool, &[id]).await?.pop();
    match passage.filter(|passage| passage.document_id == document_id) {
        Some(passage) => Ok(passage.number - 1 - BEFORE),
        None => Err(Problem::invalid(
            "around",
            "unknown_chunk",
            "the document has no such passage",
        )),
    }
}

async fn find(ctx: &Ctx, id: Uuid) -> Result<DocumentView, Problem> {
    queries::find(&ctx.pool, ctx.caller.id, id)
        .await?
        .ok_or_else(Problem::not_found)
}

async fn find_owned(ctx: &Ctx, id: Uuid) -> Result<DocumentView, Problem> {
    let document = find(ctx, id).await?;
    knowledge::find_owned(ctx, document.knowledge_base_id).await?;
    Ok(document)
}

async fn processing_reply(ctx: &Ctx, id: Uuid) -> Result<Processing, Problem> {
    let position = ctx.catch_up().await?;
    let document = find(ctx, id).await?;
    Ok(Processing::new(document, position))
}
