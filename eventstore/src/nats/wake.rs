//! What NATS says of the log: that it goes on, and nothing else. What is new is read from the database; whoever can
//! publish on the bus can wake, and cannot tell.

use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::consumer::{DeliverPolicy, pull};
use futures_util::StreamExt;
use tokio::sync::{Notify, watch};

use super::{Nats, NatsError, failed, message};
use crate::feed::Known;
use crate::outage::Outage;

const PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Wakes who looks at the log for what the relay publishes. Runs for ever.
pub(crate) async fn follow(nats: Nats, known: watch::Receiver<Known>, wake: Arc<Notify>) {
    let mut outage = Outage::of(
        "hear the relay (the log is polled meanwhile)",
        PAUSE,
        LONGEST_PAUSE,
    );
    loop {
        match listen(&nats, &known, &wake, &mut outage).await {
            Ok(()) => tokio::time::sleep(PAUSE).await,
            Err(error) => outage.pause(&error).await,
        }
    }
}

async fn listen(
    nats: &Nats,
    known: &watch::Receiver<Known>,
    wake: &Notify,
    outage: &mut Outage,
) -> Result<(), NatsError> {
    let consumer = nats
        .stream()
        .await?
        .create_consumer(pull::OrderedConfig {
            deliver_policy: DeliverPolicy::New,
            ..pull::OrderedConfig::default()
        })
        .await
        .map_err(failed)?;
    let mut messages = consumer.messages().await.map_err(failed)?;
    outage.over();
    while let Some(message) = messages.next().await {
        let message = message.map_err(failed)?;
        let position = message::position(nats.log_id, message.headers.as_ref(), &message.payload);
        // What is known already wakes nobody. Any number of wake-ups makes one look.
        if position.is_some_and(|position| position > known.borrow().position) {
            wake.notify_one();
        }
    }
    Ok(())
}
