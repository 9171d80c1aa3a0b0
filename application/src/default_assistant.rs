//! The assistant that answers if none is chosen.

use domain::assistant::{Configuration, CreateAssistant, Status, Visibility};
use eventstore::command::{Context, step};
use eventstore::{Execution, ExecutorError};
use projections::assistant::queries;

use crate::core::Core;
use crate::error::BuildError;

/// Creates the assistant if there is none; with several nodes, the first one creates it. Returns the position at which
/// read models contain it.
pub(crate) async fn ensure(core: &Core) -> Result<i64, BuildError> {
    if queries::default(&core.pool).await?.is_some() {
        return Ok(0);
    }
    let id = core.clock.new_id();
    let configuration = Configuration::parse(
        id,
        "General assistant",
        "Answers with the default model.",
        "You are a helpful assistant. Answer briefly and say plainly when you do not know.",
    )
    .map_err(|refusal| BuildError::refused(&refusal))?;
    let command = CreateAssistant {
        owner: None,
        configuration,
        visibility: Visibility::Everyone,
        status: Status::Active,
        is_default: true,
    };
    let execution = Execution {
        reserve: vec![("assistant", "default".to_owned(), id.to_string())],
        ..Execution::new(Context::system("setup"), vec![step(id, None, command)])
    };
    match core.executor.execute(execution).await {
        Ok(committed) => Ok(committed.position),
        Err(ExecutorError::Reserved(_)) => Ok(0),
        Err(error) => Err(error.into()),
    }
}
