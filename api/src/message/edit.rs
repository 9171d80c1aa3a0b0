//! `POST /messages/:id/edit`

use domain::conversation;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::Tag;
use super::run::NewRun;
use super::wire::EditMessage;
use super::wire::Exchange;
use crate::conversation::{Choice, choose, find_message};
use crate::file::require_own_files;
use crate::http::{Body, Created, Ctx, Problem};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

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
        ctx.catch_up().await?;
        let original = find_message(&ctx, id.0).await?;
        let conversation_id = original.conversation_id;
        let chosen = choose(&ctx, conversation_id, Choice::default()).await?;
        let attachments = match body.value.attachment_ids {
            Some(ids) => require_own_files(&ctx, &ids).await?,
            None => original.attachments,
        };
        let run = NewRun::new(&ctx.clock, conversation_id, ctx.clock.new_id());
        let message = (body.value.content, attachments);
        let edit = edit_command(&run, ctx.caller.id, id.0, message);
        let plan = run.plan(&ctx, ctx.step(conversation_id, edit), Some(chosen));
        plan.execute(&ctx, &body.bytes, original.sibling_ids).await
    }
}

/// Builds the command that posts another version of a message, and requests an answer to it.
fn edit_command(
    run: &NewRun,
    actor: Uuid,
    original_id: Uuid,
    (content, attachments): (String, Vec<Uuid>),
) -> conversation::EditMessage {
    conversation::EditMessage {
        conversation_id: run.conversation_id,
        actor,
        original_id,
        message_id: run.prompt_message_id,
        content,
        attachments,
        answer: Some(run.answer()),
    }
}
