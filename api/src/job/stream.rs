//! `GET /jobs/:id/stream`

use std::time::Duration;

use futures_util::StreamExt;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::types::ToJSON;
use projections::job::JobView;
use uuid::Uuid;

use super::wire::JobResource;
use super::{Tag, ended, find};
use crate::http::{Ctx, Problem};
use crate::stream::{Frame, Frames, frames, wait_for_shutdown};

/// How often the stream of a job polls it.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Jobs")]
impl Operation {
    /// Follows a job.
    ///
    /// Server-sent events: `job.progress` whenever the job has moved on, `job.ended` at the end.
    #[oai(path = "/jobs/:id/stream", method = "get", operation_id = "streamJob")]
    async fn stream_job(&self, ctx: Ctx, id: Path<Uuid>) -> Result<Frames, Problem> {
        let job = find(&ctx, id.0).await?;
        let share = ctx.limits.stream(ctx.caller.id)?;
        Ok(frames(share, follow(ctx, job)))
    }
}

/// Sends the current state of the job, then each change until it has ended.
fn follow(ctx: Ctx, job: JobView) -> impl futures_util::Stream<Item = Frame> + Send + 'static {
    let first = futures_util::stream::once(std::future::ready(frame(&job)));
    let state = (!ended(&job)).then_some((ctx, job));
    let rest = futures_util::stream::unfold(state, |state| async move {
        let (ctx, last) = state?;
        let mut closing = ctx.closing.subscribe();
        loop {
            tokio::select! {
                () = wait_for_shutdown(&mut closing) => return Some((Frame::closed("restarting"), None)),
                () = tokio::time::sleep(POLL_INTERVAL) => {}
            }
            if !ctx.is_session_current(&ctx.caller).await {
                return Some((Frame::closed("unauthorized"), None));
            }
            match find(&ctx, last.id).await {
                Ok(job) if job == last => {}
                Ok(job) => {
                    let state = (!ended(&job)).then(|| (ctx, job.clone()));
                    return Some((frame(&job), state));
                }
                Err(problem) => return Some((Frame::closed(problem.code), None)),
            }
        }
    });
    first.chain(rest)
}

fn frame(job: &JobView) -> Frame {
    let kind = match ended(job) {
        true => "job.ended",
        false => "job.progress",
    };
    let data = JobResource::from(job.clone()).to_json().unwrap_or_default();
    Frame::new(kind, None, data)
}
