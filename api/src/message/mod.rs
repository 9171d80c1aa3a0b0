//! Messages: read, edited, answered anew.

mod request;

use std::sync::Arc;

use domain::conversation::{Conversation, ConversationCommand};
use domain::response::{Response, ResponseCommand};
use eventstore::Execution;
use eventstore::executor::{step, step_on_new};
use poem::Result;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use projections::assistant::AssistantView;
use uuid::Uuid;

use self::request::{EditMessage, RegenerateAnswer};
pub(crate) use self::request::{Exchange, MessageResource, PostMessage};
use crate::answer::{Made, Plain};
use crate::auth::{Auth, Caller};
use crate::body::Body;
use crate::conversation::{choose, find_message};
use crate::head::Head;
use crate::problem::Problem;
use crate::state::App;
use crate::tag::Tag;

#[derive(Debug, Clone, Copy)]
pub struct MessageApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Messages")]
impl MessageApi {
    /// Reads a message.
    #[oai(path = "/messages/:id", method = "get", operation_id = "getMessage")]
    async fn get_message(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        id: Path<Uuid>,
    ) -> Result<Plain<MessageResource>, Problem> {
        let position = app.read_position(auth.0.id, head.min_position).await?;
        let message = find_message(&app, &auth.0, id.0).await?;
        Ok(Plain::new(message.into(), position))
    }

    /// Says a message of one's own anew: the old one stays, the new one becomes its sibling and is answered.
    #[oai(
        path = "/messages/:id/edit",
        method = "post",
        operation_id = "editMessage"
    )]
    async fn edit_message(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        id: Path<Uuid>,
        body: Body<EditMessage>,
    ) -> Result<Made<Exchange>, Problem> {
        let caller = auth.0;
        app.read_position(caller.id, None).await?;
        let original = find_message(&app, &caller, id.0).await?;
        let conversation_id = original.conversation_id;
        let chosen = choose(
            &app,
            &caller,
            conversation_id,
            crate::conversation::Choice::default(),
        )
        .await?;
        let run = Run::new(conversation_id, Uuid::now_v7());
        let edit = ConversationCommand::EditMessage {
            conversation_id,
            actor: caller.id,
            original_id: id.0,
            message_id: run.prompt_message_id,
            content: body.value.content,
            answer: Some((run.message_id, run.response_id)),
        };
        let operation = format!("editMessage {}", id.0);
        run.execute(&app, &caller, &head, edit, chosen, &operation, &body.bytes)
            .await
    }

    /// Asks for another answer to the same question; the old one stays beside it.
    #[oai(
        path = "/messages/:id/regenerate",
        method = "post",
        operation_id = "regenerateAnswer"
    )]
    async fn regenerate_answer(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        id: Path<Uuid>,
        body: Body<RegenerateAnswer>,
    ) -> Result<Made<Exchange>, Problem> {
        let caller = auth.0;
        app.read_position(caller.id, None).await?;
        let original = find_message(&app, &caller, id.0).await?;
        let conversation_id = original.conversation_id;
        let choice = crate::conversation::Choice {
            assistant_id: body.value.assistant_id,
            model: body.value.model,
        };
        let chosen = choose(&app, &caller, conversation_id, choice).await?;
        // A question has no answer above it: the aggregate refuses to regenerate one.
        let run = Run::new(conversation_id, original.parent_id.unwrap_or(id.0));
        let regenerate = ConversationCommand::RegenerateAnswer {
            actor: caller.id,
            original_id: id.0,
            answer: (run.message_id, run.response_id),
        };
        let operation = format!("regenerateAnswer {}", id.0);
        run.execute(
            &app,
            &caller,
            &head,
            regenerate,
            chosen,
            &operation,
            &body.bytes,
        )
        .await
    }
}

/// A run to ask for, with the ids that it will have.
struct Run {
    conversation_id: Uuid,
    prompt_message_id: Uuid,
    message_id: Uuid,
    response_id: Uuid,
}

impl Run {
    fn new(conversation_id: Uuid, prompt_message_id: Uuid) -> Self {
        Self {
            conversation_id,
            prompt_message_id,
            message_id: Uuid::now_v7(),
            response_id: Uuid::now_v7(),
        }
    }

    /// Changes the tree and asks for the run, both or neither.
    #[expect(clippy::too_many_arguments, reason = "the parts of one request")]
    async fn execute(
        &self,
        app: &App,
        caller: &Caller,
        head: &Head,
        tree: ConversationCommand,
        (assistant, model): (AssistantView, String),
        operation: &str,
        body: &[u8],
    ) -> Result<Made<Exchange>, Problem> {
        let request = ResponseCommand::RequestResponse {
            conversation_id: self.conversation_id,
            prompt_message_id: self.prompt_message_id,
            message_id: self.message_id,
            requested_by: caller.id,
            assistant_id: assistant.id,
            assistant_version: u32::try_from(assistant.assistant_version).unwrap_or(1),
            model,
        };
        let steps = vec![
            step::<Conversation>(self.conversation_id, head.expected(), tree),
            step_on_new::<Response>(self.response_id, request),
        ];
        let execution = Execution {
            idempotency: head.idempotency(caller, operation, body),
            ..Execution::new(head.context(caller), steps)
        };
        let committed = app.execute(caller.id, execution).await?;
        Exchange::made(&committed)
    }
}
