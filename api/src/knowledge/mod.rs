//! Knowledge bases: the caller's own, those shared with the caller's groups and those for everyone.

mod request;

use domain::Subject;
use domain::knowledge::{KnowledgeBase, KnowledgeCommand, KnowledgeError, Readers};
use poem::Result;
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
use crate::group;
use crate::http::{Body, Created, Ctx, List, NoContent, Problem, Single, Tag, Unversioned};
use crate::search::search_text;

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
        ctx: Ctx,
        /// Only knowledge bases with this tag.
        tag: Query<Option<String>>,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<KnowledgeBaseResource>>, Problem> {
        let tag = tag.0.filter(|tag| !tag.contains('\0'));
        let query = format!("knowledge-bases {tag:?}");
        let page = ctx.page(query, limit.0, cursor.0.as_deref())?;
        ctx.list(page, |after, limit| {
            queries::list(&ctx.pool, ctx.caller.id, tag.as_deref(), after, limit)
        })
        .await
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
        ctx: Ctx,
        body: Body<CreateKnowledgeBase>,
    ) -> Result<Created<KnowledgeBaseResource>, Problem> {
        let caller = &ctx.caller;
        caller.require_creator()?;
        let id = Uuid::now_v7();
        let (description, chunking) = body.value.parse(id).map_err(Problem::refused)?;
        let requested = (body.value.visibility, body.value.group_ids.as_deref());
        let readers = choose_readers(&ctx, requested, &[]).await?;
        let command = KnowledgeCommand::CreateKnowledgeBase {
            owner: caller.editor(),
            description,
            readers: readers.unwrap_or_default(),
            chunking,
        };
        let execution = ctx.creation::<KnowledgeBase>(id, &body.bytes, command);
        ctx.create(execution, |id| find(&ctx, id)).await
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
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<Single<KnowledgeBaseResource>, Problem> {
        ctx.get(find(&ctx, id.0)).await
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
        ctx: Ctx,
        id: Path<Uuid>,
        body: Body<UpdateKnowledgeBase>,
    ) -> Result<Single<KnowledgeBaseResource>, Problem> {
        let requested = (body.value.visibility, body.value.group_ids.as_deref());
        ctx.change::<KnowledgeBase, _>(id.0, &body.bytes, || async {
            let before = find_owned(&ctx, id.0).await?;
            let version = before.version;
            let readers = choose_readers(&ctx, requested, &before.group_ids).await?;
            let (description, chunking) = body.value.parse(before).map_err(Problem::refused)?;
            let command = KnowledgeCommand::UpdateKnowledgeBase {
                editor: ctx.caller.editor(),
                description,
                readers,
                chunking,
            };
            Ok((version, command))
        })
        .await?;
        ctx.reply(find(&ctx, id.0)).await
    }

    /// Deletes a knowledge base.
    ///
    /// Searches no longer find its documents; a job erases them.
    #[oai(
        path = "/knowledge-bases/:id",
        method = "delete",
        operation_id = "deleteKnowledgeBase"
    )]
    async fn delete_knowledge_base(&self, ctx: Ctx, id: Path<Uuid>) -> Result<NoContent, Problem> {
        let (base, job, requested_by) = (id.0, Uuid::now_v7(), ctx.caller.id);
        let command = KnowledgeCommand::DeleteKnowledgeBase {
            editor: ctx.caller.editor(),
        };
        ctx.delete(find_owned(&ctx, base), |_| {
            let execution = ctx
                .command::<KnowledgeBase>(base, b"", command)
                .with_key_destruction(&Subject::new("knowledge_base", base));
            execution.with_write(move |connection| {
                Box::pin(async move {
                    let kind = JobKind::EraseKnowledgeBase(base);
                    jobs::request(connection, job, requested_by, &kind).await?;
                    Ok(())
                })
            })
        })
        .await
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
        ctx: Ctx,
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
        let position = ctx.read_position().await?;
        let readable = match &input.knowledge_base_ids {
            Some(ids) => queries::filter_readable(&ctx.pool, ctx.caller.id, ids).await?,
            None => queries::list_readable(&ctx.pool, ctx.caller.id).await?,
        };
        let models = RetrievalModels {
            embedder: ctx.embedder.as_deref(),
            reranker: ctx.reranker.as_deref(),
        };
        let retrieved = retrieval::find(&ctx.pool, models, &readable, question, limit).await?;
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
    ctx: &Ctx,
    (visibility, group_ids): (Option<KnowledgeVisibility>, Option<&[Uuid]>),
    already: &[Uuid],
) -> Result<Option<Readers>, Problem> {
    let readers = request::readers(visibility, group_ids).map_err(Problem::refused)?;
    if matches!(readers, Some(Readers::Groups(_))) {
        let ids = group_ids.unwrap_or_default();
        let visible = groups::filter_readable(&ctx.pool, group::reader(&ctx.caller), ids).await?;
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
pub(crate) async fn find(ctx: &Ctx, id: Uuid) -> Result<KnowledgeBaseView, Problem> {
    queries::find(&ctx.pool, ctx.caller.id, id)
        .await?
        .ok_or_else(Problem::not_found)
}

/// Finds a knowledge base that the caller owns.
pub(crate) async fn find_owned(ctx: &Ctx, id: Uuid) -> Result<KnowledgeBaseView, Problem> {
    let base = find(ctx, id).await?;
    match base.owner_id == ctx.caller.id {
        true => Ok(base),
        false => Err(Problem::refused(KnowledgeError::NotOwner)),
    }
}
