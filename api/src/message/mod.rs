//! Messages: read, edited, answered anew.

mod request;
mod run;

use std::sync::Arc;

use domain::conversation::{Conversation, ConversationCommand};
use eventstore::executor::step;
use eventstore::reply_slots::Lane;
use poem::Result;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

pub(crate) use self::request::Exchange;
use self::request::{EditMessage, GiveFeedback, RegenerateAnswer};
pub(crate) use self::request::{MessageResource, PostMessage};
pub(crate) use self::run::{Run, exchange};
use crate::answer::{Done, Made, Plain};
use crate::auth::Auth;
use crate::body::Body;
use crate::conversation::{Choice, choose, find_message};
use crate::file::own_files;
use crate::head::Head;
use crate::problem::Problem;
use crate::state::App;
use crate::tag::Tag;

#[derive(Debug, Clone, Copy)]
pub struct MessageApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Messages")]
impl MessageApi {
    /// Reads a message.
    ///
    /// For the owner of the conversation.
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
        let chosen = choose(&app, &caller, conversation_id, Choice::default()).await?;
        let attachments = match body.value.attachment_ids {
            Some(ids) => own_files(&app, &caller, ids).await?,
            None => original.attachments,
        };
        let run = Run::new(conversation_id, Uuid::now_v7());
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
        let steps = run.steps(&caller, &head, edit, chosen);
        let asked = (Some((run.response_id, lane)), steps);
        let made = exchange(&app, &caller, &head, asked, &body.bytes).await?;
        Ok(made.map(|made| made.beside(original.sibling_ids)))
    }

    /// Regenerates an answer.
    ///
    /// Asks for another answer to the same question; the earlier answer stays beside it.
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
        let choice = Choice {
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
        let steps = run.steps(&caller, &head, regenerate, chosen);
        let made = exchange(&app, &caller, &head, (None, steps), &body.bytes).await?;
        Ok(made.map(|made| made.beside(original.sibling_ids)))
    }

    /// Rates an answer.
    ///
    /// Says whether an answer was good, or removes the rating.
    #[oai(
        path = "/messages/:id/feedback",
        method = "put",
        operation_id = "giveFeedback"
    )]
    async fn give_feedback(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        id: Path<Uuid>,
        body: Body<GiveFeedback>,
    ) -> Result<Done, Problem> {
        let caller = auth.0;
        app.read_position(caller.id, None).await?;
        let message = find_message(&app, &caller, id.0).await?;
        let give = ConversationCommand::GiveFeedback {
            actor: caller.id,
            message_id: id.0,
            rating: body.value.rating.map(Into::into),
        };
        let step = step::<Conversation>(message.conversation_id, head.expected(), give);
        let execution = head.execution(&caller, &body.bytes, vec![step]);
        let committed = app.execute(caller.id, execution).await?;
        Ok(Done::at(committed.position))
    }
}
