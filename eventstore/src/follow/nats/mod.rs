//! NATS between processes. NATS may lose, repeat, reorder or forge messages: events only trigger a read from the
//! database, and all other messages are sealed.
//!
//! Reading order: [`message`] (an event on the wire), [`publisher`] (publishes the log), [`wake`] (wakes every process),
//! [`seal`] (all other messages).

mod message;
mod publisher;
mod seal;
mod wake;

use std::time::Duration;

use async_nats::jetstream::{self, stream};
use futures_util::{Stream, StreamExt};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use self::seal::MessageSealer;
use crate::seal::keys::{KeyError, Keys};
pub use publisher::{LogPublisher, PublishError};
pub(crate) use wake::follow;

/// The stream with the most recent events of the log.
const STREAM: &str = "convosphere_events";
const SUBJECTS: &str = "convosphere.events.>";
/// How much of the log NATS keeps; slower consumers read the database.
const MAX_BYTES: i64 = 256 * 1024 * 1024;
const MAX_AGE: Duration = Duration::from_hours(24);
const DEDUPLICATION: Duration = Duration::from_mins(2);

/// Why a NATS operation failed; callers retry.
#[derive(Debug, thiserror::Error)]
#[error("NATS: {0}")]
pub struct NatsError(String);

impl From<KeyError> for NatsError {
    fn from(error: KeyError) -> Self {
        nats_error(error)
    }
}

/// Converts an error of the client.
fn nats_error(error: impl std::fmt::Display) -> NatsError {
    NatsError(error.to_string())
}

/// A connection that reconnects automatically.
#[derive(Debug, Clone)]
pub struct Nats {
    client: async_nats::Client,
    jetstream: jetstream::Context,
    log_id: Uuid,
    seal: MessageSealer,
}

impl Nats {
    /// Connects and reconnects in the background: nothing waits for NATS.
    pub async fn connect(url: &str, keys: &Keys) -> Result<Self, NatsError> {
        let seal = MessageSealer::new(keys.bus_key().await?);
        let client = async_nats::ConnectOptions::new()
            .name("convosphere")
            .retry_on_initial_connect()
            .connect(url)
            .await
            .map_err(nats_error)?;
        Ok(Self {
            jetstream: jetstream::new(client.clone()),
            client,
            log_id: keys.log_id(),
            seal,
        })
    }

    /// Publishes a sealed message that is not an event.
    pub async fn publish(
        &self,
        subject: String,
        message: &impl Serialize,
    ) -> Result<(), NatsError> {
        let body = self.seal.seal(&subject, message);
        let body = body.ok_or_else(|| nats_error("cannot seal a message"))?;
        let published = self.client.publish(subject, body.into()).await;
        published.map_err(nats_error)
    }

    /// The messages that this installation has sealed for a subject, each with its own subject.
    pub async fn subscribe<T: DeserializeOwned>(
        &self,
        subject: String,
    ) -> Result<impl Stream<Item = (String, T)> + Unpin + use<T>, NatsError> {
        let messages = self.client.subscribe(subject).await.map_err(nats_error)?;
        let seal = self.seal.clone();
        Ok(messages.filter_map(move |message| {
            let opened = seal.open(&message.subject, &message.payload);
            std::future::ready(opened.map(|opened| (message.subject.to_string(), opened)))
        }))
    }

    async fn stream(&self) -> Result<stream::Stream, NatsError> {
        let config = stream::Config {
            name: STREAM.to_owned(),
            subjects: vec![SUBJECTS.to_owned()],
            max_bytes: MAX_BYTES,
            max_age: MAX_AGE,
            duplicate_window: DEDUPLICATION,
            discard: stream::DiscardPolicy::Old,
            ..stream::Config::default()
        };
        self.jetstream
            .get_or_create_stream(config)
            .await
            .map_err(nats_error)
    }
}
