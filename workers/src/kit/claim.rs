//! The one work loop: look for what waits, take its lease, run it, and look again when something may have changed.

use std::time::Duration;

use eventstore::{Lease, Leases, Outage};
use projections::Progress;
use uuid::Uuid;

use super::Running;

/// How long the loop waits at most when nothing wakes it.
const POLL: Duration = Duration::from_millis(250);
const SHORTEST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A kind of work whose items are claimed by lease.
pub(crate) trait Work: Clone + Send + Sync + 'static {
    type Item: Send + 'static;
    /// What an item needs beside its lease, given back when it is dropped.
    type Room: Send + 'static;

    /// What the items are, in the plural, for log lines.
    const NAME: &'static str;
    /// The view that shows what waits.
    const VIEW: &'static str;

    fn leases(&self) -> &Leases;
    fn progress(&self) -> &Progress;
    fn id(item: &Self::Item) -> Uuid;

    /// Items that wait, as many as there is room for.
    fn waiting(
        &self,
        running: usize,
    ) -> impl Future<Output = Result<Vec<Self::Item>, sqlx::Error>> + Send;

    /// Room for an item; none where there is too little of it.
    fn room(&self, item: &Self::Item) -> Option<Self::Room>;

    /// Runs an item to its end. Dropping the lease lets others take over once it has expired.
    fn run(
        self,
        item: Self::Item,
        lease: Lease,
        room: Self::Room,
    ) -> impl Future<Output = ()> + Send;
}

/// Claims what waits, for ever.
pub(crate) async fn claim<W: Work>(work: W, running: Running) {
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

async fn claim_once<W: Work>(work: &W, running: &Running) -> Result<(), sqlx::Error> {
    for item in work.waiting(running.count()).await? {
        let Some(room) = work.room(&item) else {
            continue;
        };
        // None where another worker was quicker.
        if let Some(lease) = work.leases().take(W::id(&item)).await? {
            running.spawn(work.clone().run(item, lease, room));
        }
    }
    Ok(())
}
