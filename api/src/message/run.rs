//! Requests an answer: changes the message tree and creates the run in one transaction.

use domain::response::RequestResponse;
use eventstore::command::{Committed, Step, step_on_new};
use eventstore::{Clock, Execution};
use runtime::reply_slots::Lane;
use uuid::Uuid;

use super::wire::Exchange;
use crate::conversation::choice::Answerer;
use crate::http::{Created, Ctx, Problem};

/// The ids of a run that is requested.
pub(crate) struct NewRun {
    pub conversation_id: Uuid,
    pub prompt_message_id: Uuid,
    pub message_id: Uuid,
    pub response_id: Uuid,
}

impl NewRun {
    pub(crate) fn new(clock: &Clock, conversation_id: Uuid, prompt_message_id: Uuid) -> Self {
        Self {
            conversation_id,
            prompt_message_id,
            message_id: clock.new_id(),
            response_id: clock.new_id(),
        }
    }

    /// The ids of the answer: its message and its run.
    pub(crate) fn answer(&self) -> (Uuid, Uuid) {
        (self.message_id, self.response_id)
    }

    /// Plans a change of the message tree, and the run if there is an answerer.
    pub(crate) fn plan(
        &self,
        ctx: &Ctx,
        tree: Box<dyn Step>,
        answerer: Option<Answerer>,
    ) -> ExchangePlan {
        let mut steps = vec![tree];
        let mut run = None;
        if let Some(answerer) = answerer {
            run = Some((self.response_id, Lane::from_model(&answerer.model)));
            let request = self.request(ctx.caller.id, answerer);
            steps.push(step_on_new(self.response_id, request));
        }
        ExchangePlan { run, steps }
    }

    fn request(&self, requested_by: Uuid, answerer: Answerer) -> RequestResponse {
        RequestResponse {
            conversation_id: self.conversation_id,
            prompt_message_id: self.prompt_message_id,
            message_id: self.message_id,
            requested_by,
            assistant_id: answerer.assistant_id,
            assistant_version: u32::try_from(answerer.assistant_version).unwrap_or(1),
            model: answerer.model,
            context_window: answerer.context_window,
        }
    }
}

/// A change of the message tree, and the run that answers it.
#[derive(Default)]
pub(crate) struct ExchangePlan {
    /// The run with the lane of its model, if a responder of this process may take it at once.
    run: Option<(Uuid, Lane)>,
    steps: Vec<Box<dyn Step>>,
}

impl ExchangePlan {
    /// Leaves the run in the queue of all responders.
    pub(crate) fn without_slot(self) -> Self {
        Self { run: None, ..self }
    }

    /// Adds a step before the others.
    pub(crate) fn preceded_by(mut self, step: Box<dyn Step>) -> Self {
        self.steps.insert(0, step);
        self
    }

    /// Executes the plan, and replies with the message below its earlier siblings.
    pub(crate) async fn execute(
        self,
        ctx: &Ctx,
        body: &[u8],
        siblings: Vec<Uuid>,
    ) -> Result<Created<Exchange>, Problem> {
        let committed = self.commit(ctx, body).await?;
        let created = Exchange::from_committed(&committed)?;
        Ok(created.map(|exchange| exchange.with_siblings(siblings)))
    }

    /// Executes the plan.
    pub(crate) async fn commit(self, ctx: &Ctx, body: &[u8]) -> Result<Committed, Problem> {
        // If this process also runs a responder with a free slot, it takes the lease of the run in the same append.
        let run = ctx
            .reply_slots
            .as_ref()
            .zip(self.run)
            .and_then(|(reply_slots, (run, lane))| {
                let slot = reply_slots.acquire(lane, ctx.caller.id)?;
                Some(slot.for_run(run))
            });
        let execution = Execution {
            run,
            ..ctx.execution(body, self.steps)
        };
        ctx.execute(execution).await
    }
}
