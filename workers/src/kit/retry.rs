//! Retries calls while the database is unavailable, as long as this process has the lease.

use std::time::Duration;

use eventstore::{Backoff, Transient};
use runtime::Lease;

const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Calls until the call succeeds or fails permanently. Gives up with the last error once the lease is lost. Only for
/// calls that may be repeated.
pub(crate) async fn retry<T, E, F>(
    lease: &Lease,
    what: &'static str,
    mut call: impl FnMut() -> F,
) -> Result<T, E>
where
    E: Transient + std::fmt::Display,
    F: Future<Output = Result<T, E>>,
{
    let mut backoff = Backoff::new(SHORTEST_PAUSE, LONGEST_PAUSE);
    let mut failures = 0_u32;
    loop {
        match call().await {
            Err(error) if error.is_transient() && !lease.is_lost() => {
                if failures == 0 {
                    tracing::warn!(id = %lease.run(), %error, "failed to {what}; retrying");
                }
                failures += 1;
                tokio::time::sleep(backoff.pause()).await;
            }
            result => return result,
        }
    }
}
