//! The work loop: finds waiting items, claims them by lease, runs them, and looks again when something may have
//! changed.

use std::time::Duration;

use eventstore::Outage;
use projections::Progress;
use runtime::{Lease, Leases};
use uuid::Uuid;

use super::RunningTasks;

/// The longest wait when nothing wakes the loop.
const POLL: Duration = Duration::from_millis(250);
const SHORTEST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A kind of work whose items are claimed by lease.
pub(crate) trait WorkQueue: Clone + Send + Sync + 'static {
    type Item: Send + 'static;
    /// What an item needs besides its lease; released when it is dropped.
    type Permit: Send + 'static;

    /// The plural name of the items in log lines.
    const NAME: &'static str;
    /// The view that shows waiting items.
    const VIEW: &'static str;

    fn leases(&self) -> &Leases;
    fn progress(&self) -> &Progress;
    fn id(item: &Self::Item) -> Uuid;

    /// Waiting items, up to the free capacity.
    fn list_waiting(
        &self,
        running: usize,
    ) -> impl Future<Output = Result<Vec<Self::Item>, sqlx::Error>> + Send;

    /// Reserves capacity for an item; `None` if there is too little.
    fn try_acquire(&self, item: &Self::Item) -> Option<Self::Permit>;

    /// Runs an item to completion. Dropping the lease lets others take over once it has expired.
    fn run(
        self,
        item: Self::Item,
        lease: Lease,
        permit: Self::Permit,
    ) -> impl Future<Output = ()> + Send;
}

/// Claims waiting items forever.
pub(crate) async fn run_claim_loop<W: WorkQueue>(work: W, running: RunningTasks) {
    let what = format!("read waiting {}", W::NAME);
    let mut outage = Outage::new(what, SHORTEST_PAUSE, LONGEST_PAUSE);
    let mut changes = work.progress().subscribe(W::VIEW);
    loop {
        match claim_once(&work, &running).await {
            Ok(()) => {
                outage.record_success();
                changes.wait(POLL).await;
            }
            Err(error) => outage.pause(&error).await,
        }
    }
}

async fn claim_once<W: WorkQueue>(work: &W, running: &RunningTasks) -> Result<(), sqlx::Error> {
    for item in work.list_waiting(running.count()).await? {
        let Some(permit) = work.try_acquire(&item) else {
            continue;
        };
        // `None` if another worker was faster.
        if let Some(lease) = work.leases().take(W::id(&item)).await? {
            running.spawn(work.clone().run(item, lease, permit));
        }
    }
    Ok(())
}
