//! The parts that all workers share: claiming work by lease, running it, and retrying transient errors.

pub(crate) mod claim;
pub(crate) mod retry;
mod running;

pub(crate) use claim::{WorkQueue, run_claim_loop};
pub(crate) use retry::retry;
pub(crate) use running::RunningTasks;

use tokio::sync::watch;

/// Waits until the process stops.
pub(crate) async fn wait_for_stop(stopping: &mut watch::Receiver<bool>) {
    if stopping.wait_for(|stopping| *stopping).await.is_err() {
        std::future::pending::<()>().await;
    }
}
