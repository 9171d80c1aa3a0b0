//! `GET /conversations/:id/messages`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use projections::Page;
use projections::conversation::queries::{self};
use uuid::Uuid;

use super::{Tag, find};
use crate::http::{Ctx, List, Problem, Unversioned};
use crate::message::MessageResource;
use crate::state::App;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Conversations")]
impl Operation {
    /// Lists the messages of a conversation.
    ///
    /// Reads the path from a message, by default the newest one, to its root; the newest message comes first.
    #[oai(
        path = "/conversations/:id/messages",
        method = "get",
        operation_id = "listMessages"
    )]
    async fn list_messages(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        /// The message at which the path ends; the newest one by default.
        leaf: Query<Option<Uuid>>,
        /// Instead of `leaf`: a message on the path, which ends at the newest message below it.
        through: Query<Option<Uuid>>,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<MessageResource>>, Problem> {
        let query = format!("messages {} {:?} {:?}", id.0, leaf.0, through.0);
        let page = ctx.page(query, limit.0, cursor.0.as_deref())?;
        ctx.list(page, async |after, limit| {
            let conversation = find(&ctx, id.0).await?;
            let end = path_end(&ctx, id.0, leaf.0, through.0).await?;
            let Some(first) = after.or(end).or(conversation.leaf_id) else {
                return Ok(Page::empty());
            };
            let page = queries::path(&ctx.pool, id.0, first, limit).await?;
            if leaf.0.is_some() && page.items.is_empty() {
                return Err(unknown_message("leaf"));
            }
            Ok(page)
        })
        .await
    }
}

/// The message at which the requested path ends; none for the newest one.
async fn path_end(
    app: &App,
    conversation_id: Uuid,
    leaf: Option<Uuid>,
    through: Option<Uuid>,
) -> Result<Option<Uuid>, Problem> {
    match (leaf, through) {
        (Some(_), Some(_)) => Err(conflicting_ends()),
        (None, Some(through)) => {
            let newest = queries::newest_descendant(&app.pool, conversation_id, through).await?;
            Ok(Some(newest.ok_or_else(|| unknown_message("through"))?))
        }
        (leaf, None) => Ok(leaf),
    }
}

fn unknown_message(parameter: &str) -> Problem {
    let detail = format!("{parameter} must be a message of this conversation");
    Problem::invalid(parameter, "unknown_message", detail)
}

fn conflicting_ends() -> Problem {
    Problem::invalid(
        "through",
        "one_end",
        "send either leaf or through, not both",
    )
}
