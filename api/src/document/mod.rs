//! Documents of knowledge bases: who may read a base reads them, who owns it changes them.

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
use projections::file::claims::releasing;
use projections::file::queries as files;
use uuid::Uuid;

pub(crate) use self::request::ChunkResource;
use self::request::{DocumentResource, Processing};
use self::write::{Upload, add, in_base, made_before, made_of, remove_unused, replace, upload};
use crate::answer::{Done, List, One, Plain};
use crate::auth::{Auth, Caller};
use crate::cursor::{self, Query as CursorQuery};
use crate::file::content::{Content, content};
use crate::file::{self, MultipartBody};
use crate::head::Head;
use crate::knowledge;
use crate::problem::Problem;
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
        head: Head,
        id: Path<Uuid>,
        /// Only documents with this status: `queued`, `processing`, `ready` or `failed`.
        status: Query<Option<String>>,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Plain<List<DocumentResource>>, Problem> {
        let limit = cursor::limit(limit.0)?;
        let status = status.0.filter(|status| !status.contains('\0'));
        let text = format!("documents {} {status:?}", id.0);
        let query = CursorQuery {
            reader: auth.0.id,
            text: &text,
        };
        let after = app.parse_cursor(query, cursor.0.as_deref())?;
        let position = app.read_position(auth.0.id, head.min_position).await?;
        knowledge::find(&app, &auth.0, id.0).await?;
        let page = queries::list(&app.pool, id.0, status.as_deref(), after, limit).await?;
        let list = List {
            next_cursor: page.next.and_then(|id| app.cursor(query, &id)),
            items: page.items.into_iter().map(Into::into).collect(),
        };
        Ok(Plain::new(list, position))
    }

    /// Adds a document to a knowledge base.
    ///
    /// The same bytes under the same name are the same document.
    #[oai(
        path = "/knowledge-bases/:id/documents",
        method = "post",
        operation_id = "addDocument"
    )]
    async fn add_document(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        id: Path<Uuid>,
        body: MultipartBody,
    ) -> Result<Processing, Problem> {
        let caller = auth.0;
        app.read_position(caller.id, None).await?;
        knowledge::own(&app, &caller, id.0).await?;
        let (key, uploaded) = match upload(&app, &caller, &head, body).await? {
            Upload::Repeated(Some(document_id), _) => {
                return processing(&app, &caller, document_id).await;
            }
            Upload::Repeated(None, bytes) => {
                let document_id = made_before(&app, &caller, id.0, &bytes).await?;
                return processing(&app, &caller, document_id).await;
            }
            Upload::Kept(key, uploaded) => (key, uploaded),
        };
        let document_id = add(&app, &caller, &head, id.0, (uploaded, key)).await?;
        processing(&app, &caller, document_id).await
    }

    /// Reads a document.
    ///
    /// `status` and `progress` tell how far processing has come.
    #[oai(path = "/documents/:id", method = "get", operation_id = "getDocument")]
    async fn get_document(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        id: Path<Uuid>,
    ) -> Result<One<DocumentResource>, Problem> {
        let position = app.read_position(auth.0.id, head.min_position).await?;
        let document = find(&app, &auth.0, id.0).await?;
        let version = document.version;
        Ok(One::new(document.into(), version, position))
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
        head: Head,
        id: Path<Uuid>,
        /// Such as `bytes=0-1023`; several ranges are answered with the whole file.
        #[oai(name = "Range")]
        range: Header<Option<String>>,
    ) -> Result<Content, Problem> {
        app.read_position(auth.0.id, head.min_position).await?;
        let document = find(&app, &auth.0, id.0).await?;
        let file = files::some(&app.pool, &[document.file_id]).await?.pop();
        content(
            &app,
            auth.0.id,
            file.ok_or_else(Problem::not_found)?,
            range.0.as_deref(),
        )
        .await
    }

    /// Uploads a new version of a document.
    ///
    /// The passages of the former version are found until the new ones are ready.
    #[oai(
        path = "/documents/:id/content",
        method = "put",
        operation_id = "replaceDocument"
    )]
    async fn replace_document(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        id: Path<Uuid>,
        body: MultipartBody,
    ) -> Result<Processing, Problem> {
        let caller = auth.0;
        app.read_position(caller.id, None).await?;
        let document = own(&app, &caller, id.0).await?;
        match upload(&app, &caller, &head, body).await? {
            Upload::Repeated(..) => {}
            Upload::Kept(key, uploaded) if uploaded.id == document.file_id => {
                file::unchanged(&app, &caller, &head, key).await?;
            }
            Upload::Kept(key, uploaded) => {
                replace(&app, &caller, &head, &document, (uploaded, key)).await?;
                remove_unused(&app, &caller, &head, document.file_id, id.0).await?;
            }
        }
        processing(&app, &caller, id.0).await
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
        head: Head,
        id: Path<Uuid>,
        /// Starts the page a little before this passage.
        around: Query<Option<Uuid>>,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Plain<List<ChunkResource>>, Problem> {
        let limit = cursor::limit(limit.0)?;
        let text = format!("chunks {}", id.0);
        let query = CursorQuery {
            reader: auth.0.id,
            text: &text,
        };
        let position = app.read_position(auth.0.id, head.min_position).await?;
        let document = find(&app, &auth.0, id.0).await?;
        let mut after = app.parse_cursor(query, cursor.0.as_deref())?;
        if let (None, Some(around)) = (after, around.0) {
            let passage = passages::some(&app.pool, &[around]).await?.pop();
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
        Ok(Plain::new(list, position))
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
        head: Head,
        id: Path<Uuid>,
    ) -> Result<Processing, Problem> {
        let caller = auth.0;
        app.read_position(caller.id, None).await?;
        let document = own(&app, &caller, id.0).await?;
        let command = DocumentCommand::ReprocessDocument {};
        let steps = vec![
            in_base(&caller, document.knowledge_base_id),
            step::<Document>(id.0, head.expected(), command),
        ];
        app.execute(caller.id, head.execution(&caller, b"", steps))
            .await?;
        processing(&app, &caller, id.0).await
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
        head: Head,
        id: Path<Uuid>,
    ) -> Result<Done, Problem> {
        let caller = auth.0;
        app.read_position(caller.id, None).await?;
        if let Some(first) = app.repeated(head.idempotency(&caller, b"")).await? {
            return Ok(Done::at(first.position));
        }
        let document = own(&app, &caller, id.0).await?;
        let delete = DocumentCommand::DeleteDocument {};
        let steps = vec![
            made_of(id.0, document.file_id),
            step::<Document>(id.0, head.expected(), delete),
        ];
        let subject = Subject::new("document", id.0);
        let execution = head
            .execution(&caller, b"", steps)
            .with_key_destruction(&subject);
        let execution = releasing(execution, document.knowledge_base_id, document.file_id);
        let committed = app.execute(caller.id, execution).await?;
        app.keys.forget(&subject);
        remove_unused(&app, &caller, &head, document.file_id, id.0).await?;
        app.seen_by_others(caller.id).await?;
        Ok(Done::at(committed.position))
    }
}

/// Passages before the one that is looked for.
const BEFORE: i32 = 2;

async fn find(app: &App, caller: &Caller, id: Uuid) -> Result<DocumentView, Problem> {
    queries::find(&app.pool, caller.id, id)
        .await?
        .ok_or_else(Problem::not_found)
}

async fn own(app: &App, caller: &Caller, id: Uuid) -> Result<DocumentView, Problem> {
    let document = find(app, caller, id).await?;
    knowledge::own(app, caller, document.knowledge_base_id).await?;
    Ok(document)
}

async fn processing(app: &App, caller: &Caller, id: Uuid) -> Result<Processing, Problem> {
    let position = app.read_position(caller.id, None).await?;
    let document = find(app, caller, id).await?;
    Ok(Processing::new(document, position))
}
