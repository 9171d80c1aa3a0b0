//! Jobs: work that may take longer than a request.

mod request;

use std::sync::Arc;
use std::time::Duration;

use eventstore::ExecutorError;
use futures_util::StreamExt;
use poem::Result;
use poem::http::StatusCode;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::ToJSON;
use projections::job::{JobKind, JobView, queries};
use uuid::Uuid;

pub use self::request::JobResource;
use crate::auth::{Auth, Caller};
use crate::cursor::{self, Query as CursorQuery};
use crate::problem::Problem;
use crate::reply::{List, StartedJob, Unversioned};
use crate::request_meta::RequestMeta;
use crate::state::App;
use crate::stream::{Frame, Frames, frames, wait_for_shutdown};
use crate::tag::Tag;

/// How often the stream of a job polls it.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

#[derive(Debug, Clone, Copy)]
pub struct JobApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Jobs")]
impl JobApi {
    /// Lists the caller's jobs.
    ///
    /// The newest job comes first.
    #[oai(path = "/jobs", method = "get", operation_id = "listJobs")]
    async fn list_jobs(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        /// The number of entries in a page, 1 to 200; 50 by default.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the previous page.
        cursor: Query<Option<String>>,
    ) -> Result<Unversioned<List<JobResource>>, Problem> {
        let limit = cursor::limit(limit.0)?;
        let query = CursorQuery {
            reader: auth.0.id,
            text: "jobs",
        };
        let after = app.parse_cursor(query, cursor.0.as_deref())?;
        let page = queries::list(&app.pool, auth.0.id, after, limit).await?;
        let list = List {
            next_cursor: page.next.and_then(|key| app.cursor(query, &key)),
            items: page.items.into_iter().map(Into::into).collect(),
        };
        Ok(Unversioned::new(list, app.feed.head()))
    }

    /// Reads a job.
    ///
    /// Status, progress and result of a job that the caller started.
    #[oai(path = "/jobs/:id", method = "get", operation_id = "getJob")]
    async fn get_job(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        id: Path<Uuid>,
    ) -> Result<Unversioned<JobResource>, Problem> {
        let job = find(&app, &auth.0, id.0).await?;
        Ok(Unversioned::new(job.into(), app.feed.head()))
    }

    /// Cancels a job.
    ///
    /// Asks the job to stop. Whatever it has done so far has no effect.
    #[oai(path = "/jobs/:id/cancel", method = "post", operation_id = "cancelJob")]
    async fn cancel_job(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        id: Path<Uuid>,
    ) -> Result<StartedJob<JobResource>, Problem> {
        find(&app, &auth.0, id.0).await?;
        if let Some(job) = queries::cancel(&app.pool, auth.0.id, id.0).await? {
            return Ok(started_job(job));
        }
        let job = find(&app, &auth.0, id.0).await?;
        match job.status.as_str() {
            // A repeated cancellation succeeds.
            "cancelled" => Ok(started_job(job)),
            _ => Err(Problem::new(
                StatusCode::CONFLICT,
                "already_ended",
                "the job has already ended",
            )),
        }
    }

    /// Follows a job.
    ///
    /// Server-sent events: `job.progress` whenever the job has moved on, `job.ended` at the end.
    #[oai(path = "/jobs/:id/stream", method = "get", operation_id = "streamJob")]
    async fn stream_job(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        id: Path<Uuid>,
    ) -> Result<Frames, Problem> {
        let job = find(&app, &auth.0, id.0).await?;
        let share = app.limits.stream(auth.0.id)?;
        Ok(frames(share, follow(Arc::clone(app.0), auth.0, job)))
    }
}

/// Requests a job, once per idempotency key.
pub(crate) async fn request(
    app: &App,
    caller: &Caller,
    meta: &RequestMeta,
    kind: JobKind,
) -> Result<StartedJob<JobResource>, Problem> {
    let id = Uuid::now_v7();
    let Some(key) = meta.idempotency(caller, b"") else {
        let job = queries::request(&app.pool, id, caller.id, &kind).await;
        return Ok(started_job(job.map_err(request_problem)?));
    };
    let text = format!("{}\n{}", key.operation, key.key);
    let mac = app.keys.mac("job", text.as_bytes()).await?;
    let job = queries::request_once(&app.pool, id, caller.id, &kind, &mac).await;
    let job = job.map_err(request_problem)?;
    let other = || Problem::from(ExecutorError::IdempotencyMismatch);
    Ok(started_job(job.ok_or_else(other)?))
}

/// A unique index allows one import per user at a time, even with concurrent requests.
fn request_problem(error: sqlx::Error) -> Problem {
    match &error {
        sqlx::Error::Database(database) if database.is_unique_violation() => Problem::new(
            StatusCode::CONFLICT,
            "import_running",
            "another import of yours is running; wait until it has ended, or cancel it",
        ),
        _ => error.into(),
    }
}

pub(crate) fn started_job(job: JobView) -> StartedJob<JobResource> {
    let location = format!("/api/v1/jobs/{}", job.id);
    StartedJob::Accepted(Json(job.into()), location)
}

pub(crate) async fn find(app: &App, caller: &Caller, id: Uuid) -> Result<JobView, Problem> {
    queries::find(&app.pool, caller.id, id)
        .await?
        .ok_or_else(Problem::not_found)
}

/// Finds the job with which the caller erases a user.
pub(crate) async fn find_erasure(
    app: &App,
    caller: &Caller,
    user: Uuid,
) -> Result<JobView, Problem> {
    queries::find_newest_requested(&app.pool, caller.id, &JobKind::EraseUser(user))
        .await?
        .ok_or_else(Problem::not_found)
}

/// Sends the current state of the job, then each change until it has ended.
fn follow(
    app: Arc<App>,
    caller: Caller,
    job: JobView,
) -> impl futures_util::Stream<Item = Frame> + Send + 'static {
    let first = futures_util::stream::once(std::future::ready(frame(&job)));
    let state = (!ended(&job)).then_some((app, caller, job));
    let rest = futures_util::stream::unfold(state, |state| async move {
        let (app, caller, last) = state?;
        let mut closing = app.closing.subscribe();
        loop {
            tokio::select! {
                () = wait_for_shutdown(&mut closing) => return Some((Frame::closed("restarting"), None)),
                () = tokio::time::sleep(POLL_INTERVAL) => {}
            }
            if !app.is_session_current(&caller).await {
                return Some((Frame::closed("unauthorized"), None));
            }
            match find(&app, &caller, last.id).await {
                Ok(job) if job == last => {}
                Ok(job) => {
                    let state = (!ended(&job)).then(|| (app, caller, job.clone()));
                    return Some((frame(&job), state));
                }
                Err(problem) => return Some((Frame::closed(problem.code), None)),
            }
        }
    });
    first.chain(rest)
}

fn ended(job: &JobView) -> bool {
    job.ended_at.is_some()
}

fn frame(job: &JobView) -> Frame {
    let kind = match ended(job) {
        true => "job.ended",
        false => "job.progress",
    };
    let data = JobResource::from(job.clone()).to_json().unwrap_or_default();
    Frame::new(kind, None, data)
}
