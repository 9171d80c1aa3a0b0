//! Publishes the log to NATS in order, from one process. The leader holds an advisory lock on the connection that it
//! reads through, and the stream's sequence fences off former leaders.

use std::time::Duration;

use eventstore::follow::nats::{LogPublisher, PublishError};
use eventstore::{Feed, Log, Nats, Outage, log};
use sqlx::PgPool;

use crate::leader;

/// Number of events published before awaiting their acknowledgements.
const BATCH: i64 = 256;
const PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How often an idle leader checks that it still leads.
const RECHECK: Duration = Duration::from_secs(1);

/// Publishes whenever this process leads. Never returns.
pub async fn run(pool: PgPool, log: Log, mut feed: Feed, nats: Nats) {
    let mut outage = Outage::new("relay the log to NATS", PAUSE, LONGEST_PAUSE);
    loop {
        if let Err(error) = relay_while_leading(&pool, &log, &mut feed, &nats, &mut outage).await {
            outage.pause(&error).await;
        }
    }
}

async fn relay_while_leading(
    pool: &PgPool,
    log: &Log,
    feed: &mut Feed,
    nats: &Nats,
    outage: &mut Outage,
) -> Result<(), PublishError> {
    let mut connection = leader::acquire_leadership(pool, leader::RELAY).await?;
    let mut publisher = LogPublisher::resume(nats, log, &mut connection).await?;
    let position = publisher.position();
    tracing::info!(position, "relaying the log to NATS from this process");
    loop {
        let rows = log::read(&mut connection, publisher.position(), BATCH).await?;
        if rows.is_empty() {
            outage.record_success();
            let newer = feed.wait_for_position(publisher.position());
            let _ = tokio::time::timeout(RECHECK, newer).await;
            continue;
        }
        publisher.publish(&rows).await?;
        outage.record_success();
    }
}
