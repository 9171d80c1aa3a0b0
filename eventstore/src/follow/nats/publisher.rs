//! Publishes the log as a stream of NATS, each event once and in order.

use sqlx::PgConnection;

use super::{Nats, NatsError, message, nats_error};
use crate::log::{self, Log, RecordedEvent};

/// Bytes reserved for headers.
const HEADERS: usize = 2_048;

/// Why events were not published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error(transparent)]
    Nats(#[from] NatsError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Publishes events after the last one of the stream. The stream's sequence fences off all but one publisher.
#[derive(Debug)]
pub struct LogPublisher<'a> {
    nats: &'a Nats,
    /// The last sequence of the stream.
    sequence: u64,
    position: i64,
}

impl<'a> LogPublisher<'a> {
    /// Continues where the stream ends, if that is in the log.
    pub async fn resume(
        nats: &'a Nats,
        log: &Log,
        connection: &mut PgConnection,
    ) -> Result<Self, PublishError> {
        let at = |sequence, position| Self {
            nats,
            sequence,
            position,
        };
        let stream = nats.stream().await?;
        let state = stream.get_info().await.map_err(nats_error)?.state;
        let (head, _) = log.head(&mut *connection).await?;
        if state.messages == 0 {
            // New or lost stream: consumers read earlier events from the database.
            return Ok(at(state.last_sequence, head));
        }
        let raw = stream
            .get_raw_message(state.last_sequence)
            .await
            .map_err(nats_error)?;
        let Some(published) = message::event(log.id, Some(&raw.headers), &raw.payload) else {
            tracing::warn!(
                subject = %raw.subject,
                "another publisher uses the stream of this log; give each installation its own NATS account"
            );
            return Ok(at(state.last_sequence, head));
        };
        let stored = log::hash_at(&mut *connection, published.position).await?;
        if stored.as_ref() == Some(&published.hash) {
            return Ok(at(state.last_sequence, published.position));
        }
        // The log was restored, or another publisher wrote this: events that are not in the log must go.
        tracing::warn!(
            position = published.position,
            "NATS has events that are not in the log; purging the stream"
        );
        stream.purge().await.map_err(nats_error)?;
        let state = stream.get_info().await.map_err(nats_error)?.state;
        Ok(at(state.last_sequence, head))
    }

    /// The position of the last event that was published.
    pub fn position(&self) -> i64 {
        self.position
    }

    /// Publishes the next events in order and awaits all acknowledgements.
    pub async fn publish(&mut self, rows: &[RecordedEvent]) -> Result<(), NatsError> {
        let largest = self.nats.client.server_info().max_payload;
        let mut acknowledgements = Vec::with_capacity(rows.len());
        for row in rows {
            let body = row.to_line().to_string();
            // Too large for this server: consumers read it from the database.
            if body.len() + HEADERS > largest {
                continue;
            }
            let headers = message::headers(self.nats.log_id, row, self.sequence);
            let publishing = self.nats.jetstream.publish_with_headers(
                message::subject(row),
                headers,
                body.into(),
            );
            acknowledgements.push(publishing.await.map_err(nats_error)?);
            self.sequence += 1;
        }
        for acknowledgement in acknowledgements {
            acknowledgement.await.map_err(nats_error)?;
        }
        self.position = rows.last().map_or(self.position, |row| row.position);
        Ok(())
    }
}
