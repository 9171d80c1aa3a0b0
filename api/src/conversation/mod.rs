//! Conversations: creating, listing, changing, trashing, erasing, reading and posting to them.

pub(crate) mod choice;
mod create;
mod empty_trash;
mod erase;
mod get;
mod list;
mod list_messages;
mod move_read_marker;
mod post_message;
mod restore;
mod started;
mod trash;
mod update;
mod wire;

use domain::Command;
use domain::conversation::{Conversation, MoveReadMarker};
use eventstore::command::{Step, step};
use poem::Result;
use poem_openapi::{OpenApi, Tags};
use projections::conversation::queries::{self};
use projections::conversation::{ConversationView, MessageView};
use uuid::Uuid;

pub(crate) use self::choice::{Choice, choose};
pub(crate) use self::wire::ConversationResource;
use crate::http::{Caller, Ctx, Problem, Single};

/// The area of the contract.
#[derive(Tags)]
pub(crate) enum Tag {
    /// Conversations: reading, writing, following, exporting and importing them.
    Conversations,
}

/// The operations of this feature.
pub(crate) fn operations() -> impl OpenApi {
    (
        list::Operation,
        create::Operation,
        get::Operation,
        update::Operation,
        trash::Operation,
        restore::Operation,
        erase::Operation,
        empty_trash::Operation,
        move_read_marker::Operation,
        list_messages::Operation,
        post_message::Operation,
    )
}

/// The step that moves the read marker to a message.
pub(crate) fn mark_read_step(
    caller: &Caller,
    conversation_id: Uuid,
    message_id: Uuid,
    expected: Option<i64>,
) -> Box<dyn Step> {
    let command = MoveReadMarker {
        actor: caller.id,
        message_id,
    };
    step(conversation_id, expected, command)
}

/// Finds a conversation of the caller.
pub(crate) async fn find(ctx: &Ctx, id: Uuid) -> Result<ConversationView, Problem> {
    queries::find(&ctx.pool, ctx.caller.id, id)
        .await?
        .ok_or_else(Problem::not_found)
}

/// Finds a message in a conversation of the caller.
pub(crate) async fn find_message(ctx: &Ctx, id: Uuid) -> Result<MessageView, Problem> {
    queries::message(&ctx.pool, ctx.caller.id, id)
        .await?
        .ok_or_else(Problem::not_found)
}

async fn change(
    ctx: &Ctx,
    id: Uuid,
    (command, body): (impl Command<Conversation>, &[u8]),
) -> Result<Single<ConversationResource>, Problem> {
    ctx.execute(ctx.command(id, body, command)).await?;
    ctx.reply(find(ctx, id)).await
}
