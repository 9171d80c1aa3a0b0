//! Events and deltas across processes. NATS may lose, repeat, reorder or forge messages: log messages only trigger a
//! read from the database, and all others are sealed.
//!
//! Reading order: [`message`] (an event on the wire), [`relay`] (one process publishes the log), [`wake`] (wakes every
//! process), [`seal`], [`deltas`] (running answers), [`typing`].

pub mod deltas;
pub mod message;
pub mod relay;
mod seal;
mod typing;
mod wake;

use std::time::Duration;

use async_nats::jetstream::{self, stream};
use uuid::Uuid;

use self::seal::MessageSealer;
use crate::keys::{KeyError, Keys};
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
