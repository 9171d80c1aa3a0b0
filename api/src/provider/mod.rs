//! Model providers, for administrators. This crate never calls them: workers do, and record the result.

mod create;
mod delete;
mod endpoint;
mod get;
mod list;
mod list_local;
mod refresh;
mod test;
mod update;
mod wire;

/// How long a reply waits for a worker's check.
const CHECK_WAIT: Duration = Duration::from_secs(5);
const POLL_INTERVAL: Duration = Duration::from_millis(50);

use std::time::Duration;

use domain::Command;
use domain::provider::Provider;
use poem::Result;
use poem_openapi::OpenApi;
use projections::provider::{ProviderView, queries};
use tokio::time::Instant;
use uuid::Uuid;

use self::wire::ProviderResource;
use crate::http::{Ctx, Problem, Single};
use crate::state::App;

/// The operations of this feature.
pub(crate) fn operations() -> impl OpenApi {
    (
        list::Operation,
        list_local::Operation,
        create::Operation,
        get::Operation,
        update::Operation,
        delete::Operation,
        test::Operation,
        refresh::Operation,
    )
}

async fn execute(
    ctx: &Ctx,
    id: Uuid,
    (command, body): (impl Command<Provider>, &[u8]),
) -> Result<Single<ProviderResource>, Problem> {
    let execution = ctx.command(id, body, command);
    let committed = ctx.execute(execution).await?;
    let view = wait_for_check(ctx, id).await?;
    let version = view.version;
    Ok(Single::new(view.into(), version, committed.position))
}

/// Waits until a worker has checked the provider, up to a time limit, and returns it.
async fn wait_for_check(ctx: &Ctx, id: Uuid) -> Result<ProviderView, Problem> {
    let deadline = Instant::now() + CHECK_WAIT;
    loop {
        ctx.catch_up().await?;
        let view = find(&ctx.app, id).await?;
        if !view.pending || Instant::now() >= deadline {
            return Ok(view);
        }
        ctx.progress.wait_for_progress(POLL_INTERVAL).await;
    }
}

async fn find(app: &App, id: Uuid) -> Result<ProviderView, Problem> {
    queries::find(&app.pool, id)
        .await?
        .ok_or_else(Problem::not_found)
}
