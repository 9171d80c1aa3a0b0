//! `GET /conversations`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use projections::conversation::queries::{self, ConversationFilter};

use super::Tag;
use super::wire::ConversationResource;
use crate::http::{Ctx, List, Problem, Unversioned, parse_filter};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Conversations")]
impl Operation {
    /// Lists the caller's conversations.
    ///
    /// The conversation that changed last comes first. Archived and trashed conversations are listed only on request.
    #[oai(
        path = "/conversations",
        method = "get",
        operation_id = "listConversations"
    )]
    #[expect(
        clippy::too_many_arguments,
        reason = "each is a parameter of the contract"
    )]
    async fn list_conversations(
        &self,
        ctx: Ctx,
        /// Only conversations whose title contains this text.
        q: Query<Option<String>>,
        /// True lists archived conversations instead.
        archived: Query<Option<bool>>,
        /// True lists the conversations in the trash instead.
        trashed: Query<Option<bool>>,
        /// Only conversations that are pinned (true) or not (false).
        pinned: Query<Option<bool>>,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<ConversationResource>>, Problem> {
        let filter = ConversationFilter {
            archived: archived.0.unwrap_or(false),
            trashed: trashed.0.unwrap_or(false),
            pinned: pinned.0,
            title: parse_filter(q.0)?,
        };
        let query = format!("conversations {filter:?}");
        let page = ctx.page(query, limit.0, cursor.0.as_deref())?;
        ctx.list(page, |after, limit| {
            queries::list(&ctx.pool, ctx.caller.id, &filter, after, limit)
        })
        .await
    }
}
