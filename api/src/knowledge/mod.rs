//! Knowledge bases: the caller's own, those shared with the caller's groups and those for everyone.

mod request;

use std::sync::Arc;

use domain::Subject;
use domain::knowledge::{KnowledgeBase, KnowledgeCommand, KnowledgeError, Readers};
use eventstore::executor::step;
use poem::Result;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use projections::group::queries as groups;
use projections::job::{JobKind, queries as jobs};
use projections::knowledge::retrieval::RetrievalModels;
use projections::knowledge::{KnowledgeBaseView, queries, retrieval};
use uuid::Uuid;

use self::request::{
    CreateKnowledgeBase, KnowledgeBaseResource, KnowledgeHits, KnowledgeVisibility,
    SearchKnowledge, UpdateKnowledgeBase,
};
use crate::auth::{Auth, Caller};
use crate::body::Body;
use crate::cursor::{self, Query as CursorQuery};
use crate::group;
use crate::merge::Merge;
use crate::problem::Problem;
use crate::reply::{Created, List, NoContent, Single, Unversioned};
use crate::request_meta::RequestMeta;
use crate::search::search_text;
use crate::state::App;
use crate::tag::Tag;

/// Longest question, in characters.
const MAX_QUESTION: usize = 2_000;
/// Allowed number of hits.
const HITS: std::ops::RangeInclusive<usize> = 1..=50;
const DEFAULT_HITS: usize = 10;

#[derive(Debug, Clone, Copy)]
pub struct KnowledgeApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Knowledge")]
impl KnowledgeApi {
    /// Lists the knowledge bases that the caller may see.
    ///
    /// The caller's own knowledge bases, those that are shared with the caller's groups, and those for everyone.
    #[oai(
        path = "/knowledge-bases",
        method = "get",
        operation_id = "listKnowledgeBases"
    )]
    async fn list_knowledge_bases(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        /// Only knowledge bases with this tag.
        tag: Query<Option<String>>,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<KnowledgeBaseResource>>, Problem> {
        let limit = cursor::limit(limit.0)?;
        let tag = tag.0.filter(|tag| !tag.contains('\0'));
        let text = format!("knowledge-bases {tag:?}");
        let query = CursorQuery {
            reader: auth.0.id,
            text: &text,
        };
        let after = app.parse_cursor(query, cursor.0.as_deref())?;
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let page = queries::list(&app.pool, auth.0.id, tag.as_deref(), after, limit).await?;
        let list = List {
            next_cursor: page.next.and_then(|id| app.cursor(query, &id)),
            items: page.items.into_iter().map(Into::into).collect(),
        };
        Ok(Unversioned::new(list, position))
    }

    /// Creates a knowledge base.
    ///
    /// Guests cannot create knowledge bases.
    #[oai(
        path = "/knowledge-bases",
        method = "post",
        operation_id = "createKnowledgeBase"
    )]
    async fn create_knowledge_base(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        body: Body<CreateKnowledgeBase>,
    ) -> Result<Created<KnowledgeBaseResource>, Problem> {
        let caller = auth.0;
        caller.require_creator()?;
        let id = Uuid::now_v7();
        let (description, chunking) = body.value.parse(id).map_err(Problem::refused)?;
        let requested = (body.value.visibility, body.value.group_ids.as_deref());
        let readers = choose_readers(&app, &caller, requested, &[]).await?;
        let command = KnowledgeCommand::CreateKnowledgeBase {
            owner: caller.editor(),
            description,
            readers: readers.unwrap_or_default(),
            chunking,
        };
        let steps = vec![step::<KnowledgeBase>(id, None, command)];
        let execution = meta.execution(&caller, &body.bytes, steps);
        let committed = app.execute(caller.id, execution).await?;
        let id = committed
            .events
            .first()
            .map_or(id, |event| event.aggregate_id);
        app.read_position(caller.id, None).await?;
        let view = find(&app, &caller, id).await?;
        let (version, location) = (view.version, format!("/api/v1/knowledge-bases/{id}"));
        Ok(Created::new(
            view.into(),
            location,
            version,
            committed.position,
        ))
    }

    /// Reads a knowledge base.
    ///
    /// For callers who may read its documents.
    #[oai(
        path = "/knowledge-bases/:id",
        method = "get",
        operation_id = "getKnowledgeBase"
    )]
    async fn get_knowledge_base(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<Single<KnowledgeBaseResource>, Problem> {
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let view = find(&app, &auth.0, id.0).await?;
        let version = view.version;
        Ok(Single::new(view.into(), version, position))
    }

    /// Changes a knowledge base.
    ///
    /// Changes the given fields and leaves the others.
    #[oai(
        path = "/knowledge-bases/:id",
        method = "patch",
        operation_id = "updateKnowledgeBase"
    )]
    async fn update_knowledge_base(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
        body: Body<UpdateKnowledgeBase>,
    ) -> Result<Single<KnowledgeBaseResource>, Problem> {
        let caller = auth.0;
        app.read_position(caller.id, None).await?;
        let requested = (body.value.visibility, body.value.group_ids.as_deref());
        let mut merge = Merge::new(&app, &caller, &meta, &body.bytes);
        let mut done = merge.is_repeated().await?;
        while !done {
            let before = find_owned(&app, &caller, id.0).await?;
            let version = before.version;
            let readers = choose_readers(&app, &caller, requested, &before.group_ids).await?;
            let (description, chunking) = body.value.parse(before).map_err(Problem::refused)?;
            let command = KnowledgeCommand::UpdateKnowledgeBase {
                editor: caller.editor(),
                description,
                readers,
                chunking,
            };
            done = merge
                .try_step::<KnowledgeBase>(id.0, version, command)
                .await?;
        }
        let position = app.read_position(caller.id, None).await?;
        let view = find(&app, &caller, id.0).await?;
        let version = view.version;
        Ok(Single::new(view.into(), version, position))
    }

    /// Deletes a knowledge base.
    ///
    /// Searches no longer find its documents; a job erases them.
    #[oai(
        path = "/knowledge-bases/:id",
        method = "delete",
        operation_id = "deleteKnowledgeBase"
    )]
    async fn delete_knowledge_base(
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
        find_owned(&app, &caller, id.0).await?;
        let command = KnowledgeCommand::DeleteKnowledgeBase {
            editor: caller.editor(),
        };
        let steps = vec![step::<KnowledgeBase>(id.0, meta.expected(), command)];
        let (base, job, requested_by) = (id.0, Uuid::now_v7(), caller.id);
        let subject = Subject::new("knowledge_base", base);
        let execution = meta
            .execution(&caller, b"", steps)
            .with_key_destruction(&subject);
        let execution = execution.with_write(move |connection| {
            Box::pin(async move {
                let kind = JobKind::EraseKnowledgeBase(base);
                jobs::request(connection, job, requested_by, &kind).await?;
                Ok(())
            })
        });
        let committed = app.execute(caller.id, execution).await?;
        app.keys.forget(&subject);
        app.wait_for_views(caller.id).await?;
        Ok(NoContent::at(committed.position))
    }

    /// Searches knowledge bases for passages.
    ///
    /// Finds the passages that answer a question, in knowledge bases that the caller may read.
    #[oai(
        path = "/knowledge/search",
        method = "post",
        operation_id = "searchKnowledge"
    )]
    async fn search_knowledge(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        body: Body<SearchKnowledge>,
    ) -> Result<Unversioned<KnowledgeHits>, Problem> {
        let input = body.value;
        let question = search_text("/query", &input.query, MAX_QUESTION)?;
        let limit = input.limit.map_or(DEFAULT_HITS, |limit| {
            usize::try_from(limit).unwrap_or(usize::MAX)
        });
        if !HITS.contains(&limit) {
            return Err(Problem::invalid(
                "/limit",
                "out_of_range",
                "limit must be between 1 and 50",
            ));
        }
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let readable = match &input.knowledge_base_ids {
            Some(ids) => queries::filter_readable(&app.pool, auth.0.id, ids).await?,
            None => queries::list_readable(&app.pool, auth.0.id).await?,
        };
        let models = RetrievalModels {
            embedder: app.embedder.as_deref(),
            reranker: app.reranker.as_deref(),
        };
        let retrieved = retrieval::find(&app.pool, models, &readable, question, limit).await?;
        let hits = KnowledgeHits {
            items: retrieved.passages.into_iter().map(Into::into).collect(),
            by_meaning: retrieved.used_embeddings,
        };
        Ok(Unversioned::new(hits, position))
    }
}

/// Resolves the requested readers. The caller must be able to see groups that the knowledge base is not yet shared
/// with.
async fn choose_readers(
    app: &App,
    caller: &Caller,
    (visibility, group_ids): (Option<KnowledgeVisibility>, Option<&[Uuid]>),
    already: &[Uuid],
) -> Result<Option<Readers>, Problem> {
    let readers = request::readers(visibility, group_ids).map_err(Problem::refused)?;
    if matches!(readers, Some(Readers::Groups(_))) {
        let ids = group_ids.unwrap_or_default();
        let visible = groups::filter_readable(&app.pool, group::reader(caller), ids).await?;
        let known = |id: &Uuid| visible.contains(id) || already.contains(id);
        if let Some(place) = ids.iter().position(|id| !known(id)) {
            return Err(Problem::invalid(
                &format!("/group_ids/{place}"),
                "no_such_group",
                "this group does not exist, or you are not a member",
            ));
        }
    }
    Ok(readers)
}

/// Finds a knowledge base that the caller may read.
pub(crate) async fn find(
    app: &App,
    caller: &Caller,
    id: Uuid,
) -> Result<KnowledgeBaseView, Problem> {
    queries::find(&app.pool, caller.id, id)
        .await?
        .ok_or_else(Problem::not_found)
}

/// Finds a knowledge base that the caller owns.
pub(crate) async fn find_owned(
    app: &App,
    caller: &Caller,
    id: Uuid,
) -> Result<KnowledgeBaseView, Problem> {
    let base = find(app, caller, id).await?;
    match base.owner_id == caller.id {
        true => Ok(base),
        false => Err(Problem::refused(KnowledgeError::NotOwner)),
    }
}
