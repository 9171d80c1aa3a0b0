//! Registration, login, refresh and logout.

mod end;
mod end_all;
mod list;
mod login;
mod logout;
mod refresh;
mod register;
mod start;
mod wire;

use domain::user::{EndSession, SessionEnd};
use eventstore::Execution;
use eventstore::command::idempotency::Idempotency;
use eventstore::command::step;
use poem::Result;
use poem_openapi::{OpenApi, Tags};
use projections::command_write::CommandWrite;
use uuid::Uuid;

pub(crate) use self::start::{require_cookie_support, start_session};
pub(crate) use self::wire::TokenPair;
use crate::http::{Ctx, NoContent, Problem};

/// The area of the contract.
#[derive(Tags)]
pub(crate) enum Tag {
    /// Registration, login and sessions.
    Auth,
}

/// The operations of this feature.
pub(crate) fn operations() -> impl OpenApi {
    (
        register::Operation,
        login::Operation,
        refresh::Operation,
        logout::Operation,
        list::Operation,
        end_all::Operation,
        end::Operation,
    )
}

/// Ends a session of the caller.
async fn end(
    ctx: &Ctx,
    (session_id, cause): (Uuid, SessionEnd),
    key: Option<Idempotency>,
) -> Result<NoContent, Problem> {
    let command = EndSession { session_id, cause };
    let steps = vec![step(ctx.caller.id, None, command)];
    let execution = Execution {
        idempotency: key,
        ..Execution::new(ctx.meta.context(&ctx.caller), steps)
    };
    let execution = execution.with_write(CommandWrite::EndSession {
        session: session_id,
    });
    let committed = ctx.execute(execution).await?;
    ctx.forget_sessions();
    Ok(NoContent::at(committed.position))
}
