//! `POST /conversations/:id/messages`

use domain::conversation::{Conversation, ConversationCommand, Parent};
use eventstore::executor::step;
use eventstore::reply_slots::Lane;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::types::MaybeUndefined;
use projections::conversation::queries::{self};
use uuid::Uuid;

use super::choice::{Choice, choose};
use crate::file::require_own_files;
use crate::http::{Body, Created, Ctx, Problem, Tag};
use crate::message::{Exchange, NewRun, PostMessage, execute_exchange};

#[derive(Debug, Clone, Copy)]
pub struct Operation;

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
        let caller = &ctx.caller;
        let input = body.value;
        let choice = Choice {
            assistant_id: input.assistant_id,
            model: input.model,
        };
        let chosen = match input.respond {
            Some(false) => None,
            _ => {
                ctx.catch_up().await?;
                Some(choose(&ctx, id.0, choice).await?)
            }
        };
        let attachments = require_own_files(&ctx, input.attachment_ids.unwrap_or_default()).await?;
        let run = NewRun::new(id.0, Uuid::now_v7());
        let (parent, place) = match input.parent_id {
            MaybeUndefined::Undefined => (Parent::Leaf, None),
            MaybeUndefined::Null => (Parent::Root, Some(id.0)),
            MaybeUndefined::Value(id) => (Parent::Message(id), Some(id)),
        };
        let siblings = match place {
            // A message below the newest one has no siblings.
            None => vec![],
            Some(place) => {
                ctx.catch_up().await?;
                queries::children(&ctx.pool, place).await?
            }
        };
        let post = ConversationCommand::PostMessage {
            conversation_id: id.0,
            actor: caller.id,
            message_id: run.prompt_message_id,
            parent,
            content: input.content,
            attachments,
            answer: chosen
                .is_some()
                .then_some((run.message_id, run.response_id)),
        };
        let plan = match chosen {
            Some(chosen) => (
                Some((run.response_id, Lane::from_model(&chosen.model))),
                run.steps(caller, &ctx.meta, post, chosen),
            ),
            None => (
                None,
                vec![step::<Conversation>(id.0, ctx.meta.expected(), post)],
            ),
        };
        let created = execute_exchange(&ctx, plan, &body.bytes).await?;
        Ok(created.map(|exchange| exchange.with_siblings(siblings)))
    }
}
