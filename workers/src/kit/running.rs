//! The tasks that are currently running.

use std::sync::{Arc, Mutex, PoisonError};

use eventstore::supervisor::panic_message;
use tokio::task::{JoinError, JoinSet};

/// Tasks that outlive the loop that started them. They end when the last clone is dropped.
#[derive(Debug, Clone, Default)]
pub(crate) struct RunningTasks {
    tasks: Arc<Mutex<JoinSet<()>>>,
}

impl RunningTasks {
    /// Starts a task. A task that panics releases its resources by their destructors, and is logged.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(result) = tasks.try_join_next() {
            log_panic(result);
        }
        tasks.spawn(task);
    }

    /// The number of running tasks.
    pub(crate) fn count(&self) -> usize {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(result) = tasks.try_join_next() {
            log_panic(result);
        }
        tasks.len()
    }
}

fn log_panic(result: Result<(), JoinError>) {
    if let Err(error) = result
        && let Ok(panic) = error.try_into_panic()
    {
        tracing::error!(
            panic = panic_message(&*panic),
            "a task panicked; its lease was released"
        );
    }
}
