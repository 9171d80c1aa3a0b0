//! `POST /conversations/:id/messages`

use domain::conversation::{self, Parent};
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::types::MaybeUndefined;
use projections::conversation::queries::{self};
use uuid::Uuid;

use super::Tag;
use super::choice::{Answerer, Choice, choose};
use crate::file::require_own_files;
use crate::http::{Body, Created, Ctx, Problem};
use crate::message::{Exchange, NewRun, PostMessage};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Conversations")]
impl Operation {
    /// Posts a message.
    ///
    /// Asks the assistant for an answer unless `respond` is false. The answer is written in the background: follow it
    /// with `GET /responses/{id}/stream`.
    #[oai(
        path = "/conversations/:id/messages",
        method = "post",
        operation_id = "postMessage"
    )]
    async fn post_message(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        body: Body<PostMessage>,
    ) -> Result<Created<Exchange>, Problem> {
        let chosen = choose_answerer(&ctx, id.0, body.value.choice()).await?;
        let attachments = require_own_files(&ctx, body.value.attachment_ids()).await?;
        let (parent, siblings) = find_place(&ctx, id.0, body.value.parent_id).await?;
        let run = NewRun::new(&ctx.clock, id.0, ctx.clock.new_id());
        let post = conversation::PostMessage {
            conversation_id: id.0,
            actor: ctx.caller.id,
            message_id: run.prompt_message_id,
            parent,
            content: body.value.content,
            attachments,
            answer: chosen.is_some().then_some(run.answer()),
        };
        let plan = run.plan(&ctx, ctx.step(id.0, post), chosen);
        plan.execute(&ctx, &body.bytes, siblings).await
    }
}

/// Chooses who answers; nobody if no answer is requested.
async fn choose_answerer(
    ctx: &Ctx,
    conversation_id: Uuid,
    choice: Option<Choice>,
) -> Result<Option<Answerer>, Problem> {
    let Some(choice) = choice else {
        return Ok(None);
    };
    ctx.catch_up().await?;
    choose(ctx, conversation_id, choice).await.map(Some)
}

/// The parent of the message, and the earlier messages below that parent.
async fn find_place(
    ctx: &Ctx,
    conversation_id: Uuid,
    parent_id: MaybeUndefined<Uuid>,
) -> Result<(Parent, Vec<Uuid>), Problem> {
    let (parent, place) = match parent_id {
        // A message below the newest one has no siblings.
        MaybeUndefined::Undefined => return Ok((Parent::Leaf, vec![])),
        MaybeUndefined::Null => (Parent::Root, conversation_id),
        MaybeUndefined::Value(id) => (Parent::Message(id), id),
    };
    ctx.catch_up().await?;
    Ok((parent, queries::children(&ctx.pool, place).await?))
}
