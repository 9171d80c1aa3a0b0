//! Runs of assistants: reading, following and cancelling them.

mod request;

use std::sync::Arc;

use domain::response::{Response, ResponseCommand};
use eventstore::executor::step;
use poem::Result;
use poem::http::StatusCode;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use projections::assistant::versions;
use projections::response::{ResponseView, grounding, prompt, queries};
use uuid::Uuid;

use self::request::PromptResource;
pub(crate) use self::request::{ResponseResource, money};
use crate::assistant::may_change;
use crate::auth::{Auth, Caller};
use crate::problem::Problem;
use crate::reply::{Accepted, Unversioned};
use crate::request_meta::RequestMeta;
use crate::state::App;
use crate::stream::{Frames, Start, Target, follow};
use crate::tag::Tag;

#[derive(Debug, Clone, Copy)]
pub struct ResponseApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Responses")]
impl ResponseApi {
    /// Reads a run.
    ///
    /// One run of an assistant: its status, its usage and how it ended.
    #[oai(path = "/responses/:id", method = "get", operation_id = "getResponse")]
    async fn get_response(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<Unversioned<ResponseResource>, Problem> {
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let view = find(&app, &auth.0, id.0).await?;
        Ok(Unversioned::new(view.into(), position))
    }

    /// Follows a run.
    ///
    /// Server-sent events of this run from its start; the stream ends after the last event of the run.
    #[oai(
        path = "/responses/:id/stream",
        method = "get",
        operation_id = "streamResponse"
    )]
    async fn stream_response(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
        /// An event id or a position; only later events are sent.
        after: Query<Option<String>>,
        request: &poem::Request,
    ) -> Result<Frames, Problem> {
        app.read_position(auth.0.id, meta.min_position).await?;
        let view = find(&app, &auth.0, id.0).await?;
        let start = Start::parse(request, after.0.as_deref())?.unwrap_or(Start::Beginning);
        let target = Target {
            conversation_id: view.conversation_id,
            response: Some(id.0),
        };
        follow(Arc::clone(app.0), auth.0, target, start)
    }

    /// Reads the prompt of a run.
    ///
    /// The messages that were sent to the model, the passages that the caller may still read, and the instructions of
    /// the assistant if the caller may change it.
    #[oai(
        path = "/responses/:id/prompt",
        method = "get",
        operation_id = "getPrompt"
    )]
    async fn get_prompt(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<Unversioned<PromptResource>, Problem> {
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let run = find(&app, &auth.0, id.0).await?;
        if run.attempt == 0 {
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "not_started",
                "no model was called in this run, or not yet",
            ));
        }
        let source = (&app.pool, &app.log, &app.keys);
        let knowledge = match grounding::knowledge_bases(source, &run).await?.is_empty() {
            true => None,
            false => Some(grounding::find_recorded(&app.pool, run.id, auth.0.id).await?),
        };
        let mut prompt = prompt::build(source, &app.files, &run, None, knowledge).await?;
        let owner = versions::owner(&app.pool, &app.log, &app.keys, run.assistant_id).await?;
        if !may_change(&auth.0, owner) {
            prompt.instructions.clear();
        }
        Ok(Unversioned::new(PromptResource::new(run, prompt), position))
    }

    /// Cancels a run.
    ///
    /// Asks the run to stop. The text written so far is kept.
    #[oai(
        path = "/responses/:id/cancel",
        method = "post",
        operation_id = "cancelResponse"
    )]
    async fn cancel_response(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<Accepted<ResponseResource>, Problem> {
        app.read_position(auth.0.id, None).await?;
        find(&app, &auth.0, id.0).await?;
        let command = ResponseCommand::CancelResponse { by: auth.0.id };
        let steps = vec![step::<Response>(id.0, None, command)];
        let execution = meta.execution(&auth.0, b"", steps);
        let committed = app.execute(auth.0.id, execution).await?;
        app.read_position(auth.0.id, None).await?;
        let view = find(&app, &auth.0, id.0).await?;
        Ok(Accepted::Accepted(
            poem_openapi::payload::Json(view.into()),
            committed.position.to_string(),
        ))
    }
}

async fn find(app: &App, caller: &Caller, id: Uuid) -> Result<ResponseView, Problem> {
    queries::find(&app.pool, caller.id, id)
        .await?
        .ok_or_else(Problem::not_found)
}
