//! Events and deltas across processes. NATS may lose, repeat, reorder or forge: of the log it only says that it goes on,
//! and what stands in no log is sealed.
//!
//! Reading order: [`message`] (an event on the wire), [`relay`] (one process publishes the log), [`hear`] (every process
//! is woken by it), [`seal`], [`deltas`] (what running answers say), [`typing`].

pub mod deltas;
mod hear;
pub mod message;
pub mod relay;
mod seal;
mod typing;

use std::time::Duration;

use async_nats::jetstream::{self, stream};
use uuid::Uuid;

use self::seal::Seal;
use crate::keys::{KeyError, Keys};
pub(crate) use hear::follow;

/// The stream that holds the last stretch of the log.
const STREAM: &str = "convosphere_events";
const SUBJECTS: &str = "convosphere.events.>";
/// How much of the log NATS keeps: consumers that are further behind read the log itself.
const MAX_BYTES: i64 = 256 * 1024 * 1024;
const MAX_AGE: Duration = Duration::from_hours(24);
const DEDUPLICATION: Duration = Duration::from_mins(2);

/// Why something did not reach NATS; tried again by whoever needs it.
#[derive(Debug, thiserror::Error)]
#[error("NATS: {0}")]
pub struct NatsError(String);

impl From<KeyError> for NatsError {
    fn from(error: KeyError) -> Self {
        failed(error)
    }
}

/// Makes an error of the client ours.
fn failed(error: impl std::fmt::Display) -> NatsError {
    NatsError(error.to_string())
}

/// A connection that comes back by itself.
#[derive(Debug, Clone)]
pub struct Nats {
    client: async_nats::Client,
    jetstream: jetstream::Context,
    log_id: Uuid,
    seal: Seal,
}

impl Nats {
    /// Connects in the background, and again whenever the connection is lost: nothing waits for NATS.
    pub async fn connect(url: &str, keys: &Keys) -> Result<Self, NatsError> {
        let seal = Seal::new(keys.bus_key().await?);
        let client = async_nats::ConnectOptions::new()
            .name("convosphere")
            .retry_on_initial_connect()
            .connect(url)
            .await
            .map_err(failed)?;
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
            .map_err(failed)
    }
}
