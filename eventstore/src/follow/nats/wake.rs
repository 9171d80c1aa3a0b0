//! Wakes the log poller when NATS announces new events. Events are always read from the database, so a forged message
//! can only cause a query.

use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::consumer::{DeliverPolicy, pull};
use futures_util::StreamExt;
use tokio::sync::{Notify, watch};

use super::{Nats, NatsError, message, nats_error};
use crate::follow::LogEnd;
use crate::outage::Outage;

const PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Wakes the log poller for every published event. Never returns.
pub(crate) async fn follow(nats: Nats, log_end: watch::Receiver<LogEnd>, wake: Arc<Notify>) {
    let mut outage = Outage::new(
        "subscribe to the log relay (the log is polled meanwhile)",
        PAUSE,
        LONGEST_PAUSE,
    );
    loop {
        match receive_wake_ups(&nats, &log_end, &wake, &mut outage).await {
            Ok(()) => tokio::time::sleep(PAUSE).await,
            Err(error) => outage.pause(&error).await,
        }
    }
}

async fn receive_wake_ups(
    nats: &Nats,
    log_end: &watch::Receiver<LogEnd>,
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
        .map_err(nats_error)?;
    let mut messages = consumer.messages().await.map_err(nats_error)?;
    outage.record_success();
    while let Some(message) = messages.next().await {
        let message = message.map_err(nats_error)?;
        let position = message::position(nats.log_id, message.headers.as_ref(), &message.payload);
        // Known positions are ignored. Several wake-ups result in one poll.
        if position.is_some_and(|position| position > log_end.borrow().position) {
            wake.notify_one();
        }
    }
    Ok(())
}
