//! `POST /messages/:id/edit`

use domain::conversation::ConversationCommand;
use eventstore::reply_slots::Lane;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::run::{NewRun, execute_exchange};
use super::wire::EditMessage;
use super::wire::Exchange;
use crate::conversation::{Choice, choose, find_message};
use crate::file::require_own_files;
use crate::http::{Body, Created, Ctx, Problem, Tag};

#[derive(Debug, Clone, Copy)]
pub struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Messages")]
impl Operation {
    /// Edits and resends a message.
    ///
    /// The original stays; the new message becomes its sibling and is answered.
    #[oai(
        path = "/messages/:id/edit",
        method = "post",
        operation_id = "editMessage"
    )]
    async fn edit_message(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        body: Body<EditMessage>,
    ) -> Result<Created<Exchange>, Problem> {
        let caller = &ctx.caller;
        ctx.catch_up().await?;
        let original = find_message(&ctx, id.0).await?;
        let conversation_id = original.conversation_id;
        let chosen = choose(&ctx, conversation_id, Choice::default()).await?;
        let attachments = match body.value.attachment_ids {
            Some(ids) => require_own_files(&ctx, ids).await?,
            None => original.attachments,
        };
        let run = NewRun::new(conversation_id, Uuid::now_v7());
        let edit = ConversationCommand::EditMessage {
            conversation_id,
            actor: caller.id,
            original_id: id.0,
            message_id: run.prompt_message_id,
            content: body.value.content,
            attachments,
            answer: Some((run.message_id, run.response_id)),
        };
        let lane = Lane::from_model(&chosen.model);
        let steps = run.steps(caller, &ctx.meta, edit, chosen);
        let plan = (Some((run.response_id, lane)), steps);
        let created = execute_exchange(&ctx, plan, &body.bytes).await?;
        Ok(created.map(|exchange| exchange.with_siblings(original.sibling_ids)))
    }
}
