//! Asking for an answer: the change of the tree and the run, both or neither.

use domain::conversation::{Conversation, ConversationCommand};
use domain::response::{Response, ResponseCommand};
use eventstore::Execution;
use eventstore::executor::{Step, step, step_on_new};
use eventstore::reply_slots::Lane;
use uuid::Uuid;

use super::request::Exchange;
use crate::answer::Made;
use crate::auth::Caller;
use crate::conversation::choice::Chosen;
use crate::head::Head;
use crate::problem::Problem;
use crate::state::App;

/// A run to ask for, with the ids that it will have.
pub(crate) struct Run {
    pub conversation_id: Uuid,
    pub prompt_message_id: Uuid,
    pub message_id: Uuid,
    pub response_id: Uuid,
}

impl Run {
    pub fn new(conversation_id: Uuid, prompt_message_id: Uuid) -> Self {
        Self {
            conversation_id,
            prompt_message_id,
            message_id: Uuid::now_v7(),
            response_id: Uuid::now_v7(),
        }
    }

    /// The change of the tree that makes room for the answer, and the request of the run.
    pub fn steps(
        &self,
        caller: &Caller,
        head: &Head,
        tree: ConversationCommand,
        chosen: Chosen,
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
            step::<Conversation>(self.conversation_id, head.expected(), tree),
            step_on_new::<Response>(self.response_id, request),
        ]
    }
}

/// The run that is asked for, with the lane of its model, and the steps of the command.
pub(crate) type Asked = (Option<(Uuid, Lane)>, Vec<Box<dyn Step>>);

/// Executes what a message asks for, and answers with what it has made.
pub(crate) async fn exchange(
    app: &App,
    caller: &Caller,
    head: &Head,
    (run, steps): Asked,
    body: &[u8],
) -> Result<Made<Exchange>, Problem> {
    // Where this process answers as well, it takes the run with the same append.
    let slot = app
        .seats
        .as_ref()
        .zip(run)
        .and_then(|(seats, (run, lane))| {
            let slot = seats.acquire(lane, caller.id)?;
            Some((run, slot))
        });
    let execution = Execution {
        slot,
        ..head.execution(caller, body, steps)
    };
    let committed = app.execute(caller.id, execution).await?;
    Exchange::made(&committed)
}
