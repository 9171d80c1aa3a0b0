//! Requests an answer: changes the message tree and creates the run in one transaction.

use domain::conversation::{Conversation, ConversationCommand};
use domain::response::{Response, ResponseCommand};
use eventstore::Execution;
use eventstore::executor::{Step, step, step_on_new};
use eventstore::reply_slots::Lane;
use uuid::Uuid;

use super::wire::Exchange;
use crate::conversation::choice::Answerer;
use crate::http::{Caller, Created, Ctx, Problem, RequestMeta};

/// The ids of a run that is requested.
pub(crate) struct NewRun {
    pub conversation_id: Uuid,
    pub prompt_message_id: Uuid,
    pub message_id: Uuid,
    pub response_id: Uuid,
}

impl NewRun {
    pub fn new(conversation_id: Uuid, prompt_message_id: Uuid) -> Self {
        Self {
            conversation_id,
            prompt_message_id,
            message_id: Uuid::now_v7(),
            response_id: Uuid::now_v7(),
        }
    }

    /// The steps that add the answer to the message tree and request the run.
    pub fn steps(
        &self,
        caller: &Caller,
        meta: &RequestMeta,
        tree: ConversationCommand,
        chosen: Answerer,
    ) -> Vec<Box<dyn Step>> {
        let request = ResponseCommand::RequestResponse {
            conversation_id: self.conversation_id,
            prompt_message_id: self.prompt_message_id,
            message_id: self.message_id,
            requested_by: caller.id,
            assistant_id: chosen.assistant_id,
            assistant_version: u32::try_from(chosen.assistant_version).unwrap_or(1),
            model: chosen.model,
            context_window: chosen.context_window,
        };
        vec![
            step::<Conversation>(self.conversation_id, meta.expected(), tree),
            step_on_new::<Response>(self.response_id, request),
        ]
    }
}

/// The requested run with the lane of its model, if there is one, and the steps of the command.
pub(crate) type ExchangePlan = (Option<(Uuid, Lane)>, Vec<Box<dyn Step>>);

/// Executes the steps and builds the reply.
pub(crate) async fn execute_exchange(
    ctx: &Ctx,
    (run, steps): ExchangePlan,
    body: &[u8],
) -> Result<Created<Exchange>, Problem> {
    // If this process also runs a responder with a free slot, it takes the lease of the run in the same append.
    let slot = ctx
        .reply_slots
        .as_ref()
        .zip(run)
        .and_then(|(reply_slots, (run, lane))| {
            let slot = reply_slots.acquire(lane, ctx.caller.id)?;
            Some((run, slot))
        });
    let execution = Execution {
        slot,
        ..ctx.execution(body, steps)
    };
    let committed = ctx.execute(execution).await?;
    Exchange::from_committed(&committed)
}
