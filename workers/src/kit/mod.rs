//! The parts that all workers share: claiming work by lease, running it, and retrying transient errors.

pub(crate) mod claim;
pub(crate) mod retry;
mod running;

pub(crate) use claim::{Work, claim};
pub(crate) use retry::retry;
pub(crate) use running::Running;

use tokio::sync::watch;

/// Waits until the process stops.
pub(crate) async fn stopped(stopping: &mut watch::Receiver<bool>) {
    if stopping.wait_for(|stopping| *stopping).await.is_err() {
        std::future::pending::<()>().await;
    }
}
