//! Documents of knowledge bases. Readers of the knowledge base can read them; its owner can change them.

mod request;
mod write;

use std::sync::Arc;

use domain::Subject;
use domain::document::{Document, DocumentCommand};
use eventstore::executor::step;
use poem::Result;
use poem::web::Data;
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
use crate::auth::{Auth, Caller};
use crate::cursor::{self, Query as CursorQuery};
use crate::file::content::{Content, serve_content};
use crate::file::{self, MultipartBody};
use crate::knowledge;
use crate::problem::Problem;
use crate::reply::{List, NoContent, Single, Unversioned};
use crate::request_meta::RequestMeta;
use crate::state::App;
use crate::tag::Tag;

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
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
        /// Only documents with this status: `queued`, `processing`, `ready` or `failed`.
        status: Query<Option<String>>,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<DocumentResource>>, Problem> {
        let limit = cursor::limit(limit.0)?;
        let status = status.0.filter(|status| !status.contains('\0'));
        let text = format!("documents {} {status:?}", id.0);
        let query = CursorQuery {
            reader: auth.0.id,
            text: &text,
        };
        let after = app.parse_cursor(query, cursor.0.as_deref())?;
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        knowledge::find(&app, &auth.0, id.0).await?;
        let page = queries::list(&app.pool, id.0, status.as_deref(), after, limit).await?;
        let list = List {
            next_cursor: page.next.and_then(|id| app.cursor(query, &id)),
            items: page.items.into_iter().map(Into::into).collect(),
        };
        Ok(Unversioned::new(list, position))
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
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
        body: MultipartBody,
    ) -> Result<Processing, Problem> {
        let caller = auth.0;
        app.read_position(caller.id, None).await?;
        knowledge::find_owned(&app, &caller, id.0).await?;
        let (key, uploaded) = match upload(&app, &caller, &meta, body).await? {
            Upload::Repeated(Some(document_id), _) => {
                return processing_reply(&app, &caller, document_id).await;
            }
            Upload::Repeated(None, bytes) => {
                let document_id = find_existing(&app, &caller, id.0, &bytes).await?;
                return processing_reply(&app, &caller, document_id).await;
            }
            Upload::Stored(key, uploaded) => (key, uploaded),
        };
        let document_id = add(&app, &caller, &meta, id.0, (uploaded, key)).await?;
        processing_reply(&app, &caller, document_id).await
    }

    /// Reads a document.
    ///
    /// `status` shows whether processing has finished.
    #[oai(path = "/documents/:id", method = "get", operation_id = "getDocument")]
    async fn get_document(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<Single<DocumentResource>, Problem> {
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let document = find(&app, &auth.0, id.0).await?;
        let version = document.version;
        Ok(Single::new(document.into(), version, position))
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
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
        /// Such as `bytes=0-1023`; several ranges are answered with the whole file.
        #[oai(name = "Range")]
        range: Header<Option<String>>,
    ) -> Result<Content, Problem> {
        app.read_position(auth.0.id, meta.min_position).await?;
        let document = find(&app, &auth.0, id.0).await?;
        let file = files::find_many(&app.pool, &[document.file_id])
            .await?
            .pop();
        serve_content(
            &app,
            auth.0.id,
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
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
        body: MultipartBody,
    ) -> Result<Processing, Problem> {
        let caller = auth.0;
        app.read_position(caller.id, None).await?;
        let document = find_owned(&app, &caller, id.0).await?;
        match upload(&app, &caller, &meta, body).await? {
            Upload::Repeated(..) => {}
            Upload::Stored(key, uploaded) if uploaded.id == document.file_id => {
                file::record_unchanged(&app, &caller, &meta, key).await?;
            }
            Upload::Stored(key, uploaded) => {
                replace(&app, &caller, &meta, &document, (uploaded, key)).await?;
                remove_unused(&app, &caller, &meta, document.file_id, id.0).await?;
            }
        }
        processing_reply(&app, &caller, id.0).await
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
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
        /// Starts the page a little before this passage.
        around: Query<Option<Uuid>>,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<ChunkResource>>, Problem> {
        let limit = cursor::limit(limit.0)?;
        let text = format!("chunks {}", id.0);
        let query = CursorQuery {
            reader: auth.0.id,
            text: &text,
        };
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let document = find(&app, &auth.0, id.0).await?;
        let mut after = app.parse_cursor(query, cursor.0.as_deref())?;
        if let (None, Some(around)) = (after, around.0) {
            let passage = passages::find_many(&app.pool, &[around]).await?.pop();
            let passage = passage.filter(|passage| passage.document_id == document.id);
            let passage = passage.ok_or_else(|| {
                Problem::invalid(
                    "around",
                    "unknown_chunk",
                    "the document has no such passage",
                )
            })?;
            after = Some(passage.number - 1 - BEFORE);
        }
        let page = passages::list(&app.pool, document.id, after, limit).await?;
        let list = List {
            next_cursor: page.next.and_then(|number| app.cursor(query, &number)),
            items: page.items.into_iter().map(Into::into).collect(),
        };
        Ok(Unversioned::new(list, position))
    }

    /// Processes a document again.
    ///
    /// Uses the current settings of the knowledge base.
    #[oai(
        path = "/documents/:id/reprocess",
        method = "post",
        operation_id = "reprocessDocument"
    )]
    async fn reprocess_document(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<Processing, Problem> {
        let caller = auth.0;
        app.read_position(caller.id, None).await?;
        let document = find_owned(&app, &caller, id.0).await?;
        let command = DocumentCommand::ReprocessDocument {};
        let steps = vec![
            require_base_step(&caller, document.knowledge_base_id),
            step::<Document>(id.0, meta.expected(), command),
        ];
        app.execute(caller.id, meta.execution(&caller, b"", steps))
            .await?;
        processing_reply(&app, &caller, id.0).await
    }

    /// Deletes a document.
    ///
    /// The document is no longer found; its encryption key and its file are destroyed.
    #[oai(
        path = "/documents/:id",
        method = "delete",
        operation_id = "deleteDocument"
    )]
    async fn delete_document(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<NoContent, Problem> {
        let caller = auth.0;
        app.read_position(caller.id, None).await?;
        if let Some(first) = app.find_repeated(meta.idempotency(&caller, b"")).await? {
            return Ok(NoContent::at(first.position));
        }
        let document = find_owned(&app, &caller, id.0).await?;
        let delete = DocumentCommand::DeleteDocument {};
        let steps = vec![
            require_file_step(id.0, document.file_id),
            step::<Document>(id.0, meta.expected(), delete),
        ];
        let subject = Subject::new("document", id.0);
        let execution = meta
            .execution(&caller, b"", steps)
            .with_key_destruction(&subject);
        let execution = with_release(execution, document.knowledge_base_id, document.file_id);
        let committed = app.execute(caller.id, execution).await?;
        app.keys.forget(&subject);
        remove_unused(&app, &caller, &meta, document.file_id, id.0).await?;
        app.wait_for_views(caller.id).await?;
        Ok(NoContent::at(committed.position))
    }
}

/// Number of passages that a page shows before the requested one.
const BEFORE: i32 = 2;

async fn find(app: &App, caller: &Caller, id: Uuid) -> Result<DocumentView, Problem> {
    queries::find(&app.pool, caller.id, id)
        .await?
        .ok_or_else(Problem::not_found)
}

async fn find_owned(app: &App, caller: &Caller, id: Uuid) -> Result<DocumentView, Problem> {
    let document = find(app, caller, id).await?;
    knowledge::find_owned(app, caller, document.knowledge_base_id).await?;
    Ok(document)
}

async fn processing_reply(app: &App, caller: &Caller, id: Uuid) -> Result<Processing, Problem> {
    let position = app.read_position(caller.id, None).await?;
    let document = find(app, caller, id).await?;
    Ok(Processing::new(document, position))
}
