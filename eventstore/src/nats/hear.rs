//! What NATS says of the log: that it goes on, and nothing else. What is new is read from the database; whoever can
//! publish on the bus can wake, and cannot tell.

use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::consumer::{DeliverPolicy, pull};
use futures_util::StreamExt;
use tokio::sync::{Notify, watch};

use super::{Nats, NatsError, failed, message};
use crate::feed::Known;

const PAUSE: Duration = Duration::from_millis(500);

/// Wakes who looks at the log for what the relay publishes. Runs for ever.
pub(crate) async fn follow(nats: Nats, known: watch::Receiver<Known>, wake: Arc<Notify>) {
    loop {
        if let Err(error) = listen(&nats, &known, &wake).await {
            tracing::info!(%error, "the relay is not heard, the log is polled meanwhile; listening again");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn listen(
    nats: &Nats,
    known: &watch::Receiver<Known>,
    wake: &Notify,
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
